"""Agreement: scores held against scikit-learn and SciPy, chance, intervals, and their tables."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from scipy import stats
from scipy.spatial.distance import cityblock
from sklearn.metrics import (
    average_precision_score,
    f1_score,
    jaccard_score,
    precision_score,
    recall_score,
    roc_auc_score,
)

from facsimile import EXPRESSIONS
from facsimile.atlas.heatmaps import COARSE, CarriedFaces, coarsen
from facsimile.errors import UserError
from facsimile.measure import intervals
from facsimile.measure import scores as package
from facsimile.measure.agreement import Agreement, Yardstick, coarse_reference, measure
from facsimile.measure.chance import Placed, placements
from facsimile.measure.pretraining import Origin, pretraining_table, read_origins, twins
from facsimile.measure.scores import main_score, position, scores, scores_of
from facsimile.measure.scoring import (
    Densities,
    Maps,
    References,
    density_scores,
    flaw,
    flaw_of_reference,
    region_scores,
    stretch,
)
from facsimile.measure.specificity import contrast, false_discovery, permute_labels
from facsimile.measure.table import (
    ALL,
    Study,
    agreement_table,
    cross_expression_table,
    specificity_table,
)

SHAPE = (9, 7)
FRAME = (275, 224)
HEATMAPS = arrays(np.float64, SHAPE, elements=st.floats(0, 1, width=16))
MASKS = arrays(bool, SHAPE)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


# Scores


def of_region(heatmap, mask):
    found = region_scores(Maps.of(heatmap[None]), mask.reshape(-1, 1))
    return {score: value.item() for score, value in found.items()}


@given(HEATMAPS, MASKS)
def test_region_scores_are_those_of_scikit_learn(heatmap, mask):
    assume(0 < mask.mean() < 1 and np.ptp(heatmap) > 0)
    found = of_region(heatmap, mask)
    maps = Maps.of(heatmap[None])
    truth, above = mask.ravel(), maps.found[0]
    assert (above == (stretch(maps.values)[0] > maps.threshold[0])).all()
    for score, expected in {
        "iou": jaccard_score(truth, above),
        "precision": precision_score(truth, above),
        "recall": recall_score(truth, above),
        "f1": f1_score(truth, above),
        "auroc": roc_auc_score(truth, heatmap.ravel()),
        "average_precision": average_precision_score(truth, heatmap.ravel()),
        "relevance_mass": heatmap[mask].sum() / heatmap.sum(),
        "pointing": mask[heatmap == heatmap.max()].mean(),
    }.items():
        assert found[score] == pytest.approx(expected), score


@given(HEATMAPS, HEATMAPS)
def test_density_scores_are_those_of_scipy(heatmap, density):
    assume(np.ptp(heatmap) > 0.01 and np.ptp(density) > 0.01)
    found = density_scores(Maps.of(heatmap[None]), Densities.of(density[None]))
    p, q = heatmap.ravel() / heatmap.sum(), density.ravel() / density.sum()
    expected = {
        "pearson": stats.pearsonr(heatmap.ravel(), density.ravel())[0],
        "spearman": stats.spearmanr(heatmap.ravel(), density.ravel())[0],
        # The smaller of two shares is what they do not differ by.
        "sim": 1 - cityblock(p, q) / 2,
        "kl": stats.entropy(q, p + np.finfo(float).eps * (1 + p.size * 0)),
        "nss": np.average(stats.zscore(heatmap.ravel()), weights=q),
    }
    for score, value in expected.items():
        assert found[score].item() == pytest.approx(value, abs=1e-6), score


@given(st.integers(0, 999), st.integers(-10, 10))
def test_scores_depend_on_a_heatmaps_shape_not_its_scale(seed, exponent):
    # Whole numbers and powers of two, which floats hold exactly.
    heatmap = np.random.default_rng(seed).integers(0, 100, SHAPE).astype(float)
    mask = heatmap.T.reshape(SHAPE) > 50
    assert of_region(heatmap * 2.0**exponent, mask) == pytest.approx(of_region(heatmap, mask))


def test_a_heatmap_that_is_its_mask_agrees_wholly(rng):
    mask = rng.random(SHAPE) < 0.4
    every = dict.fromkeys(scores_of("region"), 1)
    assert of_region(mask.astype(float), mask) == pytest.approx(every)
    opposite = of_region(1.0 - mask, mask)
    assert opposite.pop("average_precision") == pytest.approx(mask.mean())
    assert set(opposite.values()) == {0.0}


def test_the_whole_frame_scores_its_share():
    mask = np.arange(63).reshape(SHAPE) < 20
    found = region_scores(Maps.of_region(np.ones(SHAPE, bool)), mask.reshape(-1, 1))
    share = {"recall": 1.0, "auroc": 0.5, "f1": 2 * 20 / (63 + 20)}
    for score in scores_of("region"):
        assert found[score].item() == pytest.approx(share.get(score, 20 / 63)), score


def test_a_heatmap_is_stretched_to_all_of_8_bits():
    assert stretch(np.array([[-1.0, 0.0, 1.0]])).tolist() == [[0, 128, 255]]


def test_scores_apply_to_references_of_their_kind(rng):
    references = {("mask", "fear"): rng.random(SHAPE) < 0.4, ("map", "fear"): rng.random(SHAPE)}
    table = References(references).score(Maps.of(rng.random((5, *SHAPE))))
    assert table.shape == (len(scores()), 5, 2)
    defined = np.isfinite(table).all(axis=1)
    names = np.array(list(scores()))
    assert names[defined[:, 0]].tolist() == list(scores_of("region"))
    assert names[defined[:, 1]].tolist() == list(scores_of("density"))
    for at, score in enumerate(scores().values()):
        low, high = score.limits
        values = table[at][np.isfinite(table[at])]
        assert (values >= low - 1e-9).all() and (values <= high + 1e-9).all()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda heatmap: heatmap * np.nan, "no face explained"),
        (lambda heatmap: np.where(heatmap > 0.9, np.nan, heatmap), "heatmap with undefined pixels"),
        (lambda heatmap: np.where(heatmap > 0.9, np.inf, heatmap), "heatmap with undefined pixels"),
        (lambda heatmap: heatmap * 0 + 0.3, "constant heatmap"),
        (lambda heatmap: heatmap, ""),
    ],
    ids=["nowhere", "holes", "infinite", "constant", "good"],
)
def test_an_undefined_heatmap_has_a_reason(rng, change, reason):
    assert flaw(change(rng.random(SHAPE))) == reason


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        (np.zeros(SHAPE, bool), "empty mask"),
        (np.ones(SHAPE, bool), "full mask"),
        (np.full(SHAPE, 0.3), "constant reference"),
        (np.full(SHAPE, np.nan), "reference with undefined pixels"),
        (np.linspace(-1, 1, 63).reshape(SHAPE), "reference with negative pixels"),
        (np.eye(9, 7, dtype=bool), ""),
    ],
)
def test_a_useless_reference_is_refused_with_its_reason(reference, reason):
    assert flaw_of_reference(reference) == reason
    if reason:
        with pytest.raises(UserError, match=f"'gaze' of fear.*{reason}"):
            Yardstick({("gaze", "fear"): reference}, np.arange(63)[None])


def test_each_score_says_of_itself_what_others_need():
    assert list(scores()) == [
        "iou", "precision", "recall", "f1", "auroc", "average_precision", "relevance_mass",
        "pointing", "pearson", "spearman", "sim", "kl", "nss",
    ]  # fmt: skip
    assert all(score.label and score.source for score in scores().values())
    assert (main_score("region").name, main_score("density").name) == ("iou", "pearson")
    assert {name for name, score in scores().items() if score.sign == -1} == {"kl"}


HALVES = """
from facsimile.measure.scores import Score

