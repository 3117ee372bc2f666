"""Superpixels, the choice of faces, and LIME: held against the package lime, and known truths."""

import tracemalloc
from itertools import combinations
from typing import get_args

import numpy as np
import pandas as pd
import pytest
import torch
from captum._utils.models.linear_model import SkLearnRidge
from captum.attr import LimeBase as CaptumLime
from hypothesis import given, settings
from hypothesis import strategies as st
from lime.lime_base import LimeBase
from scipy.stats import binom, chisquare
from skimage.segmentation import slic
from sklearn.linear_model import Ridge
from sklearn.metrics import pairwise_distances
from torch import nn

from facsimile import EXPRESSIONS, plugins
from facsimile.errors import UserError
from facsimile.explain.methods.lime import ROUND, Lime
from facsimile.explain.predictor import Predictor
from facsimile.explain.segmentation import segment_all
from facsimile.explain.selection import select
from facsimile.explain.superpixels import superpixels_of
from facsimile.explain.superpixels.grid import Grid
from facsimile.explain.superpixels.parts import BETWEEN, PARTS, Parts
from facsimile.explain.superpixels.slic import Slic
from facsimile.explain.surrogate.ridge import Moments, fit, proximity
from facsimile.explain.surrogate.sampling import SAMPLING, draws, half_of
from facsimile.explain.target import Target
from facsimile.explain.throughput import Throughput
from facsimile.faces.alignment import align
from facsimile.faces.images import resize
from facsimile.networks.architectures import ARCHITECTURES
from facsimile.networks.network import build

SIZE = 32
NOWHERE = np.zeros((68, 2))
"""Landmarks for kinds of superpixels that look at none."""


def cut(face, n_segments=30):
    return Slic(n_segments=n_segments).cut(face, NOWHERE)


@pytest.fixture(scope="module")
def aligned(drawn_face):
    return align(drawn_face.image, drawn_face.landmarks)


@pytest.fixture(scope="module")
def face(aligned):
    return aligned.pixels


@pytest.fixture(scope="module")
def small(face):
    return resize(face[None], SIZE)[0]


@pytest.fixture(scope="module")
def superpixels(small):
    return cut(small)


@pytest.fixture(scope="module")
def weinet():
    return Predictor(build("weinet", SIZE, seed=1), Throughput(16))


def draw(superpixels, samples, sampling, generator):
    """Return all samples of a face at once."""
    return draws(superpixels, samples, sampling, np.random.default_rng(generator))(
        np.arange(samples)
    )


def aimed(predictor, face, superpixels, seed=0, target=0, baseline=None):
    """Return the target that a job would make of a face."""
    generator = np.random.default_rng(seed)
    return Target(predictor, face, superpixels, target, generator, baseline)


# What is hidden


def test_hidden_superpixels_show_the_baseline(weinet, small, superpixels):
    masks = np.random.default_rng(0).random((5, superpixels.max() + 1)) < 0.5
    black = aimed(weinet, small, superpixels).predict_masked(masks)
    for baseline in (np.zeros_like(small), small[:, ::-1].copy()):
        composed = [np.where(row[superpixels], small, baseline) for row in masks]
        whole = np.ones((1, superpixels.max() + 1), bool)
        expected = [aimed(weinet, face, superpixels).predict_masked(whole)[0] for face in composed]
        found = aimed(weinet, small, superpixels, baseline=baseline).predict_masked(masks)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
        assert np.allclose(found, black) == (not baseline.any())


# Superpixels


@pytest.mark.parametrize("size", [32, 64, 224])
def test_superpixels_are_counted_from_zero_without_gaps(face, size):
    labels = cut(resize(face[None], size)[0])
    assert labels.shape == (size, size)
    assert labels.dtype == np.uint16
    assert np.unique(labels).tolist() == list(range(labels.max() + 1))
    assert 12 <= labels.max() + 1 <= 40


def test_more_superpixels_than_a_byte_counts_are_as_many_as_slic_finds(face, aligned):
    kind = Slic(n_segments=255)
    (labels,) = segment_all(face[None], aligned.landmarks[None], 150, kind)
    colour = np.repeat(resize(face[None], 150)[0][:, :, None], 3, axis=2)
    found = slic(colour, n_segments=255, compactness=20, start_label=0)
    assert labels.dtype == np.uint16
    assert labels.max() + 1 == len(np.unique(found)) > 256
    assert (labels == found).all()


