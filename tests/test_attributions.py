"""What methods find where the right answer is known in closed form."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from facsimile.explain.baselines import load_baseline
from facsimile.explain.methods import method_of
from facsimile.explain.predictor import Predictor
from facsimile.explain.running import Face, Job, explain_faces
from facsimile.explain.superpixels.grid import Grid
from facsimile.explain.superpixels.slic import Slic
from facsimile.explain.target import Target
from facsimile.explain.throughput import Throughput
from facsimile.faces.alignment import align
from facsimile.faces.images import resize
from facsimile.networks.network import build

SIZE = 32
QUARTERS = np.kron(np.arange(16).reshape(4, 4), np.ones((8, 8))).astype(np.uint8)


@pytest.fixture(scope="module")
def face(drawn_face):
    cut_out = align(drawn_face.image, drawn_face.landmarks).pixels
    return resize(cut_out[None], SIZE)[0]


class Spot(nn.Module):
    """Answers anger by the brightness of one quarter of the face: top left."""

    def __init__(self):
        super().__init__()
        self.backbone = nn.AvgPool2d(8)
        self.scale = nn.Parameter(torch.tensor(6.0))

    def forward(self, pixels):
        seen = self.backbone(pixels)[:, 0, :2, :2].mean(dim=(1, 2)) * self.scale
        return nn.functional.pad(seen[:, None], (0, 5))


def explained(method, network, face, baseline=None):
    """Return what a method says of one face's anger."""
    size, predictor = len(face.pixels), Predictor(network, Throughput(16))
    how = method_of(method), lambda *_: predictor, lambda _: face, 9, baseline
    chosen = pd.DataFrame({"id": ["a"], "fold": [0]})
    return explain_faces(Job("net", size, *how), {(0, "anger"): chosen})[0, "anger"]


def answers(*images):
    """Return the probability of anger that the spot gives each image."""
    predictor = Predictor(Spot(), Throughput(16))
    return [predictor.probabilities(predictor.pixels(image))[0, 0].item() for image in images]


@pytest.mark.parametrize("name", ["lime", "kernel_shap", "occlusion", "integrated_gradients"])
def test_methods_find_the_quarter_that_decides(name, face):
    found = explained({"method": name}, Spot(), Face(np.full_like(face, 200), QUARTERS))
    (image,) = found.maps(0, QUARTERS[None])
    half = len(image) // 2
    assert image[:half, :half].sum() > 0.8 * image.sum() > 0


def test_grad_cam_of_a_pooled_head_is_its_class_activation_map(face):
    network, face = build("mobilenet_v3", 64, seed=3), resize(face[None], 64)[0]
    found = explained({"method": "grad_cam"}, network, Face(face))
    with torch.inference_mode():
        pixels = torch.from_numpy(face / np.float32(255))[None, None]
        features = network.backbone((pixels - network.mean) / network.std)[0]
        weights = network.head[-1].weight[0]
        expected = torch.einsum("c,chw->hw", weights, features).relu() / features[0].numel()
    assert found.map[0] == pytest.approx(expected.numpy(), rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("baseline", ["black", "grey"])
def test_kernel_shap_shares_out_what_the_face_adds_to_the_baseline(baseline, face):
    method, behind = {"method": "kernel_shap", "samples": 3000}, load_baseline(baseline)
    found = explained(method, Spot(), Face(face, QUARTERS), behind)
    whole, hidden = answers(face, behind.image(face, {}))
    assert found.coefficients[0, :, 0].sum() == pytest.approx(whole - hidden, abs=1e-3)
    assert np.isnan(found.coefficients[0, :, 1:]).all()


def test_integrated_gradients_add_up_to_what_the_face_adds_to_the_baseline(face):
    predictor, grey = Predictor(Spot(), Throughput(16)), np.full_like(face, 90)
    generator = np.random.default_rng(0)
    target = Target(predictor, face, np.empty((0, 0)), 0, generator, grey)
    found = method_of({"method": "integrated_gradients", "steps": 100}).explain(target)
    whole, hidden = answers(face, grey)
    assert found.map.sum() == pytest.approx(whole - hidden, abs=1e-4)


def test_occlusion_by_the_face_itself_takes_nothing(face):
    predictor, generator = Predictor(Spot(), Throughput(16)), np.random.default_rng(0)
    target = Target(predictor, face, np.empty((0, 0)), 0, generator, face)
    assert np.abs(method_of({"method": "occlusion"}).explain(target).map).max() < 1e-6


@pytest.mark.parametrize("kind", ["slic", "grid"])
def test_the_oracle_is_the_best_map_with_one_weight_a_superpixel(kind, face):
    cut = Slic() if kind == "slic" else Grid(n_segments=16)
    labels = cut.cut(face, np.zeros((68, 2)))
    evidence = np.random.default_rng(0).gamma(1.0, size=(SIZE, SIZE)).astype(np.float16)
    generator = np.random.default_rng(0)
    target = Target(None, face, labels, 0, generator, extras={"evidence": evidence})
    found = method_of({"method": "oracle"}).explain(target)
    design = (labels.ravel()[:, None] == np.arange(labels.max() + 1)).astype(float)
    best = np.linalg.lstsq(design, evidence.ravel().astype(float), rcond=None)[0]
    assert found.samples == 0
    for column in found.coefficients.T:
        assert column == pytest.approx(best, rel=1e-5)
