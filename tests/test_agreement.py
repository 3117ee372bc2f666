"""The table of agreement: a row a score, and explainers compared."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from facsimile import EXPRESSIONS
from facsimile.atlas.heatmaps import COARSE
from facsimile.errors import UserError
from facsimile.measure.agreement import NUMBERS, Agreement, Yardstick, coarse_reference, measure
from facsimile.measure.cells import agreement_table
from facsimile.measure.contrasts import contrasts_table
from facsimile.measure.null import NO_NULL, NullLevel
from facsimile.measure.overall import overall_table
from facsimile.measure.scores import position, scores
from facsimile.measure.scoring import flaw_of_reference
from facsimile.measure.table import ALL
from made_up_agreement import FRAME, REPEATS, cell, study_of


@pytest.fixture(scope="module")
def table(world):
    return agreement_table(world)


def test_agreement_survives_its_file(world, tmp_path):
    for found in (world.measured["lime", "seer"], world.null["lime", "seer"]):
        found.save(tmp_path / "a.npz")
        again = type(found).load(tmp_path / "a.npz")
        assert isinstance(found, Agreement | NullLevel)
        for name, values in vars(found).items():
            np.testing.assert_array_equal(values, getattr(again, name))


def test_the_table_has_the_columns_promised_and_a_row_a_score(table):
    assert table.columns.tolist() == [
        "explainer", "network", "expression", "reference", "score", "role", "value", "low", "high",
        "pooled", "equal", "n_equal", "untrained", "shuffled", "chance", "p", "p_min", "q",
        "elsewhere", "rival", "best_rival", "difference", "difference_low", "difference_high",
        "specificity", "reliability", "n_repeats", "n_faces", "n_subjects", "interval",
        "fold_mean", "fold_std", "folds", "threshold", "reason",
    ]  # fmt: skip
    assert len(table) == 4 * 6 * len(scores())
    assert not table.duplicated(table.columns[:5].tolist()).any()
    defined = table[table["value"].notna()]
    numbers = ["pooled", "equal", "chance", "elsewhere", "rival", "p", "q"]
    assert defined[numbers].notna().all(axis=None)
    # The hottest pixel of the seer lies inside whoever is drawn: nothing tells how sure that is.
    assert set(defined.loc[defined["low"].isna(), "score"]) <= {"pointing"}
    defined = defined[defined["low"].notna()]
    assert ((defined["low"] <= defined["value"]) & (defined["value"] <= defined["high"])).all()
    assert (defined["q"] >= defined["p"] - 1e-12).all()
    assert set(defined["interval"]) == {"people and trainings"}
    assert (defined[["n_faces", "n_subjects", "n_repeats"]] == [24, 12, 3]).all(axis=None)
    assert set(defined["n_equal"]) == {24}
    assert set(defined["p_min"]) == {2 / 84}, "three of three and six"


def test_one_reference_and_score_are_primary(world, table):
    assert set(table.loc[table["role"] == "primary", "score"]) == {"auroc"}
    assert set(table.loc[table["role"] == "primary", "reference"]) == {"own"}
    for role in ("primary", "exploratory"):
        rows = table[(table["role"] == role) & table["p"].notna()]
        q = stats.false_discovery_control(rows["p"])
        assert rows["q"].to_numpy() == pytest.approx(q)
    references = dict.fromkeys(world.references, np.eye(*FRAME, dtype=bool))
    with pytest.raises(UserError, match="'pearson' is no score of a region, as 'own' is"):
        study_of(dict(world.measured), references, primary=("own", "pearson"))


def test_a_heatmap_of_no_face_has_empty_values_and_its_reason(table):
    rows = table[(table["network"] == "blind") & (table["expression"] == "fear")]
    empty = ["value", "low", "high", "pooled", "equal", "chance", "p", "q", "specificity",
             "fold_mean", "threshold", "reliability"]  # fmt: skip
    assert rows[empty].isna().all(axis=None)
    assert set(rows["reason"]) == {"no face explained"}
    assert set(table.drop(rows.index)["reason"]) == {""}


def test_a_value_is_the_mean_of_the_trainings(world, table):
    found = world.measured["lime", "seer"]
    own = found.value[position("auroc"), :, 1, world.references.index(("own", "disgust"))]
    row = cell(table, explainer="lime", network="seer", expression="disgust", score="auroc")
    assert row["value"].item() == pytest.approx(own.mean())
    assert row["pooled"].item() > row["value"].item(), "the mean of maps has less noise"
    assert row["equal"].item() == pytest.approx(own.mean(), abs=0.02)
    fewer = found.equal[position("auroc"), : NUMBERS.index(24) + 1, 1, 0]
    assert (np.diff(fewer) > 0).all(), "the fewer faces, the more noise"
    assert NUMBERS[:6] == [1, 2, 3, 4, 6, 8]
    assert np.isnan(found.equal[position("auroc"), NUMBERS.index(32), 1, 0])


def test_who_knows_the_regions_is_above_chance_and_rivals_and_specific(table):
    rows = cell(table, network="seer", score="auroc")
    assert (rows["p"] == rows["p_min"]).all()
    assert (rows["value"] > rows["chance"]).all()
    assert (rows.loc[rows["explainer"] == "lime", "difference_low"] > 0).all()
    assert (rows["specificity"] > 0.1).all()
    assert rows["difference"].to_numpy() == pytest.approx(rows["value"] - rows["rival"])


def test_without_networks_that_know_nothing_there_is_no_p(world):
    study = replace(world, null={})
    table = agreement_table(study)
    assert table[["chance", "untrained", "shuffled", "p", "p_min", "q"]].isna().all(axis=None)
    assert set(table.loc[table["value"].notna(), "reason"]) == {NO_NULL}
    whole = overall_table(study)
    assert whole[["chance", "p", "p_min", "q"]].isna().all(axis=None)


def test_the_best_rival_of_a_divergence_is_the_lowest(world, table):
    at = position("kl")
    for row in cell(table, network="seer", score="kl").itertuples():
        column = world.references.index(("soft", row.expression))
        scores = {name: values[at, column] for name, values in world.rivals.items()}
        assert row.best_rival == min(scores, key=scores.get)


def test_folds_are_averaged(world, table):
    found = world.measured["lime", "seer"]
    row = cell(table, explainer="lime", network="seer", expression="fear", score="iou").iloc[0]
    values = found.folds[position("iou"), :, EXPRESSIONS.index("fear"), 0]
    assert row["fold_mean"] == pytest.approx(values.mean())
    assert row["fold_std"] == pytest.approx(values.std(ddof=1))
    assert row["folds"] == 2 * REPEATS


def test_explainers_are_compared_with_the_first_on_the_same_trainings(world, table):
    found = contrasts_table(world)
    assert found.columns.tolist() == [
        "one", "other", "network", "expression", "reference", "score", "role", "value_one",
        "value_other", "difference", "low", "high", "p", "p_min", "q", "n_repeats", "n_networks",
        "interval", "reason",
    ]  # fmt: skip
    assert set(found["one"]) == {"other"} and set(found["other"]) == {"lime"}
    row = cell(found, network="seer", expression="anger", score="auroc").iloc[0]
    cells = cell(table, network="seer", expression="anger", score="auroc")
    values = cells.set_index("explainer").loc[["other", "lime"], "value"].tolist()
    assert [row["value_one"], row["value_other"]] == pytest.approx(values)
    assert row["difference"] == pytest.approx(values[0] - values[1])
    assert row["low"] <= row["difference"] < row["high"]
    every = cell(found, network="seer", expression=ALL, score="auroc").iloc[0]
    assert every["high"] < 0 and every["p"] < 0.05
    nothing = cell(found, network="blind", expression="fear", score="auroc").iloc[0]
    assert np.isnan(nothing["difference"]) and nothing["reason"] == "no heatmap of both"
    every = cell(found, network=ALL, expression=ALL, score="auroc").iloc[0]
    assert (every["n_networks"], every["interval"]) == (1, "people; one network")
    assert np.isnan(every["p"]) and every["reason"] == "fewer than 3 networks"


def test_external_heatmaps_have_no_intervals_and_say_so(rng):
    mask = np.zeros(FRAME, bool)
    mask[50:150, 60:120] = True
    references = {("own", name): mask for name in EXPRESSIONS}
    yardstick = Yardstick(references, np.arange(np.prod(COARSE))[None])
    heatmaps = {name: rng.random(FRAME) for name in EXPRESSIONS}
    heatmaps["anger"] = heatmaps["anger"] * np.nan
    found = measure(heatmaps, {}, {}, {}, None, yardstick, 1, "no heatmap given")
    study = study_of({("external", "a"): found}, references)
    table = agreement_table(study)
    empty = ["low", "high", "rival", "equal", "n_equal", "p", "reliability"]
    assert table[empty].isna().all(axis=None)
    assert set(table["interval"]) == {"no faces: no interval"}
    assert set(table.query("expression == 'anger'")["reason"]) == {"no heatmap given"}
    given = table[table["expression"] != "anger"]
    assert given["value"].to_numpy() == pytest.approx(given["pooled"])
    assert (given["n_repeats"] == 1).all() and set(given["reason"]) == {NO_NULL}
    whole = overall_table(study).set_index(["network", "score"])
    assert whole.loc[("a", "iou"), "n_expressions"] == 5
    assert contrasts_table(study).empty and "q" in contrasts_table(study)


@pytest.mark.parametrize("small", [True, False])
def test_a_region_or_gap_smaller_than_a_block_does_not_vanish(small):
    mask = np.full(FRAME, not small)
    mask[101, 102] = small
    assert flaw_of_reference(coarse_reference(mask)) == ""