def test_all_of_many_superpixels_are_explained(face):
    small = resize(face[None], 64)[0]
    labels = Grid(n_segments=400).cut(small, NOWHERE)
    target = aimed(Predictor(build("weinet", 64, seed=1), Throughput(16)), small, labels)
    assert target.n_superpixels == 400
    only = np.zeros((1, 400), bool)
    only[0, 399] = True
    corner = np.where(labels == 399, small, 0).astype(np.uint8)
    whole = aimed(target.predictor, corner, labels).predict_masked(np.ones((1, 400), bool))
    np.testing.assert_allclose(target.predict_masked(only), whole, rtol=1e-5)


@pytest.mark.parametrize("kind", plugins.names("facsimile.explain.superpixels"))
def test_superpixels_of_a_face_do_not_depend_on_the_others(kind, face, aligned):
    faces = np.stack([face, face[:, ::-1], 255 - face])
    landmarks = np.stack([aligned.landmarks] * 3)
    way = superpixels_of({"kind": kind})
    one, two = (segment_all(faces, landmarks, SIZE, way, processes=count) for count in (1, 2))
    assert (one == two).all() and one.dtype == np.uint16
    assert (one[1] == segment_all(faces[1:2], landmarks[1:2], SIZE, way)[0]).all()
    assert np.unique(one[0]).tolist() == list(range(one[0].max() + 1))
    assert way.words()


def test_a_face_without_any_contrast_has_superpixels():
    assert cut(np.zeros((SIZE, SIZE), np.uint8)).max() > 0


def test_a_grid_is_equal_rectangles():
    labels = Grid(n_segments=30).cut(np.zeros((60, 60), np.uint8), NOWHERE)
    counts = np.bincount(labels.ravel())
    assert len(counts) == 30
    assert (counts == counts[0]).all()
    for label in range(30):
        rows, columns = np.nonzero(labels == label)
        assert np.ptp(rows) + 1 == 12 and np.ptp(columns) + 1 == 10


@pytest.mark.parametrize("size", [48, 224])
def test_parts_of_a_face_lie_where_their_names_say(aligned, size):
    points = (aligned.landmarks + 0.5) * size / 224 - 0.5
    labels = Parts().cut(np.zeros((size, size), np.uint8), points)
    assert np.unique(labels).tolist() == list(range(len(PARTS) + len(BETWEEN) + 1))
    columns, rows = points.round().astype(int).clip(0, size - 1).T
    here = labels[rows, columns]
    mouth, brow, eye = here[62], here[19], here[37]
    assert len({mouth, brow, eye}) == 3
    assert (labels == here[37]).sum() > 0.004 * size**2
    assert labels[-1, 0] == labels[-1, -1] == labels.max()  # background


def test_an_unknown_kind_of_superpixels_is_refused():
    with pytest.raises(UserError, match=r"Unknown kind of superpixels 'slik'.*'slic'"):
        superpixels_of({"kind": "slik"})


# Which faces


@pytest.fixture
def predictions():
    generator = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "id": [f"a/{n}" for n in range(300)],
            "fold": np.arange(300) % 3,
            "expression": generator.choice(EXPRESSIONS, 300),
            "predicted": generator.choice(EXPRESSIONS[:2], 300),
        }
    )


def test_only_faces_predicted_rightly_are_chosen_by_default(predictions):
    chosen = select(predictions, "anger", 99, "correct", 1)
    right = (predictions["predicted"] == "anger") & (predictions["expression"] == "anger")
    assert chosen.equals(predictions[right])


def test_the_authors_rule_takes_all_faces_predicted_so(predictions):
    chosen = select(predictions, "anger", 999, "predicted", 1)
    assert chosen.equals(predictions[predictions["predicted"] == "anger"])


def test_so_many_faces_of_each_fold_are_chosen(predictions):
    chosen = select(predictions, "anger", 4, "predicted", 1)
    assert chosen["fold"].value_counts().to_dict() == {0: 4, 1: 4, 2: 4}
    assert chosen.index.is_monotonic_increasing


