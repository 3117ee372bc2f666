"""The job that explains many faces: seeds, files, warnings, and what may go wrong on the way."""

import logging

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.explain import running, throughput, trust
from facsimile.explain.baselines import load_baseline
from facsimile.explain.explanations import Explanations
from facsimile.explain.methods import method_of
from facsimile.explain.methods.lime import Lime
from facsimile.explain.predictor import Predictor, predictor_loader
from facsimile.explain.running import Face, Job, explain_faces, face_loader
from facsimile.explain.superpixels.slic import Slic
from facsimile.explain.target import Target
from facsimile.explain.throughput import Throughput
from facsimile.faces.alignment import align
from facsimile.faces.images import resize
from facsimile.networks import evaluation
from facsimile.networks.network import build
from facsimile.networks.recipe import Recipe

SIZE = 32
QUICK = Lime(samples=40)


@pytest.fixture(scope="module")
def faces(drawn_face):
    face = align(drawn_face.image, drawn_face.landmarks).pixels
    faces = np.stack([face, face[:, ::-1], np.roll(face, 30, axis=1), 255 - face])
    return resize(faces, SIZE)


@pytest.fixture(scope="module")
def superpixels(faces):
    counts = (30, 30, 12, 4)
    nowhere = np.zeros((68, 2))
    cuts = (Slic(n_segments=count) for count in counts)
    return np.stack([cut.cut(face, nowhere) for cut, face in zip(cuts, faces, strict=True)])


@pytest.fixture(scope="module")
def chosen():
    return pd.DataFrame({"id": ["a/0", "b/1", "a/2", "é/3"], "fold": [1, 0, 1, 0]})


def weinet(repeat, fold):
    return Predictor(build("weinet", SIZE, seed=10 * repeat + fold), Throughput(16))


@pytest.fixture(scope="module")
def job(faces, superpixels):
    """Make a job on the faces; keys change its parts."""

    ids = ["a/0", "b/1", "a/2", "é/3"]

    def make(**changes):
        parts = {
            "network": "weinet",
            "input_size": SIZE,
            "method": QUICK,
            "load_predictor": weinet,
            "load_face": lambda face: Face(faces[ids.index(face)], superpixels[ids.index(face)]),
            "seed": 9,
        }
        return Job(**parts | changes)

    return make


def explain(job, chosen):
    """Explain faces for anger alone."""
    return explain_faces(job, {(0, "anger"): chosen})[0, "anger"]


@pytest.fixture(scope="module")
def explanations(job, chosen):
    return explain(job(), chosen)


def test_a_job_that_is_cut_off_goes_on_where_it_stood(
    job, chosen, explanations, tmp_path, monkeypatch
):
    monkeypatch.setattr(running, "REPORT_EVERY", -1.0)
    asked, read = [], job().load_face

    def stops(face):
        asked.append(face)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return read(face)

    state, part = tmp_path / "state.npz", {(0, "anger"): chosen}
    with pytest.raises(KeyboardInterrupt):
        explain_faces(job(load_face=stops), part, state=state)
    found = explain_faces(job(load_face=stops), part, state=state)[0, "anger"]
    assert len(asked) == 5, "two faces were done, and the third begun"
    for name, values in vars(explanations).items():
        assert np.array_equal(getattr(found, name), values, equal_nan=values.dtype.kind == "f"), (
            name
        )


def test_grey_is_the_mean_of_the_face_whatever_its_size(job, chosen, faces):
    grey = explain(job(baseline=load_baseline("grey")), chosen)

    def at_rest(face):
        read = job().load_face(face)
        mean = np.full_like(read.pixels, np.round(read.pixels.mean()))
        return Face(read.pixels, read.superpixels, {"neutralised": mean})

    given = explain(job(load_face=at_rest, baseline=load_baseline("neutralised")), chosen)
    assert np.array_equal(grey.coefficients, given.coefficients)
    assert not np.allclose(grey.coefficients, explain(job(), chosen).coefficients)


def test_black_is_what_is_seen_without_a_baseline(job, chosen, explanations):
    black = explain(job(baseline=load_baseline("black")), chosen)
    assert np.array_equal(black.coefficients, explanations.coefficients)


def test_a_row_says_method_and_baseline(job, chosen):
    row = {"method": "lime", "samples": 40, "superpixels": "slic30",
           "baseline": {"kind": "grey", "edge": 0.0}, "select": "correct", "faces": 3}  # fmt: skip
    plain = job()
    made = Job.of("weinet", SIZE, row, plain.load_predictor, plain.load_face, 9)
    assert made.method == QUICK and made.baseline == load_baseline("grey")
    assert Job.of("weinet", SIZE, row | {"baseline": None}, *[None] * 3).baseline is None


