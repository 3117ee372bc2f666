"""The job that explains many faces: seeds, files, warnings, and what may go wrong on the way."""

import logging

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.explain import pace, trust
from facsimile.explain.attribution import Question
from facsimile.explain.explainers import EXPLAINERS, explainer_named, lime
from facsimile.explain.explanations import Explanations, Job, explain_faces
from facsimile.explain.forward import Forward
from facsimile.explain.pace import Pace
from facsimile.explain.superpixels import segment
from facsimile.faces.alignment import align
from facsimile.faces.images import resize
from facsimile.networks.architectures import build

SIZE = 32
QUICK = lime.Settings(samples=40)


@pytest.fixture(scope="module")
def faces(drawn_face):
    face = align(drawn_face.image, drawn_face.landmarks).pixels
    faces = np.stack([face, face[:, ::-1], np.roll(face, 30, axis=1), 255 - face])
    return resize(faces, SIZE)


@pytest.fixture(scope="module")
def superpixels(faces):
    counts = (30, 30, 12, 4)
    return np.stack([segment(face, n, 20) for face, n in zip(faces, counts, strict=True)])


@pytest.fixture(scope="module")
def chosen():
    return pd.DataFrame({"id": ["a/0", "b/1", "a/2", "é/3"], "fold": [1, 0, 1, 0]})


def weinet(fold):
    return Forward(build("weinet", SIZE, seed=fold), Pace(16))


@pytest.fixture(scope="module")
def job(faces, superpixels):
    """Make a job on the faces; keys change its parts."""

    ids = ["a/0", "b/1", "a/2", "é/3"]

    def make(**changes):
        parts = {
            "network": "weinet",
            "expression": "anger",
            "explainer": "lime",
            "settings": QUICK,
            "forward_of": weinet,
            "face_of": lambda face: (faces[ids.index(face)], superpixels[ids.index(face)]),
            "seed": 9,
        }
        return Job(**parts | changes)

    return make


@pytest.fixture(scope="module")
def explanations(job, chosen):
    return explain_faces(job(), chosen)


def test_grey_is_the_mean_of_the_face_whatever_its_size(job, chosen, faces, superpixels):
    grey = explain_faces(job(hidden_by="grey"), chosen)

    def with_grey(face):
        pixels, labels = job().face_of(face)
        return pixels, labels, np.full_like(pixels, np.round(pixels.mean()))

    beneath = explain_faces(job(face_of=with_grey), chosen)
    black = explain_faces(job(), chosen)
    assert np.array_equal(grey.coefficients, beneath.coefficients)
    assert not np.allclose(grey.coefficients, black.coefficients)


def test_each_face_is_explained_by_the_network_of_its_fold(
    explanations, chosen, faces, superpixels
):
    assert explanations.id.tolist() == chosen["id"].tolist()
    assert explanations.fold.tolist() == chosen["fold"].tolist()
    assert explanations.superpixels.tolist() == [labels.max() + 1 for labels in superpixels]
    for row, fold in enumerate(chosen["fold"]):
        generator = np.random.default_rng(explanations.seed[row])
        question = Question(weinet(fold), faces[row], superpixels[row], 0, generator)
        alone = lime.explain(question, QUICK)
        count = len(alone.coefficients)
        assert explanations.coefficients[row, :count] == pytest.approx(alone.coefficients)
        assert (explanations.coefficients[row, count:] == 0).all()
        assert explanations.intercept[row] == pytest.approx(alone.intercept)


def test_a_face_is_explained_the_same_without_the_others(explanations, job, chosen):
    alone = explain_faces(job(), chosen[2:3])
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


def test_the_same_explanations_are_the_same_bytes(explanations, job, chosen, tmp_path):
    explanations.save(tmp_path / "first.npz")
    explain_faces(job(), chosen).save(tmp_path / "second.npz")
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()