def test_networks_that_get_the_same_faces_right_are_explained_on_the_same(predictions):
    shuffled = predictions.sample(frac=1, random_state=1)
    first, second = (select(table, "anger", 4, "correct", 1) for table in (predictions, shuffled))
    assert set(first["id"]) == set(second["id"])
    assert set(first["id"]) != set(select(predictions, "anger", 4, "correct", 2)["id"])


def test_no_face_may_be_eligible(predictions):
    assert len(select(predictions, "surprise", 4, "correct", 1)) == 0


def test_an_unknown_rule_is_refused(predictions):
    with pytest.raises(UserError, match=r"Unknown rule to select faces 'corect'.*'correct'"):
        select(predictions, "anger", 4, "corect", 1)


# LIME, against the package lime


def package_fit(masks, answers, answer, width, ridge):
    """Return coefficients, intercept and share of variance by the package lime."""
    data = masks.astype(float)
    distances = pairwise_distances(data, data[:1], metric="cosine").ravel()
    base = LimeBase(lambda d: np.sqrt(np.exp(-(d**2) / width**2)), random_state=0)
    intercept, pairs, score, _ = base.explain_instance_with_data(
        data,
        answers,
        distances,
        answer,
        num_features=data.shape[1],
        feature_selection="none",
        model_regressor=Ridge(alpha=ridge, fit_intercept=True),
    )
    coefficients = np.zeros(data.shape[1])
    for superpixel, weight in pairs:
        coefficients[superpixel] = weight
    return coefficients, intercept, score


def assert_as_the_package(masks, answers, width, ridge):
    ours = fit(Moments.of(masks, answers, proximity(masks, width)), ridge)
    for answer in range(answers.shape[1]):
        coefficients, intercept, score = package_fit(masks, answers, answer, width, ridge)
        assert ours.coefficients[:, answer] == pytest.approx(coefficients, abs=1e-5)
        assert ours.intercept[answer] == pytest.approx(intercept, abs=1e-5)
        assert ours.r2[answer] == pytest.approx(score, abs=1e-5)


@settings(max_examples=20, deadline=None)
@given(
    superpixels=st.integers(2, 40),
    samples=st.integers(3, 300),
    width=st.sampled_from([0.1, 0.25, 1.0]),
    ridge=st.sampled_from([0.5, 1.0, 10.0]),
    seed=st.integers(0, 99),
)
def test_fits_are_those_of_the_package(superpixels, samples, width, ridge, seed):
    generator = np.random.default_rng(seed)
    masks = draw(superpixels, samples, "independent", generator)
    answers = generator.dirichlet(np.ones(6), samples)
    assert_as_the_package(masks, answers, width, ridge)


@pytest.mark.slow
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_network_is_explained_as_by_the_package(name, face):
    size = max(SIZE, ARCHITECTURES[name].minimum_size)
    small = resize(face[None], size)[0]
    superpixels = cut(small)
    predictor = Predictor(build(name, size, seed=1), Throughput(16))
    masks = draw(superpixels.max() + 1, 60, "independent", np.random.default_rng(5))
    answers = aimed(predictor, small, superpixels).predict_masked(masks)
    ours = Lime(samples=60).explain(aimed(predictor, small, superpixels, seed=5))
    for answer in range(6):
        coefficients, intercept, score = package_fit(masks, answers, answer, 0.25, 1.0)
        assert ours.coefficients[:, answer] == pytest.approx(coefficients, abs=1e-5)
        assert ours.intercept[answer] == pytest.approx(intercept, abs=1e-5)
        # Random networks may answer all but the same: what varies is then rounding.
        if np.isfinite(ours.r2[answer]):
            assert ours.r2[answer] == pytest.approx(score, abs=1e-3)


def test_a_network_is_explained_as_by_captum(weinet, small, superpixels):
    target = aimed(weinet, small, superpixels, seed=5)
    masks = draw(target.n_superpixels, 80, "independent", np.random.default_rng(5))
    rows = iter(torch.from_numpy(masks).float()[:, None])
    oracle = CaptumLime(
        weinet.probabilities,
        SkLearnRidge(alpha=1.0),
        lambda _, __, row, **___: torch.from_numpy(proximity(row.numpy().astype(bool), 0.25)),
        lambda *_, **__: next(rows),
        perturb_interpretable_space=True,
        from_interp_rep_transform=lambda row, image, **_: image * row[0, target.labels],
        to_interp_rep_transform=None,
    )
    with torch.inference_mode():
        found = oracle.attribute(target.pixels, target=2, n_samples=80)
    ours = Lime(samples=80).explain(target)
    assert ours.coefficients[:, 2] == pytest.approx(found.flatten().numpy(), abs=1e-5)


