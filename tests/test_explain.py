"""Superpixels, the choice of faces, and LIME: held against the package lime, and known truths."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
import torch
from captum._utils.models.linear_model import SkLearnRidge
from captum.attr import LimeBase as CaptumLime
from hypothesis import given, settings
from hypothesis import strategies as st
from lime.lime_base import LimeBase
from sklearn.linear_model import Ridge
from sklearn.metrics import pairwise_distances
from torch import nn

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.explain import superpixels as cutting
from facsimile.explain.attribution import Question
from facsimile.explain.explainers import lime
from facsimile.explain.explainers.surrogate import Moments, fit, proximity
from facsimile.explain.forward import Forward
from facsimile.explain.pace import Pace
from facsimile.explain.selection import select
from facsimile.explain.superpixels import segment, segment_all
from facsimile.faces.alignment import align
from facsimile.faces.images import resize
from facsimile.networks.architectures import ARCHITECTURES, build

SIZE = 32


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
def pieces(small):
    return segment(small, 30, 20)


@pytest.fixture(scope="module")
def weinet():
    return Forward(build("weinet", SIZE, seed=1), Pace(16))


def asked(forward, face, pieces, seed=0, answer=0):
    """Return the question that a job would ask of a face."""
    return Question(forward, face, pieces, answer, np.random.default_rng(seed))


# What is hidden


def test_hidden_superpixels_are_black_or_show_what_is_beneath(weinet, small, pieces):
    kept = np.random.default_rng(0).random((5, pieces.max() + 1)) < 0.5
    black = asked(weinet, small, pieces).answers(kept)
    for beneath in (np.zeros_like(small), small[:, ::-1].copy()):
        question = Question(weinet, small, pieces, 0, np.random.default_rng(0), beneath)
        composed = [np.where(row[pieces], small, beneath) for row in kept]
        whole = np.ones((1, pieces.max() + 1), bool)
        expected = [asked(weinet, face, pieces).answers(whole)[0] for face in composed]
        found = question.answers(kept)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
        assert np.allclose(found, black) == (not beneath.any())


# Superpixels


@pytest.mark.parametrize("size", [32, 64, 224])
def test_superpixels_are_counted_from_zero_without_gaps(face, size):
    labels = segment(resize(face[None], size)[0], 30, 20)
    assert labels.shape == (size, size)
    assert labels.dtype == np.uint8
    assert np.unique(labels).tolist() == list(range(labels.max() + 1))
    assert 12 <= labels.max() + 1 <= 40


def test_superpixels_of_a_face_do_not_depend_on_the_others(face, aligned):
    faces = np.stack([face, face[:, ::-1], 255 - face])
    landmarks = np.stack([aligned.landmarks] * 3)
    for kind in ("slic", "grid", "parts"):
        one, two = (segment_all(faces, landmarks, SIZE, kind, processes=count) for count in (1, 2))
        assert (one == two).all()
        assert (one[1] == segment_all(faces[1:2], landmarks[1:2], SIZE, kind)[0]).all()


def test_a_face_without_any_contrast_has_superpixels():
    assert segment(np.zeros((SIZE, SIZE), np.uint8), 30, 20).max() > 0


def test_a_grid_is_equal_rectangles():
    labels = cutting.grid(60, 30)
    counts = np.bincount(labels.ravel())
    assert len(counts) == 30
    assert (counts == counts[0]).all()
    for label in range(30):
        rows, columns = np.nonzero(labels == label)
        assert np.ptp(rows) + 1 == 12 and np.ptp(columns) + 1 == 10


@pytest.mark.parametrize("size", [48, 224])
def test_parts_of_a_face_lie_where_their_names_say(aligned, size):
    points = (aligned.landmarks + 0.5) * size / 224 - 0.5
    labels = cutting.parts(size, points)
    assert np.unique(labels).tolist() == list(range(len(cutting.PARTS) + len(cutting.BETWEEN) + 1))
    columns, rows = points.round().astype(int).clip(0, size - 1).T
    here = labels[rows, columns]
    mouth, brow, eye = here[62], here[19], here[37]
    assert len({mouth, brow, eye}) == 3
    assert (labels == here[37]).sum() > 0.004 * size**2
    assert labels[-1, 0] == labels[-1, -1] == labels.max()  # background


def test_an_unknown_kind_of_superpixels_is_refused():
    with pytest.raises(UserError, match=r"Unknown kind of superpixels 'slik'.*'slic'"):
        cutting.cut("slik", 30, 20)


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


def package_fit(kept, answers, answer, width, ridge):
    """Return coefficients, intercept and share of variance by the package lime."""
    data = kept.astype(float)
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


def assert_as_the_package(kept, answers, width, ridge):
    ours = fit(Moments.of(kept, answers, proximity(kept, width)), ridge)
    for answer in range(answers.shape[1]):
        coefficients, intercept, score = package_fit(kept, answers, answer, width, ridge)
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
    kept = lime.draw(superpixels, np.arange(samples), "independent", generator)
    answers = generator.dirichlet(np.ones(6), samples)
    assert_as_the_package(kept, answers, width, ridge)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_network_is_explained_as_by_the_package(name, face):
    size = max(SIZE, ARCHITECTURES[name].minimum_size)
    small = resize(face[None], size)[0]
    pieces = segment(small, 30, 20)
    forward = Forward(build(name, size, seed=1), Pace(16))
    given = lime.Settings(samples=60)
    kept = lime.draw(pieces.max() + 1, np.arange(60), "independent", np.random.default_rng(5))
    answers = asked(forward, small, pieces).answers(kept)
    ours = lime.explain(asked(forward, small, pieces, seed=5), given)
    for answer in range(6):
        coefficients, intercept, score = package_fit(kept, answers, answer, 0.25, 1.0)
        assert ours.coefficients[:, answer] == pytest.approx(coefficients, abs=1e-5)
        assert ours.intercept[answer] == pytest.approx(intercept, abs=1e-5)
        # Random networks may answer all but the same: what varies is then rounding.
        if np.isfinite(ours.r2[answer]):
            assert ours.r2[answer] == pytest.approx(score, abs=1e-3)


def test_a_network_is_explained_as_by_captum(weinet, small, pieces):
    question = asked(weinet, small, pieces, seed=5)
    kept = lime.draw(question.pieces, np.arange(80), "independent", np.random.default_rng(5))
    rows = iter(torch.from_numpy(kept).float()[:, None])
    oracle = CaptumLime(
        weinet.probabilities,
        SkLearnRidge(alpha=1.0),
        lambda _, __, row, **___: torch.from_numpy(proximity(row.numpy().astype(bool), 0.25)),
        lambda *_, **__: next(rows),
        perturb_interpretable_space=True,
        from_interp_rep_transform=lambda row, image, **_: image * row[0, question.labels],
        to_interp_rep_transform=None,
    )
    with torch.inference_mode():
        found = oracle.attribute(question.pixels, target=2, n_samples=80)
    ours = lime.explain(question, lime.Settings(samples=80))
    assert ours.coefficients[:, 2] == pytest.approx(found.flatten().numpy(), abs=1e-5)


def test_weights_of_samples_are_those_of_the_package():
    kept = np.random.default_rng(0).random((200, 25)) < 0.5
    kept[0], kept[1] = True, False
    distance = pairwise_distances(kept.astype(float), kept[:1].astype(float), metric="cosine")
    expected = np.sqrt(np.exp(-(distance.ravel() ** 2) / 0.25**2))
    assert proximity(kept, 0.25) == pytest.approx(expected, abs=1e-12)


def test_an_answer_that_never_changes_has_no_share_of_variance():
    kept = np.random.default_rng(0).random((50, 10)) < 0.5
    surrogate = fit(Moments.of(kept, np.full((50, 6), 1 / 6), proximity(kept, 0.25)), 1.0)
    assert np.isnan(surrogate.r2).all()
    assert np.abs(surrogate.coefficients).max() < 1e-12
    assert surrogate.intercept == pytest.approx(1 / 6)


# Sums instead of samples


def random_parts(seed, samples=90, superpixels=12):
    generator = np.random.default_rng(seed)
    kept = generator.random((samples, superpixels)) < 0.5
    return kept, generator.dirichlet(np.ones(6), samples), proximity(kept, 0.25)


@pytest.mark.parametrize("cuts", [[1], [30, 60], [13, 14, 80]])
def test_moments_of_parts_add_up(cuts):
    whole = random_parts(3)
    pieces = [Moments.of(*part) for part in zip(*(np.split(a, cuts) for a in whole), strict=True)]
    total = Moments.zero(12)
    for piece in pieces:
        total += piece
    for name, value in vars(Moments.of(*whole)).items():
        assert getattr(total, name) == pytest.approx(value, rel=1e-12)


def test_standard_errors_are_the_spread_over_draws():
    truth = np.random.default_rng(0).normal(size=(12, 6))
    found, stated = [], []
    for seed in range(400):
        kept, _, weights = random_parts(seed, samples=300)
        noise = np.random.default_rng(seed + 1000).normal(scale=0.5, size=(300, 6))
        one = fit(Moments.of(kept, kept @ truth + noise, weights), 1e-9)
        found.append(one.coefficients)
        stated.append(one.standard_error)
    ratio = np.mean(stated, axis=0) / np.std(found, axis=0)
    assert np.median(ratio) == pytest.approx(1, abs=0.03)
    assert np.abs(ratio - 1).max() < 0.2


# Draws


@pytest.mark.parametrize("draws", lime.DRAWS)
def test_samples_keep_half_of_the_superpixels_and_the_first_all(draws):
    kept = lime.draw(30, np.arange(1000), draws, np.random.default_rng(0))
    assert kept[0].all()
    assert kept.shape == (1000, 30)
    assert np.abs(kept[1:].mean(axis=0) - 0.5).max() < 0.08


@pytest.mark.parametrize("draws", lime.DRAWS)
def test_draws_do_not_depend_on_how_many_are_asked_for_at_a_time(draws):
    generator = np.random.default_rng(4)
    parts = [np.arange(0, 100), np.arange(100, 102), np.arange(102, 251)]
    pieces = [lime.draw(7, part, draws, generator) for part in parts]
    whole = lime.draw(7, np.arange(251), draws, np.random.default_rng(4))
    assert (np.vstack(pieces) == whole).all()


def test_paired_draws_are_complements_and_stay_in_one_half():
    numbers = np.arange(101)
    kept = lime.draw(9, numbers, "paired", np.random.default_rng(1))
    assert (kept[2:100:2] == ~kept[3:100:2]).all()
    halves = lime.half_of(numbers)
    assert (halves[2:100:2] == halves[3:100:2]).all()
    assert abs((halves == 0).sum() - (halves == 1).sum()) <= 3


class Linear(nn.Module):
    """Logits that are linear in the pixels: its surrogates are all but exact."""

    def __init__(self, size, seed):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        weights = torch.randn((size * size, 6), generator=generator) / size
        self.weights = nn.Parameter(weights)

    def forward(self, pixels):
        return 3 * pixels.flatten(1) @ self.weights


def test_paired_draws_find_the_same_with_less_noise(small, pieces):
    forward = Forward(Linear(SIZE, 0), Pace(256))

    def errors(draws, samples):
        truth = lime.explain(asked(forward, small, pieces, 99), lime.Settings(samples=20000))
        found = [
            lime.explain(
                asked(forward, small, pieces, seed), lime.Settings(samples=samples, draws=draws)
            ).coefficients
            for seed in range(20)
        ]
        return np.sqrt(np.mean((np.array(found) - truth.coefficients) ** 2))

    assert errors("paired", 400) < 0.8 * errors("independent", 400)


def test_a_face_stops_when_its_error_is_under_the_tolerance(small, pieces):
    forward = Forward(Linear(SIZE, 0), Pace(64))

    def run(tolerance):
        return lime.explain(
            asked(forward, small, pieces), lime.Settings(samples=5000, tolerance=tolerance)
        )

    never, strict, loose = run(0.0), run(1e-9), run(0.01)
    assert never.samples == strict.samples == 5000
    assert never.coefficients == pytest.approx(strict.coefficients, abs=1e-6)
    assert loose.samples < 5000 and loose.samples % lime.ROUND == 0
    assert loose.standard_error[:, 0].max() < 0.01
    assert forward.passes == 10000 + loose.samples


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
def test_the_superpixel_that_decides_gets_the_largest_weight(small, pieces, superpixel, answer):
    forward = Forward(Recorder(pieces, superpixel, answer), Pace(16))
    bright = np.maximum(small, 64)
    surrogate = lime.explain(asked(forward, bright, pieces), lime.Settings())
    weights = surrogate.coefficients[:, answer]
    assert weights.argmax() == superpixel
    assert weights[superpixel] > 5 * np.abs(np.delete(weights, superpixel)).max()
    assert (surrogate.coefficients[superpixel, np.arange(6) != answer] < 0).all()
    assert surrogate.r2[answer] > 0.95
    assert surrogate.split_half[answer] > 0.95


def test_hidden_superpixels_are_black_and_the_others_as_they_were(small, pieces):
    network = Recorder(pieces, 0, 0)
    kept = lime.draw(pieces.max() + 1, np.arange(21), "independent", np.random.default_rng(0))
    asked(Forward(network, Pace(8)), small, pieces).answers(kept)
    assert [len(batch) for batch in network.seen] == [7, 7, 7]
    seen = torch.cat(network.seen).numpy()
    assert seen.shape == (21, 1, SIZE, SIZE)
    expected = np.where(kept[:, pieces], small / np.float32(255), 0)
    assert np.abs(seen[:, 0] - expected).max() < 1e-7
    assert (seen[0, 0] == small.astype(np.float32) / 255).all()


def test_memory_does_not_grow_with_samples(small, pieces):
    network = Linear(SIZE, 0)
    largest = []
    network.register_forward_pre_hook(lambda _, inputs: largest.append(len(inputs[0])))

    def peak(samples):
        question = asked(Forward(network, Pace(16)), small, pieces)
        tracemalloc.start()
        lime.explain(question, lime.Settings(samples=samples))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(1000)
    assert peak(8000) < 1.2 * peak(1000)
    assert max(largest) == 16


def test_answers_add_up_so_that_a_contrast_with_their_mean_is_the_same_map(weinet, small, pieces):
    found = lime.explain(asked(weinet, small, pieces), lime.Settings(samples=60))
    assert np.abs(found.coefficients.sum(axis=1)).max() < 1e-6
    assert found.intercept.sum() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("layout", ["channels_last", "contiguous"])
def test_batch_and_layout_do_not_change_the_result(weinet, small, pieces, layout):
    reference = lime.explain(asked(weinet, small, pieces), lime.Settings(samples=60))
    for batch in (1, 7, 60):
        forward = Forward(build("weinet", SIZE, seed=1), Pace(batch, layout))
        other = lime.explain(asked(forward, small, pieces), lime.Settings(samples=60))
        assert np.abs(other.coefficients - reference.coefficients).max() < 1e-6
        assert np.abs(other.intercept - reference.intercept).max() < 1e-6


def test_a_face_of_one_superpixel_is_refused(weinet, small):
    with pytest.raises(UserError, match="single superpixel: raise superpixels: n_segments"):
        lime.explain(asked(weinet, small, np.zeros_like(small)), lime.Settings())