HALVES = Score(
    name="halves", kind="region", order=85, label="halves", source="this test",
    function=lambda both: both.hit / both.area / 2, limits=(0, 0.5),
)
"""


def test_a_score_added_as_a_file_is_in_the_tables(tmp_path, monkeypatch, rng):
    (tmp_path / "halves.py").write_text(HALVES)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    scores.cache_clear()
    try:
        references = {("mask", name): rng.random(FRAME) < 0.4 for name in EXPRESSIONS}
        heatmaps = {name: rng.random(FRAME) for name in EXPRESSIONS}
        yardstick = Yardstick(references, np.arange(np.prod(COARSE))[None])
        study = Study.of({("l", "n"): measure(heatmaps, {}, {}, None, yardstick)}, references, {})
        values = agreement_table(study).pivot_table("value", "expression", "score")
        assert values["halves"].to_numpy() == pytest.approx(values["recall"] / 2)
        assert list(scores())[7:10] == ["pointing", "halves", "pearson"]
    finally:
        scores.cache_clear()


# Chance


def test_placements_are_a_group_that_keeps_what_is_off_the_face(rng):
    face = np.zeros((8, 10), bool)
    face[1:7, 2:8] = True
    orders = placements(face)
    assert len(orders) == 4 * 3 * 3
    assert (orders[0] == np.arange(80)).all()
    assert (np.sort(orders, axis=1) == np.arange(80)).all()
    assert (orders[:, ~face.ravel()] == np.flatnonzero(~face.ravel())).all()
    known = {tuple(order) for order in orders}
    assert len(known) == len(orders)
    for one, other in rng.integers(0, len(orders), (50, 2)):
        assert tuple(orders[one][orders[other]]) in known


@pytest.mark.parametrize("kind", [bool, float])
def test_chance_is_the_mean_over_placements_and_p_their_share(rng, kind):
    face = np.ones((6, 8), bool)
    orders = placements(face)
    heatmap, reference = rng.random((6, 8)), rng.random((6, 8))
    reference = reference > 0.6 if kind is bool else reference
    found = Placed(reference, orders).chance(Maps.of(heatmap[None]))
    moved = {("r", str(k)): reference.ravel()[order] for k, order in enumerate(orders)}
    table = References(moved).score(Maps.of(heatmap.reshape(1, -1)))[:, 0]
    assert found.level == pytest.approx(table.mean(axis=1), nan_ok=True)
    for at, score in enumerate(scores()):
        sign = -1 if score == "kl" else 1
        share = np.mean(sign * table[at] >= sign * table[at][0] - 1e-9)
        if np.isfinite(table[at]).all():
            assert found.p[at] == pytest.approx(share), score


def test_the_true_place_has_the_smallest_p(rng):
    mask = np.zeros((12, 10), bool)
    mask[2:5, 1:4] = True
    orders = placements(np.ones_like(mask))
    found = Placed(mask, orders).chance(Maps.of(mask[None] + 0.01 * rng.random((1, 12, 10))))
    at = position("auroc")
    assert found.p[at] == pytest.approx(1 / len(orders), abs=3 / len(orders))
    assert found.level[at] < 0.6


# Specificity and multiplicity


def test_specificity_is_own_less_the_others(rng):
    scores = rng.random((6, 6))
    expected = [scores[i, i] - np.delete(scores[i], i).mean() for i in range(6)]
    assert contrast(scores) == pytest.approx(expected)


def test_all_orders_of_the_labels_are_tried():
    chance, p = permute_labels(np.eye(4), "iou")
    assert chance == pytest.approx(1 / 4)
    assert p == 1 / 24
    assert permute_labels(np.eye(4), "kl")[1] == 1.0
    assert permute_labels(np.full((4, 4), 0.3), "iou")[1] == 1.0


def test_false_discovery_is_within_families_and_leaves_out_the_undefined():
    table = pd.DataFrame({"p": [0.01, 0.04, np.nan, 0.04, np.nan], "family": list("aaabc")})
    q = false_discovery(table, ["family"])
    assert q.tolist() == pytest.approx([0.02, 0.04, np.nan, 0.04, np.nan], nan_ok=True)


# Intervals


def faces_of(people, folds, maps, known=True):
    people = np.asarray(people, str)
    ids = np.array([f"face {number}" for number in range(len(people))])
    return CarriedFaces(ids, people, np.full(len(people), known), np.asarray(folds), maps)


def test_people_are_drawn_within_folds_and_count_as_rao_and_wu_say():
    faces = pd.DataFrame(
        {"id": [f"f{i}" for i in range(9)], "corpus": "c", "subject": list("aabbccdde")}
    ).assign(fold=[0, 0, 0, 0, 0, 0, 1, 1, 2])
    weights = intervals.draw_people(faces, 400, 1)
    assert weights.index.tolist() == [f"c/{name}" for name in "abcde"]
    assert (weights.loc[["c/a", "c/b", "c/c"]].sum() == 3).all()
    assert (weights.loc[["c/d", "c/e"]] == 1).all(axis=None), "alone in a fold: always there"
    assert set(np.unique(weights.loc["c/a"])) <= {0.0, 1.5, 3.0}
    # The variance of the mean of n values is theirs, with n - 1 below, over n.
    values = np.array([1.0, 2.0, 6.0])
    means = values @ weights.loc[["c/a", "c/b", "c/c"]].to_numpy() / 3
    assert means.var() == pytest.approx(values.var(ddof=1) / 3, rel=0.2)
    assert intervals.draw_people(faces, 400, 1).equals(weights)


def test_subjects_nobody_knows_are_drawn_face_by_face():
    faces = pd.DataFrame({"id": ["x", "y", "z"], "corpus": "c", "subject": [None, None, "s"]})
    weights = intervals.draw_people(faces.assign(fold=0), 5, 1)
    assert weights.index.tolist() == ["c/s", "x", "y"]
    carried = CarriedFaces.of(faces.assign(fold=0), np.zeros((3, *COARSE), np.float32))
    assert carried.person.tolist() == ["x", "y", "c/s"]
    assert carried.known.tolist() == [False, False, True]
    assert carried.subjects == 1


def test_without_faces_no_map_is_drawn():
    faces = faces_of([], [], np.empty((0, *COARSE), np.float32))
    weights = pd.DataFrame(1.0, index=["a/s"], columns=range(3))
    drawn = intervals.drawn_maps(faces, weights)
    assert drawn.shape == (3, COARSE[0] * COARSE[1])
    assert np.isnan(drawn).all()


def test_drawn_maps_are_weighted_means(rng):
    maps = rng.random((4, *COARSE)).astype(np.float32)
    faces = faces_of(["a", "a", "b", "c"], [0, 0, 0, 0], maps)
    weights = pd.DataFrame({0: [1.0, 1.0, 1.0], 1: [3.0, 0, 0], 2: [0.0, 0, 0]}, index=list("abc"))
    drawn = intervals.drawn_maps(faces, weights).reshape(3, *COARSE)
    assert drawn[0] == pytest.approx(maps.mean(axis=0), abs=1e-6)
    assert drawn[1] == pytest.approx(maps[:2].mean(axis=0), abs=1e-6)
    assert np.isnan(drawn[2]).all(), "nobody was drawn"
    nobody = faces_of([], [], maps[:0])
    assert np.isnan(intervals.drawn_maps(nobody, weights)).all()
    assert intervals.drawn_maps(nobody, weights).shape == (3, maps[0].size)


@pytest.mark.parametrize(
    ("people", "folds", "known", "unit"),
    [
        ("abcd", [0, 0, 1, 1], True, "subjects"),
        ("abcd", [0, 0, 1, 1], False, "faces"),
        ("aaaa", [0, 0, 0, 0], True, "one subject a fold: no interval"),
        ("", [], True, ""),
    ],
)
def test_the_table_says_what_was_drawn(people, folds, known, unit):
    faces = faces_of(list(people), folds, np.zeros((len(people), *COARSE)), known)
    assert intervals.resampling_unit(faces) == unit


def test_no_faces_is_said_too():
    assert intervals.resampling_unit(None) == "no faces: no interval"


def test_an_interval_holds_its_value_and_stays_within_the_scores_limits(rng):
    draws = 0.9 + 0.2 * rng.random(500)
    low, high = intervals.interval(0.95, 0.95, draws, 20, "auroc")
    assert low < 0.95 <= high == 1.0
    low, high = intervals.interval(-0.9, -0.9, draws - 1.9, 20, "auroc", difference=True)
    assert low < -0.9 < high
    assert np.isnan(intervals.interval(0.5, 0.5, draws, 0, "auroc")).all()
    assert np.isnan(intervals.interval(np.nan, np.nan, draws, 20, "auroc")).all()


# One network, and the tables


@pytest.fixture(scope="module")
def world():
    """Regions of six expressions, and two networks: one that knows them, and one that does not."""
    rng = np.random.default_rng(3)
    references = {}
    for number, name in enumerate(EXPRESSIONS):
        mask = np.zeros(FRAME, bool)
        mask[40 * number + 10 : 40 * number + 50, 30 + 20 * number : 90 + 20 * number] = True
        references["own", name] = mask
        references["soft", name] = mask + 0.1
    faces = pd.DataFrame({"id": [f"f{i}" for i in range(24)], "corpus": "c"})
    faces = faces.assign(subject=[f"s{i // 2}" for i in range(24)], fold=np.arange(24) // 8)
    weights = intervals.draw_people(faces, 60, 1)
    square = np.zeros((11, 14), bool)
    square[:10, 1:13] = True
    orders = placements(np.kron(square, np.ones((5, 4))) > 0, step=10)
    yardstick = Yardstick(references, orders)
    measured = {}
    for network, knows in (("seer", 1.0), ("blind", 0.0)):
        heatmaps, folds, carried = {}, {}, {}
        for name in EXPRESSIONS:
            truth = knows * coarsen(references["own", name])
            maps = (truth + rng.random((24, *COARSE))).astype(np.float32)
            fine = np.repeat(np.repeat(maps, 5, axis=1), 4, axis=2)
            heatmaps[name] = fine.mean(axis=0)
            folds[name] = np.stack([fine[faces["fold"] == fold].mean(axis=0) for fold in range(3)])
            carried[name] = CarriedFaces.of(faces, maps)
        if network == "blind":
            heatmaps["fear"] = heatmaps["fear"] * np.nan
            folds["fear"] = folds["fear"] * np.nan
        measured["lime", network] = measure(heatmaps, folds, carried, weights, yardstick)
    rivals = {"ones": np.ones(FRAME, bool), "center": np.outer(np.hanning(275), np.hanning(224))}
    return Study.of(measured, references, rivals)


@pytest.fixture(scope="module")
def table(world):
    return agreement_table(world)


def test_agreement_survives_its_file(world, tmp_path):
    found = world.measured["lime", "seer"]
    found.save(tmp_path / "a.npz")
    again = Agreement.load(tmp_path / "a.npz")
    for name, values in vars(found).items():
        np.testing.assert_array_equal(values, getattr(again, name))


def test_the_table_has_the_columns_promised_and_a_row_a_score(table):
    assert table.columns[:14].tolist() == [
        "explainer", "network", "expression", "reference", "score", "value", "low", "high",
        "chance", "rival", "p", "q", "n_faces", "n_subjects",
    ]  # fmt: skip
    assert len(table) == 2 * 6 * len(scores())
    assert not table.duplicated(table.columns[:5].tolist()).any()
    defined = table[table["value"].notna()]
    assert defined[["low", "high", "chance", "rival", "p", "q"]].notna().all(axis=None)
    assert ((defined["low"] <= defined["value"]) & (defined["value"] <= defined["high"])).all()
    assert (defined["q"] >= defined["p"] - 1e-12).all()
    assert set(defined["interval"]) == {"subjects"}
    assert (table[["n_faces", "n_subjects"]] == [24, 12]).all(axis=None)


def test_a_heatmap_of_no_face_has_empty_values_and_its_reason(table):
    rows = table[(table["network"] == "blind") & (table["expression"] == "fear")]
    empty = ["value", "low", "high", "chance", "p", "q", "specificity", "fold_mean", "threshold"]
    assert rows[empty].isna().all(axis=None)
    assert set(rows["reason"]) == {"no face explained"}
    assert set(table.drop(rows.index)["reason"]) == {""}


def test_who_knows_the_regions_is_above_chance_and_rivals_and_specific(table):
    rows = table[(table["network"] == "seer") & (table["score"] == "auroc")]
    assert (rows["p"] < 0.05).all()
    assert (rows["value"] > rows["chance"]).all()
    assert (rows["difference_low"] > 0).all()
    assert (rows["specificity_low"] > 0).all()
    assert rows["difference"].to_numpy() == pytest.approx(rows["value"] - rows["rival"])


def test_the_best_rival_of_a_divergence_is_the_lowest(world, table):
    rows = table[(table["score"] == "kl") & (table["network"] == "seer")]
    at = position("kl")
    for row in rows.itertuples():
        column = world.references.index(("soft", row.expression))
        scores = {name: values[at, column] for name, values in world.rivals.items()}
        assert row.best_rival == min(scores, key=scores.get)


def test_folds_are_averaged(world, table):
    found = world.measured["lime", "seer"]
    row = table.query("network == 'seer' and expression == 'fear' and score == 'iou'").iloc[0]
    column = world.references.index(("own", "fear"))
    values = found.folds[position("iou"), :, EXPRESSIONS.index("fear"), column]
    assert row["fold_mean"] == pytest.approx(values.mean())
    assert row["fold_std"] == pytest.approx(values.std(ddof=1))
    assert row["folds"] == 3


def test_specificity_of_networks_and_of_all(world):
    table = specificity_table(world).set_index(["network", "reference", "score"])
    seer = table.loc[("seer", "own", "auroc")]
    assert seer["p"] == pytest.approx(1 / 720)
    assert seer["specificity"] == pytest.approx(seer["value"] - seer["others"])
    assert seer["specificity_low"] > 0.1
    assert seer["interval"] == "subjects"
    assert table.loc[("blind", "own", "auroc"), "n_expressions"] == 5
    everyone = table.loc[(ALL, "own", "auroc")]
    assert everyone["n_networks"] == 1, "only one has all six expressions"
    assert everyone["interval"] == "fewer than two networks: no interval"


def test_an_expression_that_no_network_has_is_left_out_of_all(world):
    measured = {("lime", name): world.measured["lime", "blind"] for name in "ab"}
    study = Study(measured, world.expressions, world.references, world.scores, world.rivals)
    table = specificity_table(study).set_index(["network", "reference", "score"])
    everyone = table.loc[(ALL, "own", "auroc")]
    assert (everyone["n_networks"], everyone["n_expressions"]) == (2, 5)
    assert everyone["interval"] == "networks"
    assert everyone["value"] == pytest.approx(table.loc[("a", "own", "auroc"), "value"])


def test_cross_expression_scores_are_means_over_networks(world):
    table = cross_expression_table(world).set_index(["reference", "score", "heatmap", "drawn_for"])
    values = [
        found.value[position("iou"), 0, world.references.index(("own", "fear"))]
        for found in world.measured.values()
    ]
    assert table.loc[("own", "iou", "anger", "fear"), "value"] == pytest.approx(np.mean(values))
    assert table.loc[("own", "iou", "fear", "fear"), "networks"] == 1


def test_external_heatmaps_have_no_intervals_and_say_so(rng):
    mask = np.zeros(FRAME, bool)
    mask[50:150, 60:120] = True
    references = {("own", name): mask for name in EXPRESSIONS}
    yardstick = Yardstick(references, np.arange(np.prod(COARSE))[None])
    heatmaps = {name: rng.random(FRAME) for name in EXPRESSIONS}
    heatmaps["anger"] = heatmaps["anger"] * np.nan
    found = measure(heatmaps, {}, {}, None, yardstick, "no heatmap given")
    study = Study.of({("external", "a"): found}, references, {})
    table = agreement_table(study)
    assert table[["low", "high", "rival"]].isna().all(axis=None)
    assert set(table["interval"]) == {"no faces: no interval"}
    assert set(table.query("expression == 'anger'")["reason"]) == {"no heatmap given"}


@pytest.mark.parametrize("small", [True, False])
def test_a_region_or_gap_smaller_than_a_block_does_not_vanish(small):
    mask = np.full(FRAME, not small)
    mask[101, 102] = small
    assert flaw_of_reference(coarse_reference(mask)) == ""


# Pre-training


def test_twins_are_of_one_architecture():
    origins = {
        "a": Origin("resnet50", "resnet", "imagenet"),
        "b": Origin("resnet50", "resnet", "random"),
        "c": Origin("weinet", "plain", "random"),
        "d": Origin("resnet50", "resnet", ""),
    }
    assert twins(origins) == [("a", "b")]


def test_twins_are_compared_on_the_same_draws(world):
    origins = {
        "seer": Origin("weinet", "plain", "weights.pth"),
        "blind": Origin("weinet", "plain", "random"),
    }
    table = pretraining_table(world, origins, 1)
    rows = table[(table["comparison"] == "twins") & (table["score"] == "auroc")]
    assert rows["expression"].tolist() == [*EXPRESSIONS, ALL]
    known = rows[~rows["expression"].isin(["fear", ALL])]
    assert (known["low"] > 0).all() and (known["p"] < 0.001).all()
    assert not known["confounded"].any()
    assert rows[rows["expression"] == "fear"][["difference", "low", "p"]].isna().all(axis=None)
    assert (table["comparison"] == "twins").all(), "one of each is no comparison between many"


@pytest.mark.filterwarnings("ignore:Precision loss")  # the networks of a kind are the same here
def test_without_twins_networks_are_compared_and_marked_as_confounded(world):
    """Of two kinds with two networks each, one kind knows the regions."""
    found = world.measured
    four = {("lime", name): found["lime", name[:-1]] for name in ("seer1", "seer2")}
    rest = {("lime", f"blind{n}"): found["lime", "blind"] for n in (1, 2)}
    study = Study(four | rest, world.expressions, world.references, world.scores, world.rivals)
    origins = {name: Origin(name, "x", "imagenet") for name in ("seer1", "seer2")}
    origins |= {name: Origin(name, "y", "random") for name in ("blind1", "blind2")}
    table = pretraining_table(study, origins, 1)
    assert set(table["comparison"]) == {"between architectures"}
    assert table["confounded"].all()
    row = table.query("expression == 'anger' and score == 'auroc'").iloc[0]
    assert (row["pretrained"], row["scratch"]) == ("2 networks", "2 networks")
    assert row["difference"] == pytest.approx(row["value_pretrained"] - row["value_scratch"])
    assert row["p"] == pytest.approx(2 / 6), "six ways to choose two of four, two-sided"
    assert "fear" not in set(table["expression"]), "nobody from scratch has a heatmap"


def test_permutations_of_many_networks_are_drawn_with_the_studys_seed(world, rng):
    """Sixteen networks have 12,870 orders, more than are tried."""
    found, measured, origins = world.measured["lime", "seer"], {}, {}
    for number in range(16):
        noise = 0.1 * rng.standard_normal(found.value.shape) + 0.05 * (number % 2)
        measured["lime", f"n{number}"] = replace(found, value=found.value + noise)
        origins[f"n{number}"] = Origin(f"n{number}", "", ("random", "imagenet")[number % 2])
    study = Study(measured, world.expressions, world.references, {"own": ["auroc"]}, {})
    first, again, other = (pretraining_table(study, origins, seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert (first["p"] != other["p"]).any()
    assert first["p"].to_numpy() == pytest.approx(other["p"].to_numpy(), abs=0.03)
    assert first.drop(columns=["p", "q"]).equals(other.drop(columns=["p", "q"]))


def test_networks_that_start_alike_are_not_compared(world):
    alike = dict.fromkeys(("seer", "blind"), Origin("weinet", "plain", "random"))
    assert pretraining_table(world, alike, 1).empty
    assert pretraining_table(world, {}, 1).empty


def test_origins_are_read_from_tables(tmp_path, root):
    families = root / "resources" / "network_families.csv"
    path = tmp_path / "networks.csv"
    path.write_text("network,start,family\nvgg16,imagenet,\nmine,,own\n")
    origins = read_origins({"weinet": ("weinet", "random")}, families, [path])
    assert origins["weinet"] == Origin("weinet", "plain", "random")
    assert origins["vgg16"] == Origin("vgg16", "vgg", "imagenet")
    assert origins["mine"].family == "own" and not origins["mine"].pretrained
    path.write_text("network\na\n")
    with pytest.raises(UserError, match=r"networks\.csv lacks the column start"):
        read_origins({}, families, [path])


# The published numbers


@pytest.fixture(scope="module")
def published_scores(shared):
    """Return the IoU of each published heatmap with each published mask, and the figures."""
    published = shared / "published"
    masks = {
        ("mask", name): grey(published / "masks" / f"{name}.png") > 127 for name in EXPRESSIONS
    }
    references = References(masks)
    networks = sorted(path.name for path in (published / "heatmaps").iterdir())
    scores = {}
    for network in networks:
        paths = [published / "heatmaps" / network / f"{name}.png" for name in EXPRESSIONS]
        scores[network] = references.score(Maps.of(np.stack([grey(path) for path in paths])))
    figures = pd.read_csv(published / "agreement.csv").set_index(["architecture", "expression"])
    return scores, figures["iou_pooled"]


def grey(path):
    return np.asarray(Image.open(path).convert("L"))


def test_the_72_published_agreements_are_found_again(published_scores):
    scores, figures = published_scores
    found = pd.Series(
        {
            (network, name): table[position("iou"), row, row]
            for network, table in scores.items()
            for row, name in enumerate(EXPRESSIONS)
        }
    )
    assert len(found) == 72
    assert (found - figures.reindex(found.index)).abs().max() < 5.0001e-5
    means = found.groupby(level=0).mean()
    assert found.mean() == pytest.approx(0.2689, abs=5e-5)
    assert (means.idxmax(), round(means.max(), 4)) == ("resnet50", 0.3269)
    assert (means.idxmin(), round(means.min(), 4)) == ("alexnet", 0.2066)


def test_the_published_heatmaps_are_no_more_specific_than_measured_before(published_scores):
    scores, _ = published_scores
    mean = np.mean([table[position("iou")] for table in scores.values()], axis=0)
    own = np.diag(mean).mean()
    assert own == pytest.approx(0.269, abs=5e-4)
    assert own - contrast(mean).mean() == pytest.approx(0.262, abs=5e-4)
    assert permute_labels(mean, "iou")[1] == pytest.approx(0.39, abs=5e-3)
