"""Finished networks: whatever file they lie in, loaded, asked and explained as they are."""

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.explain.methods import method_of
from facsimile.explain.predictor import Predictor
from facsimile.explain.target import Target
from facsimile.explain.throughput import Throughput, sweep
from facsimile.faces.alignment import align, around
from facsimile.faces.views import View
from facsimile.lookup import Lookup
from facsimile.networks.asking import ask
from facsimile.networks.checkpoints import load_finished
from facsimile.networks.evaluation import predict
from facsimile.networks.finished import Finished, network_of
from facsimile.networks.network import build
from facsimile.settings.checking import check
from facsimile.study import Study
from made_up_networks import SEVEN, SIZE, layer, onnx_file
from running import PROJECT

SIX = tuple(EXPRESSIONS)


class Means(nn.Module):
    """The same network in PyTorch."""

    def __init__(self, channels=1, outputs=7):
        super().__init__()
        weights, _ = layer(channels, outputs)
        self.dense = nn.Linear(channels, outputs, bias=False)
        self.dense.weight = nn.Parameter(torch.from_numpy(weights))

    def forward(self, images):
        return self.dense(images.mean(dim=(2, 3)))


def row(path, **given):
    return Finished(
        **{"checkpoint": path, "classes": SEVEN, "input_size": SIZE, "scaling": (0, 1)} | given
    )


@pytest.fixture
def faces():
    return np.random.default_rng(0).integers(0, 256, (5, SIZE, SIZE), np.uint8)


def by_hand(images, channels=1, outputs=7, low=0.0, high=1.0):
    """Return what the network of means answers, its classes in their own order."""
    means = images.reshape(len(images), -1, channels).mean(axis=1) / 255 * (high - low) + low
    logits = means @ layer(channels, outputs)[0].T
    parts = np.exp(logits - logits.max(axis=1, keepdims=True))
    return parts / parts.sum(axis=1, keepdims=True)


# Loading


@pytest.mark.parametrize("scaling", [(0.0, 1.0), (-1.0, 1.0), (0.0, 255.0)])
def test_the_six_come_first_and_pixels_are_scaled(tmp_path, faces, scaling):
    network = load_finished(row(onnx_file(tmp_path / "n.onnx"), scaling=scaling))
    expected = by_hand(faces, low=scaling[0], high=scaling[1])
    order = [SEVEN.index(word) for word in ("angry", "disgusted", "fearful", "happy", "sad")]
    order += [SEVEN.index("surprised"), SEVEN.index("neutral")]
    assert predict(network, faces, SIZE) == pytest.approx(expected[:, order], abs=1e-4)


def test_every_kind_of_file_answers_alike(tmp_path, faces):
    network, example = Means().eval(), torch.zeros(2, 1, SIZE, SIZE)
    torch.jit.trace(network, example).save(tmp_path / "n.pt")
    free = ({0: torch.export.Dim("n")},)
    torch.export.save(
        torch.export.export(network, (example,), dynamic_shapes=free), tmp_path / "n.pt2"
    )
    onnx_file(tmp_path / "n.onnx")
    answers = [
        predict(load_finished(row(tmp_path / name)), faces, SIZE)
        for name in ("n.onnx", "n.pt", "n.pt2")
    ]
    assert answers[1] == pytest.approx(answers[0], abs=1e-5)
    assert answers[2] == pytest.approx(answers[0], abs=1e-5)


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
@pytest.mark.parametrize(
    ("architecture", "classes"), [("timm/resnet18", SEVEN), ("weinet", SEVEN), ("weinet", SIX)]
)
def test_a_state_dict_is_given_its_architecture(tmp_path, faces, architecture, classes, suffix):
    network = build(architecture, SIZE, "unit", 5, outputs=len(classes)).eval()
    model = network.backbone if "/" in architecture else network
    path = tmp_path / f"weights{suffix}"
    save = save_file if suffix == ".safetensors" else torch.save
    save({name: one.contiguous() for name, one in model.state_dict().items()}, path)
    given = row(path, architecture=architecture, classes=classes)
    expected = predict(network, faces, SIZE)[:, given.order]
    assert predict(load_finished(given), faces, SIZE) == pytest.approx(expected, abs=1e-6)