def test_weights_of_samples_are_those_of_the_package():
    masks = np.random.default_rng(0).random((200, 25)) < 0.5
    masks[0], masks[1] = True, False
    distance = pairwise_distances(masks.astype(float), masks[:1].astype(float), metric="cosine")
    expected = np.sqrt(np.exp(-(distance.ravel() ** 2) / 0.25**2))
    assert proximity(masks, 0.25) == pytest.approx(expected, abs=1e-12)


def test_an_answer_that_never_changes_has_no_share_of_variance():
    masks = np.random.default_rng(0).random((50, 10)) < 0.5
    surrogate = fit(Moments.of(masks, np.full((50, 6), 1 / 6), proximity(masks, 0.25)), 1.0)
    assert np.isnan(surrogate.r2).all()
    assert np.abs(surrogate.coefficients).max() < 1e-12
    assert surrogate.intercept == pytest.approx(1 / 6)


# Sums instead of samples


def random_parts(seed, samples=90, superpixels=12):
    generator = np.random.default_rng(seed)
    masks = generator.random((samples, superpixels)) < 0.5
    return masks, generator.dirichlet(np.ones(6), samples), proximity(masks, 0.25)


@pytest.mark.parametrize("cuts", [[1], [30, 60], [13, 14, 80]])
def test_moments_of_parts_add_up(cuts):
    whole = random_parts(3)
    parts = zip(*(np.split(array, cuts) for array in whole), strict=True)
    total = Moments.zero(12)
    for part in parts:
        total += Moments.of(*part)
    for name, value in vars(Moments.of(*whole)).items():
        assert getattr(total, name) == pytest.approx(value, rel=1e-12)


def test_standard_errors_are_the_spread_over_draws():
    truth = np.random.default_rng(0).normal(size=(12, 6))
    found, stated = [], []
    for seed in range(400):
        masks, _, weights = random_parts(seed, samples=300)
        noise = np.random.default_rng(seed + 1000).normal(scale=0.5, size=(300, 6))
        one = fit(Moments.of(masks, masks @ truth + noise, weights), 1e-9)
        found.append(one.coefficients)
        stated.append(one.standard_error)
    ratio = np.mean(stated, axis=0) / np.std(found, axis=0)
    assert np.median(ratio) == pytest.approx(1, abs=0.03)
    assert np.abs(ratio - 1).max() < 0.2


# Draws


@pytest.mark.parametrize("sampling", SAMPLING)
def test_draws_do_not_depend_on_how_many_are_asked_for_at_a_time(sampling):
    parts = [np.arange(0, 100), np.arange(100, 102), np.arange(102, 251)]
    one = draws(7, 251, sampling, np.random.default_rng(4))
    assert (np.vstack([one(part) for part in parts]) == draw(7, 251, sampling, 4)).all()


@pytest.mark.parametrize("sampling", SAMPLING)
def test_samples_keep_half_of_the_superpixels_and_the_first_all(sampling):
    masks = draw(30, 1000, sampling, np.random.default_rng(0))
    assert masks[0].all()
    assert masks.shape == (1000, 30)
    assert masks.dtype == bool
    assert np.abs(masks[1:].mean(axis=0) - 0.5).max() < 0.08
    assert (draw(30, 1000, sampling, np.random.default_rng(0)) == masks).all()
    assert draw(2, 5, sampling, np.random.default_rng(0)).shape == (5, 2)


@pytest.mark.parametrize("sampling", SAMPLING)
def test_each_sample_is_in_itself_a_draw_like_any_other(sampling):
    """Every design is unbiased: at each place all masks are equally likely."""
    count, samples, rounds = 5, 13, 1500
    rng = np.random.default_rng(12)
    masks = np.array([draw(count, samples, sampling, rng) for _ in range(rounds)])
    numbers = masks @ (1 << np.arange(count))
    for place in (1, 2, 7, 12):
        seen = np.bincount(numbers[:, place], minlength=1 << count)
        assert chisquare(seen).pvalue > 1e-3


