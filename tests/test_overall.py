"""Means over expressions and networks, and specificity."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from facsimile import EXPRESSIONS
from facsimile.measure.agreement import without_common_face
from facsimile.measure.cells import agreement_table, cross_expression_table
from facsimile.measure.null import FEW_NETWORKS, NO_NULL
from facsimile.measure.overall import _reason, overall_table
from facsimile.measure.scores import position
from facsimile.measure.specificity import specificity_table
from facsimile.measure.table import ALL, EVERY, missed_in
from made_up_agreement import cell

SHAPE = (9, 7)


def test_means_over_expressions_are_of_the_same_cells(world):
    table = agreement_table(world)
    whole = overall_table(world).set_index(["explainer", "network", "reference", "score"])
    for network in ("seer", "blind"):
        cells = cell(table, explainer="lime", network=network, score="auroc", reason="")
        row = whole.loc[("lime", network, "own", "auroc")]
        for name in ("value", "pooled", "equal", "untrained"):
            assert row[name] == pytest.approx(cells[name].mean()), name
        assert row["low"] <= row["value"] < row["high"]
        assert row["interval"] == "people and trainings"
    assert (row["n_expressions"], row["left_out"]) == (5, "fear")
    assert np.isnan(row["rank"])
    seer, every = (whole.loc[("lime", name, "own", "auroc")] for name in ("seer", ALL))
    assert seer["p"] == pytest.approx(2 / 84)
    assert every["value"] == pytest.approx(seer["value"])
    assert every["left_out"] == "blind"
    assert every["interval"] == "people; one network"
    assert np.isnan(every["p"]), "one network is no mean over networks"
    assert (seer["rank"], every["n_networks"]) == (1, 1)


def shifted(world, shifts):
    """Return a study of networks that score as the seer does, more or less."""
    seer = world.measured["lime", "seer"]
    measured = {
        ("lime", name): replace(
            seer, **{one: getattr(seer, one) + by for one in ("value", "coarse", "bootstrap")}
        )
        for name, by in shifts.items()
    }
    level = world.null["lime", "seer"]
    return replace(world, measured=measured, null=dict.fromkeys(measured, level))


def test_networks_are_ranked_and_their_mean_has_an_interval_over_networks(world):
    study = shifted(world, {"a": -0.2, "b": -0.22, "c": -0.4, "d": -0.401})
    table = cell(overall_table(study), reference="own", score="auroc").set_index("network")
    assert table.loc["a":"d", "rank"].tolist() == [1, 2, 3, 4]
    assert (table.loc["a":"b", "rank_high"] <= 2).all()
    assert (table.loc["c":"d", "rank_low"] >= 3).all()
    every = table.loc[ALL]
    values = table.loc["a":"d", "value"]
    half = stats.t.ppf(0.975, 3) * stats.sem(values)
    assert every["interval"] == "people and networks"
    assert every["high"] - every["low"] == pytest.approx(2 * half, rel=0.1)
    null = np.mean(study.null_of(("lime", "a"), "own", "auroc")[0], axis=1)
    welch = [stats.ttest_ind(values, part, equal_var=False).pvalue for part in np.split(null, 2)]
    assert every["p"] == pytest.approx(max(welch))


def test_means_over_networks_are_over_those_that_learned_and_both_are_there(world):
    study = replace(
        shifted(world, {"a": -0.2, "b": -0.22, "c": -0.3, "d": -0.4}),
        missed=frozenset(["d", "of another"]),
    )
    table = cell(overall_table(study), reference="own", score="auroc").set_index("network")
    assert table.index.tolist() == ["a", "b", "c", "d", ALL, EVERY]
    values = table["value"]
    assert values[ALL] == pytest.approx(values["a":"c"].mean())
    assert values[EVERY] == pytest.approx(values["a":"d"].mean())
    assert table["n_networks"].tolist() == [1, 1, 1, 1, 3, 4]
    assert table.loc[[ALL, EVERY], "left_out"].tolist() == ["d", ""]
    assert np.isfinite(table.loc[ALL, "p"]) and table.loc[EVERY, ["p", "q"]].isna().all()
    assert np.isfinite(table.loc[EVERY, ["low", "high"]].astype(float)).all()
    assert np.isnan(table.loc["d", "rank"]) and table.loc["a":"c", "rank"].tolist() == [1, 2, 3]
    whole = cell(specificity_table(study), network=ALL, reference="own", score="auroc").iloc[0]
    assert (whole["n_networks"], whole["left_out"]) == (3, "d")


def test_where_no_network_learned_none_is_left_out(world):
    study = shifted(world, {"a": -0.2, "b": -0.22})
    none = replace(study, missed=frozenset("ab"))
    pd.testing.assert_frame_equal(overall_table(none), overall_table(study))
    pd.testing.assert_frame_equal(specificity_table(none), specificity_table(study))


def test_who_did_not_learn_is_read_from_the_classification(tmp_path):
    path = tmp_path / "classification.csv"
    pd.DataFrame({"network": list("abc"), "learned": [True, False, True]}).to_csv(path)
    assert missed_in([path]) == ["b"] and missed_in([]) == []


def test_a_training_that_lacks_an_expression_is_given_the_others_mean(world):
    found = world.measured["lime", "seer"]
    value = found.value.copy()
    value[:, 1, 2] = np.nan
    bootstrap = found.bootstrap.copy()
    bootstrap[:, 1, :, 2] = np.nan
    measured = {("lime", "seer"): replace(found, value=value, bootstrap=bootstrap)}
    study = replace(world, measured=measured)
    cells = cell(agreement_table(study), reference="own", score="auroc")
    assert cells["n_repeats"].tolist() == [3, 3, 2, 3, 3, 3]
    row = cell(overall_table(study), network="seer", reference="own", score="auroc")
    assert row["value"].item() == pytest.approx(cells["value"].mean())
    assert (row["n_repeats"].item(), row["n_expressions"].item()) == (3, 6)


def test_specificity_of_networks_and_of_all(world):
    keys = ["explainer", "common_face", "network", "reference", "score"]
    table = specificity_table(world)
    assert table.columns.tolist() == [
        "explainer", "network", "reference", "score", "role", "common_face", "value", "others",
        "specificity", "specificity_low", "specificity_high", "chance", "p", "p_min", "q",
        "n_expressions", "reason", "n_networks", "n_repeats", "left_out",
    ]  # fmt: skip
    table = table.set_index(keys)
    seer = table.loc[("lime", "kept", "seer", "own", "auroc")]
    assert seer["p"] == seer["p_min"] == pytest.approx(2 / 720)
    assert seer["specificity"] == pytest.approx(seer["value"] - seer["others"])
    assert 0.1 < seer["specificity_low"] < seer["specificity"] < seer["specificity_high"]
    assert seer["role"] == "primary"
    removed = table.loc[("lime", "removed", "seer", "own", "pearson")]
    assert removed["p"] == pytest.approx(2 / 720)
    assert (removed["role"], removed["n_repeats"]) == ("exploratory", 3)
    blind = table.loc[("lime", "kept", "blind", "own", "auroc")]
    assert (blind["n_expressions"], blind["left_out"]) == (5, "fear")
    everyone = table.loc[("lime", "kept", ALL, "own", "auroc")]
    assert (everyone["n_networks"], everyone["left_out"]) == (1, "blind")


def test_an_expression_that_no_network_has_is_left_out_of_all(world):
    measured = {("lime", name): world.measured["lime", "blind"] for name in "ab"}
    table = cell(specificity_table(replace(world, measured=measured)), score="auroc")
    everyone = table.set_index("network").loc[ALL]
    assert (everyone["n_networks"], everyone["n_expressions"]) == (2, 5)
    assert everyone["left_out"] == "fear"
    assert everyone["value"] == pytest.approx(table.set_index("network").loc["a", "value"])


def test_a_common_face_is_removed(rng):
    own = {name: rng.standard_normal((2, *SHAPE)) for name in EXPRESSIONS}
    references = {("r", name): rng.random(SHAPE) for name in EXPRESSIONS}
    common = 5 * rng.standard_normal(SHAPE)
    same = {name: images * 0 + common for name, images in own.items()}
    assert np.isnan(without_common_face(same, references)).all(), "nothing is left"
    mixed = {name: common + 3 * references["r", name] for name in EXPRESSIONS}
    found = without_common_face({name: image[None] for name, image in mixed.items()}, references)
    assert np.diag(found[0]).min() > 0.95
    assert np.abs(found.sum(axis=2)).max() < 1, "others are left out on average"
    own["fear"][1] = np.nan
    lacking = without_common_face(own, references)
    assert np.isnan(lacking[1, 2]).all() and np.isfinite(lacking[1, 3]).all()
    standard = {name: stats.zscore(image[0], axis=None) for name, image in own.items()}
    mean = np.mean(list(standard.values()), axis=0)
    left = stats.zscore(references["r", "fear"], axis=None) - np.mean(
        [stats.zscore(image, axis=None) for image in references.values()], axis=0
    )
    expected = np.corrcoef((standard["anger"] - mean).ravel(), left.ravel())[0, 1]
    assert lacking[0, 0, 2] == pytest.approx(expected)


def test_cross_expression_scores_are_means_over_networks(world):
    keys = ["explainer", "reference", "score", "heatmap", "drawn_for"]
    table = cross_expression_table(world).set_index(keys)
    column = world.references.index(("own", "fear"))
    values = [
        world.measured["lime", name].value[position("iou"), :, 0, column].mean()
        for name in ("seer", "blind")
    ]
    assert table.loc[("lime", "own", "iou", "anger", "fear"), "value"] == pytest.approx(
        np.mean(values)
    )
    assert table.loc[("lime", "own", "iou", "fear", "fear"), "networks"] == 1


def test_why_a_mean_over_networks_has_no_p():
    known = {"untrained": 0.5, "shuffled": 0.5}
    assert _reason({**known, "p": 0.1}) == {"reason": ""}
    assert _reason({**known, "p": np.nan}) == {"reason": FEW_NETWORKS}
    assert _reason({**known, "shuffled": np.nan, "p": np.nan}) == {"reason": NO_NULL}