def test_no_face_at_all_is_a_file_without_rows(job, chosen, tmp_path):
    explain_faces(job(), chosen[:0]).save(tmp_path / "none.npz")
    again = Explanations.load(tmp_path / "none.npz")
    assert again.id.shape == again.fold.shape == again.seed.shape == again.samples.shape == (0,)
    assert again.intercept.shape == again.r2.shape == (0, 6)
    assert again.coefficients.shape == (0, 0, 6)
    assert list(again.maps(0, np.empty((0, SIZE, SIZE), np.uint8))) == []


def test_positive_weights_are_painted_on_their_superpixels(explanations):
    superpixels = np.array([[[0, 0, 1], [2, 2, 1]]], np.uint8)
    weights = np.zeros((1, 3, 6))
    weights[0, :, 2] = (0.5, -1.0, 0.25)
    found = Explanations(**vars(explanations) | {"coefficients": weights})
    (painted,) = found.maps(2, superpixels)
    assert painted.tolist() == [[0.5, 0.5, 0.0], [0.25, 0.25, 0.0]]
    assert painted.dtype == np.float32


def test_a_contrast_is_what_speaks_for_one_answer_more_than_for_any_other(
    explanations, superpixels
):
    plain = list(explanations.maps(2, superpixels))
    contrast = list(explanations.maps(2, superpixels, contrast=True))
    for row, (one, other) in enumerate(zip(plain, contrast, strict=True)):
        weights = explanations.coefficients[row]
        rest = np.delete(weights, 2, axis=1).max(axis=1)
        expected = np.maximum(weights[:, 2] - rest, 0)[superpixels[row]]
        assert other == pytest.approx(expected.astype(np.float32))
        assert (one[other > 0] > 0).all()


# Other explainers


@pytest.mark.parametrize("name", EXPLAINERS)
def test_every_explainer_goes_through_the_same_door(name, job, chosen, superpixels, tmp_path):
    settings = explainer_named(name).Settings
    settings = settings(samples=40) if "samples" in settings.__annotations__ else settings()
    run = [explain_faces(job(explainer=name, settings=settings), chosen) for _ in range(2)]
    for number, found in enumerate(run):
        found.save(tmp_path / f"{number}.npz")
    assert (tmp_path / "0.npz").read_bytes() == (tmp_path / "1.npz").read_bytes()
    maps = list(run[0].maps(0, superpixels))
    assert len(maps) == len(chosen)
    for image in maps:
        assert image.dtype == np.float32 and image.shape[0] == image.shape[1]
        assert np.isfinite(image).all() and (image >= 0).all()
    assert any(np.ptp(image) > 0 for image in maps)


