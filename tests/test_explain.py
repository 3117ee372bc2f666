"""Superpixels, the choice of faces, and LIME: held against the package lime, and a known truth."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from lime.lime_base import LimeBase
from sklearn.linear_model import Ridge
from sklearn.metrics import pairwise_distances
from torch import nn

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.explain import lime
from facsimile.explain.explanations import Explanations, explain_faces
from facsimile.explain.selection import select
from facsimile.explain.superpixels import segment, segment_all
from facsimile.faces.alignment import align
from facsimile.faces.images import resize
from facsimile.networks.architectures import build

SIZE = 32


@pytest.fixture(scope="module")
def face(drawn_face):
    return align(drawn_face.image, drawn_face.landmarks).pixels


@pytest.fixture(scope="module")
def small(face):
    return resize(face[None], SIZE)[0]


@pytest.fixture(scope="module")
def pieces(small):
    return segment(small, 30, 20)


@pytest.fixture(scope="module")
def weinet():
    return build("weinet", SIZE, seed=1).eval()


# Superpixels


@pytest.mark.parametrize("size", [32, 64, 224])
def test_superpixels_are_counted_from_zero_without_gaps(face, size):
    labels = segment(resize(face[None], size)[0], 30, 20)
    assert labels.shape == (size, size)
    assert labels.dtype == np.uint8
    assert np.unique(labels).tolist() == list(range(labels.max() + 1))
    assert 12 <= labels.max() + 1 <= 40


def test_superpixels_of_a_face_do_not_depend_on_the_others(face):
    faces = np.stack([face, face[:, ::-1], 255 - face])
    one, two = (segment_all(faces, SIZE, 30, 20, processes) for processes in (1, 2))
    assert (one == two).all()
    assert (one[1] == segment_all(faces[1:2], SIZE, 30, 20)[0]).all()


def test_a_face_without_any_contrast_has_superpixels():
    assert segment(np.zeros((SIZE, SIZE), np.uint8), 30, 20).max() > 0


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
    ours = lime.fit(kept, answers, lime.proximity(kept, width), ridge)
    for answer in range(answers.shape[1]):
        coefficients, intercept, score = package_fit(kept, answers, answer, width, ridge)
        assert ours.coefficients[:, answer] == pytest.approx(coefficients, abs=1e-5)
        assert ours.intercept[answer] == pytest.approx(intercept, abs=1e-5)
        assert ours.r2[answer] == pytest.approx(score, abs=1e-5)


@settings(max_examples=20)
@given(
    superpixels=st.integers(2, 40),
    samples=st.integers(3, 300),
    width=st.sampled_from([0.1, 0.25, 1.0]),
    ridge=st.sampled_from([0.5, 1.0, 10.0]),
    seed=st.integers(0, 99),
)
def test_fits_are_those_of_the_package(superpixels, samples, width, ridge, seed):
    generator = np.random.default_rng(seed)
    kept = lime.draw_samples(superpixels, samples, generator)
    answers = generator.dirichlet(np.ones(6), samples)
    assert_as_the_package(kept, answers, width, ridge)


def test_a_network_is_explained_as_by_the_package(weinet, small, pieces):
    kept = lime.draw_samples(pieces.max() + 1, 200, np.random.default_rng(5))
    answers = lime.respond(weinet, small, pieces, kept, 16, "cpu")
    assert_as_the_package(kept, answers, 0.25, 1.0)
    ours = lime.explain(weinet, small, pieces, lime.Settings(samples=200), np.random.default_rng(5))
    coefficients, intercept, _ = package_fit(kept, answers, 3, 0.25, 1.0)
    assert ours.coefficients[:, 3] == pytest.approx(coefficients, abs=1e-5)
    assert ours.intercept[3] == pytest.approx(intercept, abs=1e-5)


def test_weights_of_samples_are_those_of_the_package():
    kept = lime.draw_samples(25, 200, np.random.default_rng(0))
    kept[1] = False
    distance = pairwise_distances(kept.astype(float), kept[:1].astype(float), metric="cosine")
    expected = np.sqrt(np.exp(-(distance.ravel() ** 2) / 0.25**2))
    assert lime.proximity(kept, 0.25) == pytest.approx(expected, abs=1e-12)


def test_an_answer_that_never_changes_has_no_share_of_variance():
    kept = lime.draw_samples(10, 50, np.random.default_rng(0))
    surrogate = lime.fit(kept, np.full((50, 6), 1 / 6), lime.proximity(kept, 0.25), 1.0)
    assert np.isnan(surrogate.r2).all()
    assert np.abs(surrogate.coefficients).max() < 1e-12
    assert surrogate.intercept == pytest.approx(1 / 6)


def test_samples_keep_half_of_the_superpixels_and_the_first_all():
    kept = lime.draw_samples(30, 1000, np.random.default_rng(0))
    assert kept[0].all()
    assert kept.shape == (1000, 30)
    assert np.abs(kept[1:].mean(axis=0) - 0.5).max() < 0.08


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
    network = Recorder(pieces, superpixel, answer)
    bright = np.maximum(small, 64)
    surrogate = lime.explain(network, bright, pieces, lime.Settings(), np.random.default_rng(0))
    weights = surrogate.coefficients[:, answer]
    assert weights.argmax() == superpixel
    assert weights[superpixel] > 5 * np.abs(np.delete(weights, superpixel)).max()
    assert (surrogate.coefficients[superpixel, np.arange(6) != answer] < 0).all()
    assert surrogate.r2[answer] > 0.95


def test_hidden_superpixels_are_black_and_the_others_as_they_were(small, pieces):
    network = Recorder(pieces, 0, 0)
    kept = lime.draw_samples(pieces.max() + 1, 21, np.random.default_rng(0))
    lime.respond(network, small, pieces, kept, 8, "cpu")
    assert [len(batch) for batch in network.seen] == [8, 8, 5]
    seen = torch.cat(network.seen).numpy()
    assert seen.shape == (21, 1, SIZE, SIZE)
    expected = np.where(kept[:, pieces], small / np.float32(255), 0)
    assert np.abs(seen[:, 0] - expected).max() < 1e-7
    assert (seen[0, 0] == small.astype(np.float32) / 255).all()


def test_the_batch_does_not_change_the_result(weinet, small, pieces):
    results = [
        lime.explain(
            weinet, small, pieces, lime.Settings(samples=60, batch=batch), np.random.default_rng(0)
        )
        for batch in (1, 7, 60)
    ]
    for other in results[1:]:
        assert np.abs(other.coefficients - results[0].coefficients).max() < 1e-6
        assert np.abs(other.intercept - results[0].intercept).max() < 1e-6


def test_a_face_of_one_superpixel_is_refused(weinet, small):
    with pytest.raises(UserError, match="single superpixel: raise superpixels: n_segments"):
        lime.explain(weinet, small, np.zeros_like(small), lime.Settings(), np.random.default_rng(0))


# Many faces


@pytest.fixture(scope="module")
def faces(face):
    faces = np.stack([face, face[:, ::-1], np.roll(face, 30, axis=1), 255 - face])
    return resize(faces, SIZE)


@pytest.fixture(scope="module")
def superpixels(faces):
    counts = (30, 30, 12, 4)
    return np.stack([segment(face, n, 20) for face, n in zip(faces, counts, strict=True)])


@pytest.fixture(scope="module")
def chosen():
    return pd.DataFrame({"id": ["a/0", "b/1", "a/2", "é/3"], "fold": [1, 0, 1, 0]})


QUICK = lime.Settings(samples=40)


def networks(fold):
    return build("weinet", SIZE, seed=fold).eval()


@pytest.fixture(scope="module")
def explanations(chosen, faces, superpixels):
    return explain_faces(chosen, faces, superpixels, networks, QUICK, seed=9)


def test_each_face_is_explained_by_the_network_of_its_fold(
    explanations, chosen, faces, superpixels
):
    assert explanations.id.tolist() == chosen["id"].tolist()
    assert explanations.fold.tolist() == chosen["fold"].tolist()
    assert explanations.superpixels.tolist() == [labels.max() + 1 for labels in superpixels]
    for row, fold in enumerate(chosen["fold"]):
        generator = np.random.default_rng(explanations.seed[row])
        alone = lime.explain(networks(fold), faces[row], superpixels[row], QUICK, generator)
        count = len(alone.coefficients)
        assert explanations.coefficients[row, :count] == pytest.approx(alone.coefficients)
        assert (explanations.coefficients[row, count:] == 0).all()
        assert explanations.intercept[row] == pytest.approx(alone.intercept)


def test_a_face_is_explained_the_same_without_the_others(explanations, chosen, faces, superpixels):
    alone = explain_faces(chosen[2:3], faces[2:3], superpixels[2:3], networks, QUICK, seed=9)
    count = alone.superpixels[0]
    assert (alone.coefficients[0] == explanations.coefficients[2, :count]).all()
    assert alone.seed[0] == explanations.seed[2]


def test_explanations_come_back_from_their_file(explanations, tmp_path):
    path = tmp_path / "anger.npz"
    explanations.save(path)
    again = Explanations.load(path)
    for name, array in vars(explanations).items():
        assert np.array_equal(getattr(again, name), array)
        assert getattr(again, name).dtype == array.dtype


def test_the_same_explanations_are_the_same_bytes(
    explanations, chosen, faces, superpixels, tmp_path
):
    explanations.save(tmp_path / "first.npz")
    explain_faces(chosen, faces, superpixels, networks, QUICK, seed=9).save(tmp_path / "second.npz")
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()


def test_no_face_at_all_is_a_file_without_rows(chosen, faces, superpixels, tmp_path):
    none = explain_faces(chosen[:0], faces[:0], superpixels[:0], networks, QUICK, seed=9)
    none.save(tmp_path / "none.npz")
    again = Explanations.load(tmp_path / "none.npz")
    assert again.id.shape == again.fold.shape == again.seed.shape == (0,)
    assert again.intercept.shape == again.r2.shape == (0, 6)
    assert again.coefficients.shape == (0, 0, 6)


class Broken(nn.Module):
    def forward(self, pixels):
        return torch.full((len(pixels), len(EXPRESSIONS)), torch.nan)


def test_an_answer_that_is_no_number_names_face_and_fold(chosen, faces, superpixels):
    def network_of(fold):
        return Broken() if fold == 1 else networks(fold)

    with pytest.raises(UserError, match=r"Face 'a/0', fold 1: The network's answer is not a num"):
        explain_faces(chosen, faces, superpixels, network_of, QUICK, seed=9)