def test_probabilities_and_colours_are_taken_as_the_row_says(tmp_path):
    path = onnx_file(tmp_path / "n.onnx", channels=3, softmax=True)
    images = np.random.default_rng(1).integers(0, 256, (4, SIZE, SIZE, 3), np.uint8)
    order = row(path, output="probabilities").order
    for colour, seen in (("rgb", images), ("bgr", images[..., ::-1])):
        network = load_finished(row(path, colour=colour, output="probabilities"))
        expected = by_hand(seen, channels=3)[:, order]
        assert predict(network, images, SIZE) == pytest.approx(expected, abs=1e-5)
    network = load_finished(row(path, output="probabilities"))
    repeated = by_hand(np.repeat(images[..., :1], 3, axis=3), channels=3)[:, order]
    assert predict(network, images[..., 0], SIZE) == pytest.approx(repeated, abs=1e-5)


def test_channels_may_come_last(tmp_path, faces):
    first = load_finished(row(onnx_file(tmp_path / "first.onnx")))
    last = load_finished(row(onnx_file(tmp_path / "last.onnx", last=True)))
    assert predict(last, faces, SIZE) == pytest.approx(predict(first, faces, SIZE), abs=1e-6)


# Refused


@pytest.mark.parametrize(
    ("written", "given", "sentences"),
    [
        ({"batch": 1}, {}, ["takes exactly 1 images at once", "free first dimension"]),
        ({"inputs": 2}, {}, ["has 2 inputs (images, mask)"]),
        ({"bias": np.nan}, {}, ["what is not a number"]),
        ({"outputs": 8}, {}, ["has 8 outputs, but `classes` lists 7"]),
        ({}, {"input_size": 48}, ["takes images of 32 pixels", "set `input_size: 32`"]),
        ({}, {"colour": "rgb"}, ["takes one channel, but `colour` is rgb"]),
        ({"softmax": True}, {}, ["add up to one", "set `output: probabilities`"]),
        ({}, {"output": "probabilities"}, ["do not add up to one", "set `output: logits`"]),
    ],
)
def test_files_that_do_not_fit_are_refused(tmp_path, written, given, sentences):
    path = onnx_file(tmp_path / "n.onnx", **written)
    with pytest.raises(UserError) as caught:
        load_finished(row(path, **given))
    for sentence in [*sentences, str(path)]:
        assert sentence in str(caught.value)


def test_damaged_files_are_refused(tmp_path):
    torch.jit.trace(Means(), torch.zeros(2, 1, SIZE, SIZE)).save(tmp_path / "n.pt")
    onnx_file(tmp_path / "n.onnx")
    for name in ("n.pt", "n.onnx"):
        path = tmp_path / name
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(UserError, match=r"incomplete"):
            load_finished(row(path))
    with pytest.raises(UserError, match="There is no file"):
        load_finished(row(tmp_path / "absent.onnx"))


def test_a_pickled_network_is_refused_with_what_to_do(tmp_path):
    torch.save(Means(), tmp_path / "n.pth")
    with pytest.raises(UserError, match=r"could run any code.*weights_only=False"):
        load_finished(row(tmp_path / "n.pth", architecture="timm/resnet18"))


@pytest.mark.parametrize("named", ["timm/resnet34", "timm/resnet10t"])
def test_another_architecture_is_refused_with_its_layers(tmp_path, named):
    model = build("timm/resnet18", SIZE, "unit", outputs=7).backbone
    torch.save(model.state_dict(), tmp_path / "n.pth")
    with pytest.raises(UserError, match=r"the first of them '|with shape"):
        load_finished(row(tmp_path / "n.pth", architecture=named))