def test_faces_are_read_with_what_is_needed_of_their_corpus(tmp_path):
    table = pd.DataFrame({"id": ["a/0", "b/0", "a/1"], "corpus": ["a", "b", "a"], "row": [0, 0, 1]})
    paths = {}
    for name, shape, number in (
        ("faces", 4, np.uint8),
        ("cut", 2, np.uint16),
        ("evidence", 3, "f2"),
    ):
        for place, corpus in enumerate("ab"):
            array = np.full((2, shape, shape), 10 * place, number) + np.arange(2)[:, None, None]
            np.save(tmp_path / f"{corpus}_{name}.npy", array.astype(number))
            paths[corpus, name] = tmp_path / f"{corpus}_{name}.npy"
    pixels, cut, evidence = (
        {key: path for key, path in paths.items() if key[1] == name}
        for name in ("faces", "cut", "evidence")
    )
    of = [{corpus: path for (corpus, _), path in part.items()} for part in (pixels, cut)]
    read = face_loader(table, *of, evidence)("a/1")
    assert (read.pixels == 1).all() and read.pixels.shape == (4, 4)
    assert (read.superpixels == 1).all() and read.superpixels.dtype == np.uint16
    assert read.extras["evidence"].shape == (3, 3)
    read = face_loader(table, of[0], {}, {})("b/0")
    assert (read.pixels == 10).all() and read.superpixels.size == 0 and not read.extras


def test_a_folds_network_is_read_with_its_weights(tmp_path):
    recipe = Recipe(architecture="weinet", input_size=SIZE)
    weights = {("3", fold): tmp_path / f"{fold}.safetensors" for fold in "01"}
    for (_, fold), path in weights.items():
        evaluation.save(build("weinet", SIZE, seed=int(fold)), path)
    rates = {"layout": "contiguous", "batch_size": [4, 8], "images_per_second": [1.0, 2.0]}
    pd.DataFrame(rates).to_csv(tmp_path / "throughput.csv", index=False)
    given = predictor_loader(recipe, weights, [], "cpu", 5, "float32")(3, 1)
    measured = predictor_loader(recipe, weights, [tmp_path / "throughput.csv"], "cpu", 0, "float32")
    assert given.batch_size == 5 and measured(3, 0).batch_size == 8
    face = np.full((SIZE, SIZE), 99, np.uint8)
    with torch.inference_mode():
        found = given.logits(given.pixels(face))
        assert torch.allclose(found, weinet(0, 1).logits(given.pixels(face)))
        assert not torch.allclose(found, measured(3, 0).logits(given.pixels(face)))


def test_all_repeats_and_expressions_are_explained_as_each_alone_and_networks_read_once(
    job, chosen, tmp_path
):
    read = []

    def counted(*place):
        read.append(place)
        return weinet(*place)

    wanted = {
        (1, "fear"): chosen[1:],
        (0, "anger"): chosen,
        (0, "sadness"): chosen[:0],
        (0, "fear"): chosen[2:],
    }
    together = explain_faces(job(load_predictor=counted), wanted)
    assert list(together) == list(wanted) and read == [(0, 0), (0, 1), (1, 0), (1, 1)]
    for part, rows in wanted.items():
        assert (together[part].repeat == part[0]).all()
        together[part].save(tmp_path / "together.npz")
        explain_faces(job(), {part: rows})[part].save(tmp_path / "alone.npz")
        files = (tmp_path / "together.npz", tmp_path / "alone.npz")
        assert len({file.read_bytes() for file in files}) == 1, part


def test_a_face_is_explained_by_other_draws_in_each_repeat(job, chosen):
    wanted = {(repeat, "anger"): chosen for repeat in (0, 1)}

    def same(repeat, fold):
        return weinet(0, fold)

    first, second = explain_faces(job(load_predictor=same), wanted).values()
    assert not set(first.seed) & set(second.seed)
    assert not np.allclose(first.coefficients, second.coefficients)


def test_explained_faces_are_found_among_all(explanations, chosen):
    faces = pd.DataFrame({"id": ["é/3", "a/2", "x/9", "b/1", "a/0"], "fold": 7, "row": range(5)})
    rows = explanations.rows(faces)
    assert rows["id"].tolist() == chosen["id"].tolist()
    assert rows["row"].tolist() == [4, 3, 1, 0]
    assert rows["fold"].tolist() == chosen["fold"].tolist() and (rows["repeat"] == 0).all()