@pytest.mark.parametrize("sampling", SAMPLING)
def test_every_design_has_the_sums_of_independent_draws_on_average(sampling):
    """So the surrogate has the same limit: its sums are those over all masks, and the first."""
    rng, count, samples = np.random.default_rng(3), 6, 40
    answer = rng.random(1 << count)
    every = (np.arange(1 << count)[:, None] >> np.arange(count) & 1).astype(bool)
    place = 1 << np.arange(count)

    def sums(masks):
        return Moments.of(masks, answer[masks @ place][:, None], proximity(masks, 0.25))

    # A blank mask has no cosine to the face: its weight is that of distance one.
    mean, first = sums(every), sums(every[-1:])
    rounds = [sums(draw(count, samples, sampling, rng)) for _ in range(600)]
    for name in ("gram", "cross"):
        found = np.mean([getattr(one, name) for one in rounds], axis=0)
        spread = np.std([getattr(one, name) for one in rounds], axis=0) / np.sqrt(len(rounds))
        expected = getattr(first, name) + (samples - 1) / len(every) * getattr(mean, name)
        assert (np.abs(found - expected) < 5 * spread + 1e-9).all()


def test_a_sampling_that_is_not_there_is_refused(weinet, small, superpixels):
    sentence = r"Unknown sampling 'pared'. Did you mean 'paired'\? Allowed: independent, orthogonal"
    with pytest.raises(UserError, match=sentence):
        draw(7, 4, "pared", np.random.default_rng(0))
    with pytest.raises(UserError, match=sentence):
        Lime(sampling="pared").explain(aimed(weinet, small, superpixels))


def test_lime_offers_the_samplings_that_there_are():
    assert get_args(Lime.__annotations__["sampling"]) == SAMPLING


@pytest.mark.parametrize("sampling", ["paired", "orthogonal"])
def test_paired_draws_are_complements_and_stay_in_one_half(sampling):
    numbers = np.arange(101)
    masks = draw(9, 101, sampling, np.random.default_rng(1))
    assert (masks[2:100:2] == ~masks[3:100:2]).all()
    halves = half_of(numbers)
    assert (halves[2:100:2] == halves[3:100:2]).all()
    assert abs((halves == 0).sum() - (halves == 1).sum()) <= 3


def test_any_three_superpixels_of_an_orthogonal_array_are_shown_together_equally_often():
    count = 11
    masks = draw(count, 2 * 32 + 1, "orthogonal", np.random.default_rng(1))[32:64]
    for three in combinations(range(count), 3):
        numbers = masks[:, three] @ (1, 2, 4)
        assert np.bincount(numbers, minlength=8).tolist() == [4] * 8


@pytest.mark.parametrize("sampling", ["stratified", "sobol"])
def test_numbers_shown_are_spread_as_the_binomial_distribution_has_them(sampling):
    masks = draw(24, 1024, sampling, np.random.default_rng(1))
    expected = 1024 * binom.pmf(np.arange(25), 24, 0.5)
    found = np.bincount(masks[1:].sum(axis=1), minlength=25)
    assert np.abs(found - expected).max() < 3


class Linear(nn.Module):
    """Logits that are linear in the pixels: its surrogates are all but exact."""

    def __init__(self, size, seed):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        weights = torch.randn((size * size, 6), generator=generator) / size
        self.weights = nn.Parameter(weights)

    def forward(self, pixels):
        return 3 * pixels.flatten(1) @ self.weights


def test_paired_draws_find_the_same_with_less_noise(small, superpixels):
    predictor = Predictor(Linear(SIZE, 0), Throughput(256))

    def errors(sampling, samples):
        truth = Lime(samples=20000).explain(aimed(predictor, small, superpixels, 99))
        one = Lime(samples=samples, sampling=sampling)
        found = [
            one.explain(aimed(predictor, small, superpixels, seed)).coefficients
            for seed in range(20)
        ]
        return np.sqrt(np.mean((np.array(found) - truth.coefficients) ** 2))

    assert errors("paired", 400) < 0.8 * errors("independent", 400)


