"""Conclusions under other settings: scores held against scikit-learn, and rankings."""

import numpy as np
import pytest
from sklearn.metrics import jaccard_score, roc_auc_score

from facsimile import EXPRESSIONS
from facsimile.measure.scoring import Maps
from facsimile.measure.sensitivity import conclusions, cut, overlap, sensitivity_table
from made_up_agreement import cell

FRAME = (30, 24)
THRESHOLDS = ["otsu", 0.75]


@pytest.fixture
def regions():
    """Return six regions side by side under one name, and as many densities under another."""
    columns = np.broadcast_to(np.arange(24) // 4, FRAME)
    masks = {("mask", name): columns == at for at, name in enumerate(EXPRESSIONS)}
    return masks | {("people", name): (columns == at) + 0.5 for at, name in enumerate(EXPRESSIONS)}


def seen(regions, rng, strength):
    return {name: rng.random(FRAME) + strength * regions["mask", name] for name in EXPRESSIONS}


def test_thresholds_leave_what_they_say(rng):
    heatmap = rng.random(FRAME)
    assert cut(heatmap, 0.75).mean() == pytest.approx(0.25, abs=0.005)
    assert (cut(heatmap, "otsu").ravel() == Maps.of(heatmap[None]).found[0]).all()


def test_overlap_is_scikit_learns(rng):
    above, regions = rng.random((3, 50)) < 0.4, rng.random((2, 50)) < 0.3
    expected = [[jaccard_score(region, one) for region in regions] for one in above]
    assert np.allclose(overlap(above, regions), expected)


def test_values_are_means_over_expressions(regions, rng):
    heatmaps = seen(regions, rng, 0.3)
    table = conclusions({"net": heatmaps}, regions, THRESHOLDS)
    own = [
        roc_auc_score(regions["mask", name].ravel(), heatmaps[name].ravel()) for name in EXPRESSIONS
    ]
    auroc = cell(table, network="net", reference="mask", score="auroc").squeeze()
    assert auroc["value"] == pytest.approx(np.mean(own))
    assert auroc["others"] + auroc["specificity"] == pytest.approx(auroc["value"])
    ious = [
        jaccard_score(regions["mask", name].ravel(), cut(heatmaps[name], 0.75).ravel())
        for name in EXPRESSIONS
    ]
    iou = cell(table, network="net", reference="mask", score="iou", threshold=0.75).squeeze()
    assert iou["value"] == pytest.approx(np.mean(ious))
    correlated = [
        np.corrcoef(regions["people", name].ravel(), heatmaps[name].ravel())[0, 1]
        for name in EXPRESSIONS
    ]
    people = cell(table, network="net", reference="people").squeeze()
    assert people["value"] == pytest.approx(np.mean(correlated))


def test_specific_maps_are_told_from_maps_that_are_all_the_same(regions, rng):
    one = rng.random(FRAME)
    heatmaps = {"own": seen(regions, rng, 3), "same": dict.fromkeys(EXPRESSIONS, one)}
    table = conclusions(heatmaps, regions, THRESHOLDS).set_index("network")
    assert np.allclose(table.loc["own", ["p", "p_min"]].astype(float), 2 / 720)
    assert (table.loc["own", "specificity_low"] > 0).all()
    assert np.allclose(table.loc["same", "p"], 1)
    assert np.allclose(table.loc["same", "specificity"], 0)


def test_all_is_the_mean_over_networks_that_have_all(regions, rng):
    heatmaps = {name: seen(regions, rng, strength) for name, strength in (("a", 1), ("b", 2))}
    heatmaps["c"] = seen(regions, rng, 1) | {"fear": np.full(FRAME, np.nan)}
    table = conclusions(heatmaps, regions, ["otsu"])
    auroc = table[(table["reference"] == "mask") & (table["score"] == "auroc")]
    values = auroc.set_index("network")["value"]
    assert values["all"] == pytest.approx((values["a"] + values["b"]) / 2)
    assert cell(auroc, network="c")["n_expressions"].item() == 5


def test_networks_that_did_not_learn_are_in_no_mean_unless_none_did(regions, rng):
    heatmaps = {name: seen(regions, rng, strength) for name, strength in (("a", 2), ("b", 0.1))}
    tables = [conclusions(heatmaps, regions, ["otsu"], missed) for missed in ("b", "ab", "")]
    values = [
        cell(table, reference="mask", score="auroc").set_index("network")["value"]
        for table in tables
    ]
    assert values[0]["all"] == pytest.approx(values[0]["a"])
    assert values[1]["all"] == values[2]["all"] == pytest.approx(values[2]["a":"b"].mean())


def test_too_few_heatmaps_have_a_reason(regions, rng):
    heatmaps = seen(regions, rng, 1) | dict.fromkeys(EXPRESSIONS[:4], np.full(FRAME, np.nan))
    table = conclusions({"a": heatmaps, "b": seen(regions, rng, 1)}, regions, ["otsu"])
    rows = table[table["network"] == "a"]
    assert rows["value"].isna().all() and (rows["n_expressions"] == 2).all()
    assert (rows["reason"] == "fewer than three expressions with a score").all()


SETTINGS = {"slic": {"superpixels": "slic", "baseline": "black"},
            "other": {"superpixels": "none", "baseline": "none"}}  # fmt: skip


def varied(regions, rng):
    """Return the table of two rows, under the second of which the ranking is turned round."""
    heatmaps = {}
    for explainer, strengths in (("slic", (0.1, 0.5, 2)), ("other", (2, 0.5, 0.1))):
        for network, strength in zip("abc", strengths, strict=True):
            for name, heatmap in seen(regions, rng, strength).items():
                heatmaps[explainer, network, name] = heatmap
    return sensitivity_table(heatmaps, SETTINGS, regions, THRESHOLDS)


def test_a_row_says_what_it_stands_for(regions, rng):
    table = varied(regions, rng)
    assert table.columns[:6].tolist() == [
        "explainer", "superpixels", "baseline", "network", "reference", "score",
    ]  # fmt: skip
    rows = table.groupby("explainer", sort=False)[["superpixels", "baseline"]]
    assert rows.first().to_numpy().tolist() == [["slic", "black"], ["none", "none"]]
    assert rows.last().equals(rows.first())


def test_rankings_are_compared_with_the_first_row(regions, rng):
    table = varied(regions, rng)
    whole = table[(table["network"] == "all") & (table["score"] == "auroc")]
    assert whole["tau"].tolist() == pytest.approx([1, -1])
    assert table.loc[table["network"] != "all", "tau"].isna().all()
