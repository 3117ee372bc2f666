"""What agreement is by chance: elsewhere on the face, under exchange, and of the untrained."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from facsimile import EXPRESSIONS
from facsimile.measure.chance import Placed, placements
from facsimile.measure.multiplicity import false_discovery
from facsimile.measure.null import compare_trainings, measure_null, null_of_networks
from facsimile.measure.permutations import exchange_groups, exchange_labels, orders_of_groups
from facsimile.measure.scores import position, scores
from facsimile.measure.scoring import Maps, References
from facsimile.measure.specificity import contrast
from made_up_agreement import FRAME

# Elsewhere


def test_placements_are_a_group_that_keeps_what_is_off_the_face(rng):
    face = np.zeros((8, 10), bool)
    face[1:7, 2:8] = True
    orders = placements(face, step=2)
    assert len(orders) == 4 * 3 * 3
    assert (orders[0] == np.arange(80)).all()
    assert (np.sort(orders, axis=1) == np.arange(80)).all()
    assert (orders[:, ~face.ravel()] == np.flatnonzero(~face.ravel())).all()
    known = {tuple(order) for order in orders}
    assert len(known) == len(orders)
    for one, other in rng.integers(0, len(orders), (50, 2)):
        assert tuple(orders[one][orders[other]]) in known


@pytest.mark.parametrize("kind", [bool, float])
def test_elsewhere_is_the_mean_over_placements(rng, kind):
    face = np.ones((6, 8), bool)
    orders = placements(face)
    heatmaps, reference = rng.random((3, 6, 8)), rng.random((6, 8))
    reference = reference > 0.6 if kind is bool else reference
    level = Placed(reference, orders).level(Maps.of(heatmaps))
    moved = {("r", str(k)): reference.ravel()[order] for k, order in enumerate(orders)}
    table = References(moved).score(Maps.of(heatmaps))
    assert level == pytest.approx(table.mean(axis=(1, 2)), nan_ok=True)


# Permutation tests


def test_specificity_is_own_less_the_others(rng):
    scores = rng.random((6, 6))
    expected = [scores[i, i] - np.delete(scores[i], i).mean() for i in range(6)]
    assert contrast(scores) == pytest.approx(expected)


def test_all_orders_of_the_labels_are_tried_both_ways(rng):
    five = exchange_labels(np.eye(5))
    assert (five.p, five.p_min) == (2 / 120, 2 / 120)
    assert (five.low, five.high) == pytest.approx((1, 1)), "every order fits an effect of one"
    assert exchange_labels(-np.eye(5)).p == 2 / 120, "less like its own than others' is a finding"
    assert exchange_labels(np.full((4, 4), 0.3)).p == 1
    four = exchange_labels(np.eye(4))
    assert four.p_min == 2 / 24 and np.isnan(four.low), "too few orders for an interval"
    rows, columns = rng.random((2, 6, 1))
    noise = rng.random((6, 6))
    assert vars(exchange_labels(noise + rows + columns.T)) == pytest.approx(
        vars(exchange_labels(noise))
    ), "what rows and columns share cancels"


def test_an_interval_by_inversion_holds_what_its_test_does_not_reject(rng):
    table = rng.random((6, 6))
    whole = exchange_labels(table)
    for effect, inside in (
        (whole.low - 1e-4, False), (whole.low + 1e-4, True),
        (whole.high - 1e-4, True), (whole.high + 1e-4, False),
    ):  # fmt: skip
        assert (exchange_labels(table - effect * np.eye(6)).p > 0.05) == inside
    values = rng.random(10)
    orders = orders_of_groups(4, 6, 0, rng)
    both = exchange_groups(values, orders)
    for effect, inside in ((both.low - 1e-4, False), (both.low + 1e-4, True)):
        moved = values - effect * (np.arange(10) < 4)
        assert (exchange_groups(moved, orders).p > 0.05) == inside


@pytest.mark.parametrize(("sizes", "orders"), [((3, 10), 286), ((5, 20), 10_000)])
def test_groups_are_exchanged_as_scipy_does(rng, sizes, orders):
    values = rng.random(sum(sizes))
    tried = orders_of_groups(*sizes, 0, rng)
    assert tried.shape == (orders, sum(sizes))
    assert (tried.sum(axis=1) == sizes[0]).all()
    assert tried[0].tolist() == [True] * sizes[0] + [False] * sizes[1]
    found = exchange_groups(values, tried)
    expected = stats.permutation_test(
        np.split(values, [sizes[0]]), lambda a, b: a.mean() - b.mean(), n_resamples=9999, rng=1
    )
    assert found.p == pytest.approx(expected.pvalue, abs=0 if orders == 286 else 0.03)
    assert found.p_min == pytest.approx(2 / orders, rel=1e-3)


def test_partners_are_exchanged_only_with_each_other(rng):
    orders = orders_of_groups(1, 2, 2, rng)
    assert len(orders) == len({tuple(order) for order in orders}) == 3 * 4
    assert (orders[:, 3:5] != orders[:, 5:]).all()
    assert orders[0].tolist() == [True, False, False, True, True, False, False]


def test_false_discovery_is_within_families_and_leaves_out_the_undefined():
    table = pd.DataFrame({"p": [0.01, 0.04, np.nan, 0.04, np.nan], "family": list("aaabc")})
    q = false_discovery(table, ["family"])
    assert q.tolist() == pytest.approx([0.02, 0.04, np.nan, 0.04, np.nan], nan_ok=True)


# The null


def test_the_larger_p_of_both_kinds_counts():
    values, null = np.array([0.9, 0.8, 0.85]), np.array([*np.linspace(0.4, 0.5, 6)] * 2)
    kind = np.repeat(["untrained", "shuffled"], 6)
    apart = compare_trainings(values, null, kind, 1)
    assert apart["p"] == apart["p_min"] == pytest.approx(2 / 84)
    assert apart["chance"] == pytest.approx(0.45)
    null[6:] += 0.4
    near = compare_trainings(values, null, kind, 1)
    assert near["p"] > 0.5
    assert near["chance"] == near["shuffled"] == pytest.approx(0.85)
    assert near["untrained"] == pytest.approx(0.45)
    below = compare_trainings(values - 0.6, null, kind, 1)
    assert below["p"] == pytest.approx(2 / 84), "less than networks that know nothing"
    alone = compare_trainings(values, null[:6], kind[:6], 1)
    assert np.isnan([alone[name] for name in ("chance", "p", "p_min", "shuffled")]).all()


def test_the_null_is_scored_as_heatmaps_are(rng):
    references = {("mask", name): rng.random(FRAME) < 0.4 for name in EXPRESSIONS}
    maps = {name: rng.random((4, *FRAME)) for name in EXPRESSIONS}
    maps["fear"][2] = np.nan
    found = measure_null(maps, ["untrained"] * 2 + ["shuffled"] * 2, references)
    assert found.value.shape == (len(scores()), 4, 6, 6)
    at = position("auroc")
    expected = roc_auc_score(references["mask", "anger"].ravel(), maps["disgust"][3].ravel())
    assert found.value[at, 3, 1, 0] == pytest.approx(expected)
    assert np.isnan(found.value[at, 2, 2]).all() and np.isfinite(found.value[at, 3]).all()
    levels = {("lime", "48"): found}
    assert null_of_networks(levels, {"a": 48, "b": 64}) == {("lime", "a"): found}
