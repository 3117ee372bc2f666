"""The price of bfloat16: the same heatmaps, from the default study's networks, trained."""

from copy import deepcopy

import numpy as np
import pandas as pd
import pytest
import torch
import yaml

from facsimile import EXPRESSIONS
from facsimile.explain.methods.lime import Lime
from facsimile.explain.predictor import Predictor
from facsimile.explain.superpixels.slic import Slic
from facsimile.explain.target import Target
from facsimile.explain.throughput import Throughput
from facsimile.faces.alignment import align
from facsimile.faces.images import resize
from facsimile.faces.synthetic import draw
from facsimile.networks.pretrained import fetch
from facsimile.networks.recipe import Recipe
from facsimile.networks.training import train

PEOPLE, EXPLAINED, SAMPLES = 60, 18, 100
# One of the default study's networks that learn these few faces; benchmarks/precision.py has more.
NETWORKS = ("small",)


@pytest.fixture(scope="module")
def recipes(root):
    """Return the recipes of the default study; a network's architecture is its name."""
    study = yaml.safe_load((root / "config" / "config.yaml").read_text())
    return {name: Recipe(**{"architecture": name} | row) for name, row in study["networks"].items()}


@pytest.fixture(scope="module")
def people(root):
    """Return aligned faces, a person each in turn, of the six expressions in turn."""
    units = pd.read_csv(root / "resources" / "action_units.csv")
    drawn = [
        draw(person, expression, 0, 11, units)
        for person in range(PEOPLE)
        for expression in EXPRESSIONS
    ]
    return [align(face.image, face.landmarks) for face in drawn]


def test_the_default_study_has_these_networks(recipes):
    assert {*NETWORKS} < {*recipes}


@pytest.mark.slow
@pytest.mark.skipif(
    not torch.ops.mkldnn._is_mkldnn_bf16_supported(),
    reason="this processor computes nothing in bfloat16: PyTorch emulates it, and rounds otherwise",
)
@pytest.mark.parametrize("name", NETWORKS)
def test_global_heatmaps_are_the_same_in_bfloat16(name, recipes, people, atlas, tmp_path):
    recipe, initial = recipes[name], None
    if recipe.weights != "random":
        initial = tmp_path / "weights.safetensors"
        fetch(recipe.architecture, recipe.weights, initial)
    pixels = np.stack([face.pixels for face in people])
    network, history = train(recipe, pixels, np.arange(len(people)) % 6, seed=1, initial=initial)
    assert history["accuracy"].iloc[-1] > 0.3, "trained, or its heatmaps are of nothing"
    target = EXPRESSIONS.index("happiness")
    heatmaps = {}
    for precision in ("float32", "bfloat16"):
        predictor = Predictor(deepcopy(network), Throughput(16), precision=precision)
        maps = []
        for face in people[target : 6 * EXPLAINED : 6]:
            small = resize(face.pixels[None], recipe.input_size)[0]
            labels = Slic().cut(small, face.landmarks)
            one = Target(predictor, small, labels, target, np.random.default_rng(3))
            weights = Lime(samples=SAMPLES).explain(one).coefficients[:, target]
            maps.append(atlas.carry(np.maximum(weights, 0)[labels], face.landmarks))
        heatmaps[precision] = np.mean(maps, axis=0).ravel()
    assert np.ptp(heatmaps["float32"]) > 0
    assert np.corrcoef(*heatmaps.values())[0, 1] >= 0.999