def test_a_face_stops_when_its_error_is_under_the_tolerance(small, superpixels):
    predictor = Predictor(Linear(SIZE, 0), Throughput(64))

    def run(tolerance):
        target = aimed(predictor, small, superpixels)
        return Lime(samples=5000, tolerance=tolerance).explain(target)

    never, strict, loose = run(0.0), run(1e-9), run(0.01)
    assert never.samples == strict.samples == 5000
    assert never.coefficients == pytest.approx(strict.coefficients, abs=1e-6)
    assert loose.samples < 5000 and loose.samples % ROUND == 0
    assert loose.standard_error[:, 0].max() < 0.01
    assert predictor.passes == 10000 + loose.samples


# LIME, against what is known


class Recorder(nn.Module):
    """Answers with the brightness of one superpixel for one expression; keeps what it saw."""

    def __init__(self, labels, superpixel, answer):
        super().__init__()
        self.where, self.answer, self.seen = torch.from_numpy(labels == superpixel), answer, []

    def forward(self, pixels):
        self.seen.append(pixels.clone())
        logits = torch.zeros(len(pixels), len(EXPRESSIONS))
        logits[:, self.answer] = 4 * pixels[:, 0, self.where].mean(dim=1)
        return logits


@pytest.mark.parametrize(("superpixel", "answer"), [(0, 0), (5, 3), (11, 5)])
def test_the_superpixel_that_decides_gets_the_largest_weight(
    small, superpixels, superpixel, answer
):
    predictor = Predictor(Recorder(superpixels, superpixel, answer), Throughput(16))
    bright = np.maximum(small, 64)
    surrogate = Lime().explain(aimed(predictor, bright, superpixels))
    weights = surrogate.coefficients[:, answer]
    assert weights.argmax() == superpixel
    assert weights[superpixel] > 5 * np.abs(np.delete(weights, superpixel)).max()
    assert (surrogate.coefficients[superpixel, np.arange(6) != answer] < 0).all()
    assert surrogate.r2[answer] > 0.95
    assert surrogate.split_half[answer] > 0.95


def test_hidden_superpixels_are_black_and_the_others_as_they_were(small, superpixels):
    network = Recorder(superpixels, 0, 0)
    masks = draw(superpixels.max() + 1, 21, "independent", np.random.default_rng(0))
    aimed(Predictor(network, Throughput(8)), small, superpixels).predict_masked(masks)
    assert [len(batch) for batch in network.seen] == [7, 7, 7]
    seen = torch.cat(network.seen).numpy()
    assert seen.shape == (21, 1, SIZE, SIZE)
    expected = np.where(masks[:, superpixels], small / np.float32(255), 0)
    assert np.abs(seen[:, 0] - expected).max() < 1e-7
    assert (seen[0, 0] == small.astype(np.float32) / 255).all()


def test_memory_does_not_grow_with_samples(small, superpixels):
    network = Linear(SIZE, 0)
    largest = []
    network.register_forward_pre_hook(lambda _, inputs: largest.append(len(inputs[0])))

    def peak(samples):
        target = aimed(Predictor(network, Throughput(16)), small, superpixels)
        tracemalloc.start()
        Lime(samples=samples).explain(target)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(1000)
    assert peak(8000) < 1.2 * peak(1000)
    assert max(largest) == 16


def test_answers_add_up_so_that_a_contrast_with_their_mean_is_the_same_map(
    weinet, small, superpixels
):
    found = Lime(samples=60).explain(aimed(weinet, small, superpixels))
    assert np.abs(found.coefficients.sum(axis=1)).max() < 1e-6
    assert found.intercept.sum() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("layout", ["channels_last", "contiguous"])
def test_batch_and_layout_do_not_change_the_result(weinet, small, superpixels, layout):
    reference = Lime(samples=60).explain(aimed(weinet, small, superpixels))
    for batch in (1, 7, 60):
        predictor = Predictor(build("weinet", SIZE, seed=1), Throughput(batch, layout))
        other = Lime(samples=60).explain(aimed(predictor, small, superpixels))
        assert np.abs(other.coefficients - reference.coefficients).max() < 1e-6
        assert np.abs(other.intercept - reference.intercept).max() < 1e-6


def test_a_face_of_one_superpixel_is_refused(weinet, small):
    with pytest.raises(UserError, match="single superpixel: raise n_segments of the superpixels"):
        Lime().explain(aimed(weinet, small, np.zeros_like(small)))