class Spot(nn.Module):
    """Answers anger by the brightness of one quarter of the face: top left."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.AvgPool2d(8)
        self.scale = nn.Parameter(torch.tensor(6.0))

    def forward(self, pixels):
        seen = self.trunk(pixels)[:, 0, :2, :2].mean(dim=(1, 2)) * self.scale
        return nn.functional.pad(seen[:, None], (0, 5))


# Grad-CAM weighs features, and this network has but one; the control finds nothing.
@pytest.mark.parametrize("name", sorted(set(EXPLAINERS) - {"grad_cam", "random"}))
def test_explainers_find_the_quarter_that_decides(name, job, faces):
    bright = np.full_like(faces, 200)
    quarters = np.kron(np.arange(16).reshape(4, 4), np.ones((8, 8))).astype(np.uint8)
    settings = explainer_named(name).Settings()
    one = job(
        explainer=name,
        settings=settings,
        forward_of=lambda fold: Forward(Spot(), Pace(16)),
        face_of=lambda _: (bright[0], quarters),
    )
    found = explain_faces(one, pd.DataFrame({"id": ["a"], "fold": [0]}))
    (image,) = found.maps(0, quarters[None])
    half = len(image) // 2
    assert image[:half, :half].sum() > 0.8 * image.sum() > 0


def test_grad_cam_of_a_pooled_head_is_its_class_activation_map(job, faces):
    network = build("mobilenet_v3", 64, seed=3)
    face = resize(faces[:1], 64)[0]
    one = job(
        explainer="grad_cam",
        settings=explainer_named("grad_cam").Settings(),
        forward_of=lambda fold: Forward(network, Pace(1)),
        face_of=lambda _: (face, face),
    )
    found = explain_faces(one, pd.DataFrame({"id": ["a"], "fold": [0]}))
    with torch.inference_mode():
        pixels = torch.from_numpy(face / np.float32(255))[None, None]
        features = network.trunk((pixels - network.mean) / network.std)[0]
        weights = network.head[-1].weight[0]
        expected = torch.einsum("c,chw->hw", weights, features).relu() / features[0].numel()
    assert found.map[0] == pytest.approx(expected.numpy(), rel=1e-4, abs=1e-9)


def test_kernel_shap_shares_out_what_the_face_adds_to_black(job, faces):
    quarters = np.kron(np.arange(16).reshape(4, 4), np.ones((8, 8))).astype(np.uint8)
    forward = Forward(Spot(), Pace(16))
    one = job(
        explainer="kernel_shap",
        settings=explainer_named("kernel_shap").Settings(samples=3000),
        forward_of=lambda fold: forward,
        face_of=lambda _: (faces[0], quarters),
    )
    found = explain_faces(one, pd.DataFrame({"id": ["a"], "fold": [0]}))
    whole, black = (
        forward.probabilities(forward.pixels(f))[0, 0].item() for f in (faces[0], 0 * faces[0])
    )
    assert found.coefficients[0, :, 0].sum() == pytest.approx(whole - black, abs=1e-3)
    assert np.isnan(found.coefficients[0, :, 1:]).all()


def test_the_control_differs_between_networks_and_the_others_share_their_draws(job, chosen):
    control = {"explainer": "random", "settings": explainer_named("random").Settings()}
    one, two = (explain_faces(job(network=name, **control), chosen) for name in ("a", "b"))
    assert not (one.seed == two.seed).any()
    one, two = (explain_faces(job(network=name), chosen[:1]) for name in ("a", "b"))
    assert (one.seed == two.seed).all()


def test_the_explainer_of_the_docs_works_as_printed(root, faces):
    text = (root / "docs" / "explainers.md").read_text()
    names = {}
    exec(text.partition("```python\n")[2].partition("```")[0], names)
    quarters = np.kron(np.arange(16).reshape(4, 4), np.ones((8, 8))).astype(np.uint8)
    bright = np.full_like(faces[0], 200)
    question = Question(Forward(Spot(), Pace(16)), bright, quarters, 0, np.random.default_rng(0))
    found = names["explain"](question, names["Settings"]())
    assert found.samples == 17 and found.coefficients.shape == (16, 6)
    best = np.argsort(found.coefficients[:, 0])[-4:]
    assert sorted(best) == [0, 1, 4, 5]


# What may go wrong


class Broken(nn.Module):
    def forward(self, pixels):
        return torch.full((len(pixels), len(EXPRESSIONS)), torch.nan)


def test_an_answer_that_is_no_number_names_network_fold_and_face(job, chosen):
    def forward_of(fold):
        return Forward(Broken(), Pace(16)) if fold == 1 else weinet(fold)

    place = "Network 'weinet', fold 1, face 'a/0': The network's answer is not a number"
    with pytest.raises(UserError, match=place):
        explain_faces(job(forward_of=forward_of), chosen)


class Greedy(nn.Module):
    """A network whose device has memory for a few images alone."""

    def __init__(self, most):
        super().__init__()
        self.inner, self.most = build("weinet", SIZE, seed=0), most

    def forward(self, pixels):
        if len(pixels) > self.most:
            raise torch.OutOfMemoryError
        return self.inner(pixels)


def test_out_of_memory_halves_the_batch_and_changes_nothing_else(job, chosen, caplog):
    caplog.set_level(logging.WARNING, "facsimile")
    greedy = Forward(Greedy(5), Pace(16))
    found = explain_faces(job(forward_of=lambda fold: greedy), chosen[:2])
    plain = explain_faces(job(forward_of=lambda fold: weinet(0)), chosen[:2])
    assert greedy.batch == 4
    assert np.abs(found.coefficients - plain.coefficients).max() < 1e-6
    assert "out of memory: going on with batches of 8" in caplog.text


def test_a_device_without_memory_for_one_image_says_so(job, chosen):
    with pytest.raises(UserError, match=r"not the memory for a single image.*input_size"):
        explain_faces(job(forward_of=lambda fold: Forward(Greedy(0), Pace(2))), chosen)


# Pace


def test_the_pace_is_the_fastest_row():
    table = pd.DataFrame(
        {
            "layout": ["channels_last", "channels_last", "contiguous"],
            "batch": [8, 16, 8],
            "images_per_second": [10.0, 30.0, 20.0],
        }
    )
    assert Pace.best(table) == Pace(16, "channels_last")


@pytest.mark.parametrize("precision", pace.DTYPES)
def test_a_sweep_measures_both_layouts(precision, monkeypatch):
    monkeypatch.setitem(pace.BATCHES, "cpu", (2, 8))
    table = pace.sweep(build("weinet", SIZE), SIZE, precision=precision)
    assert set(table["layout"]) == set(pace.LAYOUTS)
    assert table["batch"].isin(pace.BATCHES["cpu"]).all()
    assert (table["images_per_second"] > 0).all()


def test_a_sweep_ends_where_memory_does(monkeypatch):
    monkeypatch.setitem(pace.BATCHES, "cpu", (2, 4, 8))
    table = pace.sweep(Greedy(4), SIZE)
    assert table["batch"].max() == 4


# Trust and the log


def test_trust_has_a_row_a_face(explanations):
    scores = trust.face_scores(explanations, "fear")
    assert scores["id"].tolist() == explanations.id.tolist()
    assert scores["r2"].between(-1, 1).all() and scores["split_half"].between(-1, 1).all()
    assert (scores["samples"] == 40).all()
    assert (scores["effective_samples"] < 40).all()
    assert (scores["standard_error"] > 0).all()
    row = trust.summary(scores)
    assert row["r2_low"] <= row["r2"] <= row["r2_high"]
    assert row["poor_fit"] == (scores["r2"] < trust.POOR_FIT).mean()


def test_poor_fits_are_in_the_log(explanations, caplog):
    worst = vars(explanations) | {"r2": np.array([[0.9] * 6, [0.1] * 6, [0.9] * 6, [np.nan] * 6])}
    caplog.set_level(logging.WARNING, "facsimile")
    trust.warn(Explanations(**worst), "fear")
    assert "of 4 faces, 1 have a surrogate with R² under 0.5; the worst is b/1, 0.10" in caplog.text
    assert "for 1 of 4 faces the answer never changes" in caplog.text


def test_an_explainer_without_surrogate_has_empty_trust(job, chosen, caplog):
    one = job(explainer="grad_cam", settings=explainer_named("grad_cam").Settings())
    found = explain_faces(one, chosen)
    caplog.set_level(logging.WARNING, "facsimile")
    trust.warn(found, "anger")
    assert caplog.text == ""
    row = trust.summary(trust.face_scores(found, "anger"))
    assert np.isnan(row["r2"]) and np.isnan(row["poor_fit"]) and row["samples"] == 1


def test_the_log_ends_with_the_pace(job, chosen, caplog):
    caplog.set_level(logging.INFO, "facsimile")
    explain_faces(job(), chosen)
    assert "4 faces in" in caplog.records[-1].message
    assert "samples a second" in caplog.records[-1].message
    assert "% of the time in the network" in caplog.records[-1].message


def test_progress_says_how_far_and_how_long(job, chosen, caplog, monkeypatch):
    monkeypatch.setattr("facsimile.explain.explanations.REPORT_EVERY", 0.0)
    caplog.set_level(logging.INFO, "facsimile")
    explain_faces(job(), chosen)
    assert "2/4" in caplog.text and "faces" in caplog.text and "<" in caplog.text