def test_each_face_is_explained_by_the_network_of_its_fold(
    explanations, chosen, faces, superpixels
):
    assert explanations.id.tolist() == chosen["id"].tolist()
    assert explanations.fold.tolist() == chosen["fold"].tolist()
    assert explanations.superpixels.tolist() == [labels.max() + 1 for labels in superpixels]
    for row, fold in enumerate(chosen["fold"]):
        generator = np.random.default_rng(explanations.seed[row])
        alone = QUICK.explain(Target(weinet(0, fold), faces[row], superpixels[row], 0, generator))
        count = len(alone.coefficients)
        assert explanations.coefficients[row, :count] == pytest.approx(alone.coefficients)
        assert (explanations.coefficients[row, count:] == 0).all()
        assert explanations.intercept[row] == pytest.approx(alone.intercept)


def test_a_face_is_explained_the_same_without_the_others(explanations, job, chosen):
    alone = explain(job(), chosen[2:3])
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
    explain(job(), chosen).save(tmp_path / "second.npz")
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()


def test_no_face_at_all_is_a_file_without_rows(job, chosen, tmp_path):
    explain(job(), chosen[:0]).save(tmp_path / "none.npz")
    again = Explanations.load(tmp_path / "none.npz")
    assert again.id.shape == again.repeat.shape == again.fold.shape == again.seed.shape == (0,)
    assert again.samples.shape == (0,)
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


# What may go wrong


class Broken(nn.Module):
    def forward(self, pixels):
        return torch.full((len(pixels), len(EXPRESSIONS)), torch.nan)


def test_an_answer_that_is_no_number_names_network_fold_and_face(job, chosen):
    def load_predictor(repeat, fold):
        return Predictor(Broken(), Throughput(16)) if fold == 1 else weinet(repeat, fold)

    place = "Network 'weinet', repeat 0, fold 1, face 'a/0': The network's answer is not a number"
    with pytest.raises(UserError, match=place):
        explain(job(load_predictor=load_predictor), chosen)


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
    greedy = Predictor(Greedy(5), Throughput(16))
    found = explain(job(load_predictor=lambda *_: greedy), chosen[:2])
    plain = explain(job(load_predictor=lambda *_: weinet(0, 0)), chosen[:2])
    assert greedy.batch_size == 4
    assert np.abs(found.coefficients - plain.coefficients).max() < 1e-6
    assert "out of memory: going on with batches of 8" in caplog.text


def test_a_device_without_memory_for_one_image_says_so(job, chosen):
    with pytest.raises(UserError, match=r"not the memory for a single image.*input_size"):
        explain(job(load_predictor=lambda *_: Predictor(Greedy(0), Throughput(2))), chosen)


# Throughput


def test_the_throughput_is_that_of_the_fastest_row():
    table = pd.DataFrame(
        {
            "layout": ["channels_last", "channels_last", "contiguous"],
            "batch_size": [8, 16, 8],
            "images_per_second": [10.0, 30.0, 20.0],
        }
    )
    assert Throughput.best(table) == Throughput(16, "channels_last")


@pytest.mark.parametrize("precision", throughput.DTYPES)
def test_a_sweep_measures_both_layouts(precision, monkeypatch):
    monkeypatch.setitem(throughput.BATCH_SIZES, "cpu", (2, 8))
    layers = (nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3), nn.AdaptiveAvgPool2d(1))
    network = nn.Sequential(*layers, nn.Flatten(), nn.Linear(4, 6))
    table = throughput.sweep(network, SIZE, precision=precision)
    assert set(table["layout"]) == set(throughput.LAYOUTS)
    assert table["batch_size"].isin(throughput.BATCH_SIZES["cpu"]).all()
    assert (table["images_per_second"] > 0).all()


def test_a_sweep_ends_where_memory_does(monkeypatch):
    monkeypatch.setitem(throughput.BATCH_SIZES, "cpu", (2, 4, 8))
    table = throughput.sweep(Greedy(4), SIZE)
    assert table["batch_size"].max() == 4


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


def test_a_method_without_surrogate_has_empty_trust(job, chosen, caplog):
    found = explain(job(method=method_of({"method": "grad_cam"})), chosen)
    caplog.clear()
    trust.warn(found, "anger")
    assert caplog.text == ""
    row = trust.summary(trust.face_scores(found, "anger"))
    assert np.isnan(row["r2"]) and np.isnan(row["poor_fit"]) and row["samples"] == 1


def test_the_log_ends_with_the_throughput(job, chosen, caplog):
    caplog.set_level(logging.INFO, "facsimile")
    explain(job(), chosen)
    assert "4 faces in" in caplog.records[-1].message
    assert "samples a second" in caplog.records[-1].message
    assert "% of the time in the network" in caplog.records[-1].message


def test_progress_says_how_far_and_how_long(job, chosen, caplog, monkeypatch):
    monkeypatch.setattr("facsimile.explain.running.REPORT_EVERY", 0.0)
    caplog.set_level(logging.INFO, "facsimile")
    explain(job(), chosen)
    assert "2/4" in caplog.text and "faces" in caplog.text and "<" in caplog.text