def test_a_deeper_network_is_not_taken_for_a_part_of_it(tmp_path):
    model = build("timm/resnet34", SIZE, "unit", outputs=7).backbone
    torch.save(model.state_dict(), tmp_path / "n.pth")
    with pytest.raises(UserError, match=r"tensors more than that network has.*'layer1.2.conv1"):
        load_finished(row(tmp_path / "n.pth", architecture="timm/resnet18"))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"classes": [*SEVEN[:6], "astonished"]}, "Unknown expression 'astonished'"),
        ({"classes": [*SEVEN[:6], "contempt"]}, "`classes` lack surprise"),
        ({"classes": [*SEVEN, "joy"]}, "name happiness 2 times"),
        ({"scaling": [1, -1]}, "the first must be the smaller"),
        ({"checkpoint": "n.h5"}, "the suffix '.h5'"),
        ({"checkpoint": "n.pth"}, "name its `architecture`"),
        ({"architecture": "weinet"}, "leave out `architecture`"),
        ({"output": "probabilitys"}, "Did you mean 'probabilities'?"),
        ({"scale": [0, 1]}, "Did you mean 'scaling'?"),
    ],
)
def test_rows_that_say_too_little_are_refused(given, sentence):
    with pytest.raises(UserError) as caught:
        settings(**given)
    assert sentence in str(caught.value)
    assert "networks: brought" in str(caught.value)


# Settings, and what a study has of a finished network


def settings(explainers=None, **given):
    brought = {
        "checkpoint": "n.onnx",
        "classes": list(SEVEN),
        "input_size": SIZE,
        "scaling": [0, 255],
    }
    return check(
        {
            "corpora": {"drawn": {"kind": "synthetic"}},
            "networks": {"brought": brought | given, "weinet": {"input_size": 64}},
            "explainers": explainers or {"lime": {}},
        },
        PROJECT,
    )


def test_a_checked_row_is_read_again():
    given = settings(crop=0.2, colour="bgr")["networks"]["brought"]
    assert check(settings(), PROJECT) == settings()
    found = network_of(given)
    assert found.scaling == (0, 255) and found.crop == 0.2 and found.further == ("neutral",)


def test_gradients_are_refused_of_onnx_alone(tmp_path):
    with pytest.raises(UserError, match="needs gradients, and network 'brought' is an ONNX file"):
        settings(explainers={"integrated_gradients": {}})
    settings(explainers={"integrated_gradients": {}}, checkpoint="n.pt")
    with pytest.raises(UserError, match="where the evidence lies"):
        settings(explainers={"oracle": {}}, crop=0.1)


def test_it_has_one_repeat_and_fold_and_its_own_faces():
    study = Study(settings(crop=0.2, colour="rgb"), ("ekman",), {"lime": {}})
    weights = "{results}/{network}/{repeat}/{fold}"
    found = study.paths(weights, {"results": "r"})
    assert [path for path in found if "brought" in path] == ["r/brought/0/0"]
    assert study.trains
    assert len(found) == 1 + 3 * 5
    faces = "{results}{view}/faces/{corpus}"
    assert study.paths(faces, {"results": "r", "network": "brought"}) == [
        "r/views/box0.2-rgb/faces/drawn"
    ]
    assert study.paths(faces, {"results": "r"}) == ["r/faces/drawn"]
    assert study.paths(faces, {"results": "r", "network": "weinet"}) == ["r/faces/drawn"]
    assert Lookup({"r": study}).of_any(lambda one: one.views) == "|/views/box0\\.2\\-rgb"


# Views


def test_a_box_is_cut_out_with_its_margin():
    image = np.zeros((100, 100, 3), np.uint8)
    image[30:50, 20:40] = (255, 0, 0)
    cut = around((20, 30, 39, 49), 0.0)
    assert (cut.cut(image) == (255, 0, 0)).all()
    assert cut.place(np.array([[20.0, 30.0], [39.0, 49.0]])) == pytest.approx(
        np.array([[5.1, 5.1], [217.9, 217.9]])
    )
    wide = around((20, 30, 39, 49), 0.5).cut(image)
    assert (abs(wide[70:150, 70:150] - np.float64([255, 0, 0])) < 10).all()
    assert wide[:40].max() < 10


