"""What networks use of a drawn face, unit by unit, and what explanations say of it."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from facsimile.explain.explanations import Explanations
from facsimile.explain.predictor import Predictor
from facsimile.explain.throughput import Throughput
from facsimile.explain.use import ask, attributed, told
from facsimile.faces.synthetic.drawing import sit
from facsimile.faces.synthetic.evidence import aligned_evidence, undone
from facsimile.measure.use import follows

SIZE = 32
QUARTERS = np.kron(np.arange(4).reshape(2, 2), np.ones((SIZE // 2, SIZE // 2))).astype(np.uint16)


class Spot(nn.Module):
    """Answers anger by the brightness of the top left quarter."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(3.0))

    def forward(self, pixels):
        seen = pixels[:, 0, : SIZE // 2, : SIZE // 2].mean(dim=(1, 2)) * self.scale
        return nn.functional.pad(seen[:, None], (0, 5))


def covered(face, quarter):
    """Return where a quarter of a face changes, and the face with that quarter black."""
    here = np.kron(quarter == QUARTERS, np.ones((7, 7), bool))
    return here[::2, ::2] * 200.0, np.where(here, 0, face).astype(np.uint8)


FACE = np.full((224, 224), 200, np.uint8)
PICTURES = {"a": (FACE, {f"AU{quarter}": covered(FACE, quarter) for quarter in range(4)})}


def explained(weights):
    """Return the explanation of one face of anger, a weight a quarter."""
    coefficients = np.zeros((1, 4, 6))
    coefficients[0, :, 0] = weights
    nothing = np.empty((1, 0))
    return Explanations(
        id=np.array(["a"]), repeat=np.array([1]), fold=np.array([0]), seed=np.array([5]),
        superpixels=np.array([4]), coefficients=coefficients, standard_error=coefficients,
        map=np.empty((1, 0, 0)), intercept=nothing, r2=nothing, split_half=nothing,
        effective_samples=np.array([1.0]), samples=np.array([1]),
    )  # fmt: skip


def test_a_map_says_of_a_unit_its_mean_where_the_unit_changes_the_face():
    image = np.zeros((4, 4))
    image[:2, :2] = 0.6
    changes = [np.zeros((8, 8)) for _ in range(3)]
    changes[0][:4, :4] = 50
    changes[1][:4] = 9
    found = attributed(image, changes)
    # Bilinear edges: within the quarter a little less than its value, across it half of that.
    assert found[0] == pytest.approx(0.6 * (1 - 1 / 16) ** 2, abs=0.05)
    assert found[1] == pytest.approx(0.3, abs=0.03)
    assert np.isnan(found[2]), "a unit that changes nothing"


def test_networks_are_asked_without_each_unit_and_maps_follow_what_they_lose():
    loaded = []

    def load(repeat, fold):
        loaded.append((repeat, fold))
        return Predictor(Spot(), Throughput(4))

    right, wrong = explained([0.5, 0.0, 0.0, 0.0]), explained([0.0, 0.1, 0.2, 0.5])
    answers = ask([("anger", right), ("anger", wrong)], PICTURES, load, SIZE)
    assert loaded == [(1, 0)], "each face is asked about once"
    odds = np.exp(3 * 200 / 255)
    lost = odds / (odds + 5) - 1 / 6
    assert answers[1, 0, "a"] == pytest.approx([lost, 0, 0, 0], abs=0.01)
    rows = pd.DataFrame(told(right, "anger", [QUARTERS], PICTURES, answers))
    assert rows["unit"].tolist() == ["AU0", "AU1", "AU2", "AU3"]
    assert rows["attribution"].idxmax() == 0
    table = pd.concat(
        pd.DataFrame(told(one, "anger", [QUARTERS], PICTURES, answers)).assign(
            network="net", explainer=name
        )
        for name, one in (("right", right), ("wrong", wrong))
    )
    found = follows(table).set_index("explainer")["used"]
    assert found["right"] > 0.7 > 0 > found["wrong"]


def test_following_is_a_mean_over_trainings_with_their_own_interval():
    falls = [0.1, 0.2, 0.3, 0.4]
    orders = [[1, 2, 3, 4], [1, 2, 4, 3], [4, 3, 2, 1]]
    table = pd.DataFrame(
        {"network": "net", "explainer": "lime", "repeat": repeat, "fall": fall, "attribution": said}
        for repeat, order in enumerate(orders)
        for fall, said in zip(falls, order, strict=True)
    )
    (row,) = follows(table).to_dict("records")
    # Spearman by hand: 1, 1 - 6 * 2 / (4 * 15) = .8, -1; their t interval has two degrees.
    each = np.array([1, 0.8, -1])
    assert row["used"] == pytest.approx(each.mean())
    half = 4.30265 * each.std(ddof=1) / np.sqrt(3)
    assert row["used_high"] - row["used"] == pytest.approx(half, rel=1e-4)
    one = follows(table[table["repeat"] == 0]).iloc[0]
    assert one["used"] == pytest.approx(1) and np.isnan(one["used_low"])


def test_undoing_all_units_one_by_one_is_undoing_the_only_one(root):
    units = pd.read_csv(root / "resources" / "action_units.csv")
    sitting = sit(3, "happiness", 0, 7, units)
    found = undone(sitting)
    assert list(found) == list(sitting.units)
    alone = sit(3, "happiness", 0, 7, units[(units["unit"] == "AU12")])
    change, without = undone(alone)["AU12"]
    expected = aligned_evidence(alone)
    assert np.array_equal(change, expected[0]) and np.array_equal(without, expected[1])
    assert all(change.max() > 5 for change, _ in found.values())
