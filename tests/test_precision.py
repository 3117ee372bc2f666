"""The price of bfloat16: the same heatmaps, from the default study's networks, trained."""

from copy import deepcopy

import numpy as np
import pandas as pd
import pytest
import yaml

from facsimile import EXPRESSIONS, settings
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.explain.attribution import Question
from facsimile.explain.explainers import lime
from facsimile.explain.forward import Forward
from facsimile.explain.pace import Pace
from facsimile.explain.superpixels import segment
from facsimile.faces.alignment import align
from facsimile.faces.embedded import draw
from facsimile.faces.images import resize
from facsimile.networks.training import Recipe, train

PEOPLE, EXPLAINED, SAMPLES = 60, 18, 100
NETWORKS = ("weinet", "songnet", "mobilenet_v3", "efficientnet_v2")


@pytest.fixture(scope="module")
def study(root):
    schema = settings.read_schema(root / "config" / "schema.yaml")
    return settings.check(yaml.safe_load((root / "config" / "config.yaml").read_text()), schema)


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


def test_the_default_study_has_these_networks(study):
    assert tuple(study["networks"]) == NETWORKS


@pytest.mark.parametrize("name", NETWORKS)
def test_global_heatmaps_are_the_same_in_bfloat16(name, study, people, root):
    recipe = Recipe(**study["networks"][name])
    pixels = np.stack([face.pixels for face in people])
    network, history = train(recipe, pixels, np.arange(len(people)) % 6, seed=1)
    assert history["accuracy"].iloc[-1] > 0.3, "trained, or its heatmaps are of nothing"
    atlas = Atlas.of(read_landmarks(root / "resources" / "canonical_landmarks.csv"))
    answer = EXPRESSIONS.index("happiness")
    heatmaps = {}
    for precision in ("float32", "bfloat16"):
        forward = Forward(deepcopy(network), Pace(16), precision=precision)
        maps = []
        for face in people[answer : 6 * EXPLAINED : 6]:
            small = resize(face.pixels[None], recipe.input_size)[0]
            pieces = segment(small, 30, 20)
            question = Question(forward, small, pieces, answer, np.random.default_rng(3))
            weights = lime.explain(question, lime.Settings(samples=SAMPLES)).coefficients[:, answer]
            maps.append(atlas.carry(np.maximum(weights, 0)[pieces], face.landmarks))
        heatmaps[precision] = np.mean(maps, axis=0).ravel()
    assert np.ptp(heatmaps["float32"]) > 0
    assert np.corrcoef(*heatmaps.values())[0, 1] >= 0.999