def test_views_are_of_the_same_faces_in_other_frames(drawn_face):
    pixels, points = drawn_face.image, drawn_face.landmarks
    box = (*points.min(axis=0), *points.max(axis=0))
    own = align(pixels, points)
    other = align(pixels, points, view=View(0.1, "rgb"), box=box)
    assert own.pixels.shape == (224, 224) and other.pixels.shape == (224, 224, 3)
    inside = other.landmarks.min() > 0 and other.landmarks.max() < 224
    assert inside and not np.allclose(own.landmarks, other.landmarks)
    assert align(pixels, points, view=View(colour="rgb")).landmarks == pytest.approx(own.landmarks)


# Explaining


QUARTERS = np.repeat(np.repeat([[0, 1], [2, 3]], SIZE // 2, 0), SIZE // 2, 1).astype(np.uint16)


def explained(network, face, method):
    target = Target(Predictor(network, Throughput(8)), face, QUARTERS, 3, np.random.default_rng(0))
    return method_of({"method": method, "samples": 60}).explain(target)


@pytest.mark.parametrize("colour", ["grey", "rgb"])
@pytest.mark.parametrize("method", ["lime", "kernel_shap", "occlusion"])
def test_methods_that_ask_explain_onnx(tmp_path, method, colour):
    path = onnx_file(tmp_path / "n.onnx", channels=3)
    shape = (SIZE, SIZE, 3)[: 2 if colour == "grey" else 3]
    face = np.random.default_rng(2).integers(0, 256, shape, np.uint8)
    found = explained(load_finished(row(path, colour=colour)), face, method)
    if method == "occlusion":
        assert np.isfinite(found.map).all() and found.map.any()
    else:
        assert found.coefficients.shape == (4, 6)
        assert np.isfinite(found.coefficients[:, 3]).all() and found.coefficients[:, 3].any()


def test_gradients_of_onnx_are_refused_with_a_sentence(tmp_path, faces):
    network = load_finished(row(onnx_file(tmp_path / "n.onnx")))
    for method, words in (("integrated_gradients", "no gradients"), ("grad_cam", "layers can be")):
        with pytest.raises(UserError, match=words):
            explained(network, faces[0], method)


def test_a_state_dict_is_explained_by_gradients(tmp_path, faces):
    model = build("timm/resnet18", SIZE, "unit", outputs=7).backbone
    torch.save(model.state_dict(), tmp_path / "n.pth")
    network = load_finished(row(tmp_path / "n.pth", architecture="timm/resnet18"))
    assert np.isfinite(explained(network, faces[0], "integrated_gradients").map).all()
    assert np.isfinite(explained(network, faces[0], "grad_cam").map).all()


def test_its_throughput_is_measured(tmp_path):
    table = sweep(load_finished(row(onnx_file(tmp_path / "n.onnx"))), SIZE)
    assert (table["images_per_second"] > 0).all()


def test_asking_says_which_network_it_was(tmp_path, faces):
    table = pd.DataFrame({"id": list("abcde"), "corpus": "c", "row": range(5)})
    table["expression"] = EXPRESSIONS[:5]
    path = onnx_file(tmp_path / "n.onnx")
    asked = ask("brought", row(path, seen="perhaps all"), table, {"c": faces})
    assert len(asked.predictions) == 5 and set(asked.predictions["predicted"]) <= set(EXPRESSIONS)
    assert asked.predictions[[*EXPRESSIONS, "neutral"]].sum(axis=1).to_numpy() == pytest.approx(1)
    assert (asked.predictions[["repeat", "fold"]] == 0).all(axis=None)
    assert len(asked.record["sha256"]) == 64 and asked.history.empty
    assert asked.record["seen in training"] == "brought: perhaps all"
