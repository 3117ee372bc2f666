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
from facsimile.measure.agreement import (
    NUMBERS,
    Agreement,
    Yardstick,
    coarse_reference,
    measure,
    without_common_face,
)
from facsimile.measure.cells import agreement_table, cross_expression_table
from facsimile.measure.chance import Placed, placements
from facsimile.measure.contrasts import contrasts_table
from facsimile.measure.multiplicity import false_discovery
from facsimile.measure.null import (
    NO_NULL,
    NullLevel,
    compare_trainings,
    measure_null,
    null_of_networks,
)
from facsimile.measure.overall import overall_table
from facsimile.measure.permutations import exchange_groups, exchange_labels, orders_of_groups
from facsimile.measure.pretraining import Origin, pretraining_table, read_origins, twins
from facsimile.measure.ranks import rank_networks
from facsimile.measure.reliability import split_half
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
from facsimile.measure.specificity import contrast, specificity_table
from facsimile.measure.table import ALL, EVERY, Study, missed_in

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


def from_minimum(image):
    left = image.ravel() - image.min()
    return left / left.sum()


@given(HEATMAPS, HEATMAPS)
def test_density_scores_are_those_of_scipy(heatmap, density):
    assume(np.ptp(heatmap) > 0.01 and np.ptp(density) > 0.01)
    found = density_scores(Maps.of(heatmap[None]), Densities.of(density[None]))
    p, q = heatmap.ravel() / heatmap.sum(), density.ravel() / density.sum()
    expected = {
        "pearson": stats.pearsonr(heatmap.ravel(), density.ravel())[0],
        "spearman": stats.spearmanr(heatmap.ravel(), density.ravel())[0],
        # The smaller of two shares is what they do not differ by.
        "sim": 1 - cityblock(*map(from_minimum, (heatmap, density))) / 2,
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


def study_of(measured, references, rivals=None, null=None, primary=(None, None)):
    return Study.of(measured, references, rivals or {}, null or {}, primary, 1)


def test_a_score_added_as_a_file_is_in_the_tables(tmp_path, monkeypatch, rng):
    (tmp_path / "halves.py").write_text(HALVES)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    scores.cache_clear()
    try:
        references = {("mask", name): rng.random(FRAME) < 0.4 for name in EXPRESSIONS}
        heatmaps = {name: rng.random(FRAME) for name in EXPRESSIONS}
        yardstick = Yardstick(references, np.arange(np.prod(COARSE))[None])
        study = study_of(
            {("l", "n"): measure(heatmaps, {}, {}, {}, None, yardstick, 1)}, references
        )
        values = agreement_table(study).pivot_table("value", "expression", "score")
        assert values["halves"].to_numpy() == pytest.approx(values["recall"] / 2)
        assert list(scores())[7:10] == ["pointing", "halves", "pearson"]
    finally:
        scores.cache_clear()


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


# Intervals


def faces_of(people, repeats, maps, known=True):
    people = np.asarray(people, str)
    ids = np.array([f"face {number}" for number in range(len(people))])
    known = np.full(len(people), known)
    return CarriedFaces(ids, people, known, np.asarray(repeats), np.zeros(len(people), int), maps)


def test_people_are_drawn_and_count_as_rao_and_wu_say():
    faces = pd.DataFrame({"id": list("uvwxy"), "corpus": "c", "subject": list("aabcc")})
    weights = intervals.draw_people(faces, 400, 1)
    assert weights.index.tolist() == ["c/a", "c/b", "c/c"]
    assert weights.sum().to_numpy() == pytest.approx(3)
    assert set(np.unique(weights)) <= {0.0, 1.5, 3.0}
    # The variance of the mean of n values is theirs, with n - 1 below, over n.
    values = np.array([1.0, 2.0, 6.0])
    means = values @ weights.to_numpy() / 3
    assert means.var() == pytest.approx(values.var(ddof=1) / 3, rel=0.2)
    assert intervals.draw_people(faces, 400, 1).equals(weights)
    assert (intervals.draw_people(faces[:2], 5, 1) == 1).all(axis=None), "one person is always in"


def test_subjects_nobody_knows_are_drawn_face_by_face():
    faces = pd.DataFrame({"id": ["x", "y", "z"], "corpus": "c", "subject": [None, None, "s"]})
    weights = intervals.draw_people(faces, 5, 1)
    assert weights.index.tolist() == ["c/s", "x", "y"]
    carried = CarriedFaces.of(faces.assign(repeat=0, fold=0), np.zeros((3, *COARSE), np.float32))
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


@pytest.mark.parametrize(
    ("people", "known", "unit"),
    [
        ("abcd", True, "people"),
        ("abcd", False, "faces"),
        ("abcd", [True, True, False, False], "people and faces"),
        ("aaaa", True, "one person: no interval"),
        ("", True, ""),
    ],
)
def test_the_table_says_what_was_drawn(people, known, unit):
    faces = faces_of(list(people), [0] * len(people), np.zeros((len(people), *COARSE)), known)
    assert intervals.resampling_unit(faces) == unit


def test_what_an_interval_is_about_is_said():
    assert intervals.resampling_unit(None) == "no faces: no interval"
    assert intervals.words(["people", ""], "trainings", 3) == "people and trainings"
    assert intervals.words(["people"], "trainings", 1) == "people; one training"
    assert intervals.words(["people", "faces"], "networks", 4) == "people and faces and networks"
    alone = "one person: no interval"
    assert intervals.words(["people", alone], "trainings", 1) == alone
    assert intervals.words(["people", alone], "trainings", 3) == "trainings; one person"
    assert intervals.words([""], "trainings", 0) == ""


def test_an_interval_holds_its_value_and_stays_within_the_scores_limits(rng):
    draws = 0.9 + 0.2 * rng.random((1, 500))

    def bounds(value, draws, dof=20, **given):
        return intervals.estimate(
            *np.array([[value], [value]]), draws, dof, "auroc", **given
        ).bounds

    low, high = bounds(0.95, draws)
    assert low < 0.95 <= high == 1.0
    low, high = bounds(-0.9, draws - 1.9, difference=True)
    assert low < -0.9 < high
    assert np.isnan(bounds(0.5, draws, dof=0)).all()
    assert np.isnan(bounds(np.nan, draws)).all()


def test_variances_of_people_and_units_are_told_apart(rng):
    people, trainings = 200, 400
    shared, own = rng.normal(0, 1, people), rng.normal(0, 2, (trainings, people))
    values = shared + own + rng.normal(0, 0.3, (trainings, 1))
    weights = rng.multinomial(people, np.full(people, 1 / people), 300).T / people
    by_people, by_units, both = intervals.variances(values.mean(axis=1), values @ weights)
    assert by_people == pytest.approx((1 + 4 / trainings) / people, rel=0.3)
    assert by_units == pytest.approx((0.09 + 4 / people) / trainings, rel=0.3)
    assert both == pytest.approx(4 / people / trainings, rel=0.3)


def test_the_half_widths_of_both_sources_add_as_squares():
    estimate = intervals.Estimate(0.5, 0.5, ((0.01, 19), (0.0025, 2)), (0, 1))
    half = np.hypot(0.1 * stats.t.ppf(0.975, 19), 0.05 * stats.t.ppf(0.975, 2))
    assert estimate.bounds == pytest.approx((0.5 - half, 0.5 + half))
    edge = intervals.Estimate(half, half, estimate.sources, (-1, 1))
    assert edge.p == pytest.approx(0.05)
    alone = intervals.Estimate(0.2, 0.2, ((0.01, 19),), (-1, 1))
    assert alone.p == pytest.approx(2 * stats.t.sf(2, 19))
    assert np.isnan(intervals.Estimate(0.2, 0.2, (), (-1, 1)).p)


def test_ranks_are_as_sure_as_the_differences(rng):
    value, people = np.array([0.9, 0.5, 0.52, 0.1]), rng.normal(0, 0.01, (4, 300))
    rank, low, high = rank_networks(value, people, np.full(4, 1e-4), 8, rng)
    assert rank.tolist() == [1, 3, 2, 4]
    assert low.tolist() == [1, 2, 2, 4]
    assert high.tolist() == [1, 3, 3, 4]
    shared = rank_networks(value, people[:1].repeat(4, axis=0), np.zeros(4), 0, rng)
    assert shared[1].tolist() == shared[2].tolist() == rank.tolist(), "shared noise moves no rank"
    alone = rank_networks(value, np.empty((4, 0)), np.zeros(4), 0, rng)
    assert np.isnan(alone[1:]).all()


def test_reliability_is_of_the_whole_heatmap(rng):
    """The correlation of one more such heatmap, of as many other people, with this one."""
    truth = rng.standard_normal(COARSE)

    def some(count):
        noise = rng.standard_normal((count, *COARSE)).repeat(2, axis=0)
        maps = (truth + 3 * noise + rng.standard_normal(noise.shape)).astype(np.float32)
        names = np.arange(count).repeat(2).astype(str)
        return faces_of(names, np.tile([0, 1], count), maps)

    found = np.mean([split_half(some(10), seed) for seed in range(20)])
    pairs = [(some(10).maps.mean(axis=0), some(10).maps.mean(axis=0)) for _ in range(20)]
    expected = np.mean([np.corrcoef(one.ravel(), two.ravel())[0, 1] for one, two in pairs])
    assert found == pytest.approx(expected, abs=0.02)
    assert np.isnan(split_half(faces_of(["a", "a"], [0, 1], np.zeros((2, *COARSE))), 1))


# One network, and the tables

REPEATS = 3


def made(rng, knows, references, faces, weights, yardstick, lacks=()):
    """Return what is measured of a network that knows the regions more or less."""
    heatmaps, repeats, folds, carried = {}, {}, {}, {}
    for name in EXPRESSIONS:
        truth = knows * coarsen(references["own", name])
        maps = (truth + 3 * rng.random((len(faces), *COARSE))).astype(np.float32)
        fine = np.repeat(np.repeat(maps, 5, axis=1), 4, axis=2)
        sides = [faces["repeat"] == repeat for repeat in range(REPEATS)]
        repeats[name] = np.stack([fine[side].mean(axis=0) for side in sides])
        folds[name] = np.stack(
            [
                [fine[side & (faces["fold"] == fold)].mean(axis=0) for fold in (0, 1)]
                for side in sides
            ]
        )
        heatmaps[name] = repeats[name].mean(axis=0)
        carried[name] = CarriedFaces.of(faces, maps)
        if name in lacks:
            for maps in (heatmaps, repeats, folds):
                maps[name] = maps[name] * np.nan
            carried[name] = carried[name].only(np.empty(0, int))
    return measure(heatmaps, repeats, folds, carried, weights, yardstick, 1)


@pytest.fixture(scope="module")
def world():
    """Regions of six expressions, a network that knows them, and one that does not."""
    rng = np.random.default_rng(3)
    references = {}
    for number, name in enumerate(EXPRESSIONS):
        mask = np.zeros(FRAME, bool)
        mask[40 * number + 10 : 40 * number + 50, 30 + 20 * number : 90 + 20 * number] = True
        references["own", name] = mask
        references["soft", name] = mask + 0.1
    people = pd.DataFrame({"id": [f"f{i}" for i in range(24)], "corpus": "c"})
    people["subject"] = [f"s{i // 2}" for i in range(24)]
    faces = pd.concat([people.assign(repeat=repeat) for repeat in range(REPEATS)])
    faces["fold"] = np.arange(len(faces)) // 12 % 2
    weights = intervals.draw_people(people, 40, 1)
    square = np.zeros((11, 14), bool)
    square[:10, 1:13] = True
    orders = placements(np.kron(square, np.ones((5, 4))) > 0, step=10)
    yardstick = Yardstick(references, orders)
    given = references, faces, weights, yardstick
    blind = made(rng, 0.0, *given, lacks=["fear"])
    measured = {}
    for explainer, knows in (("lime", 1.0), ("other", 0.3)):
        measured[explainer, "seer"] = made(rng, knows, *given)
        measured[explainer, "blind"] = blind
    nothing = {name: rng.random((12, *FRAME)) for name in EXPRESSIONS}
    null = measure_null(nothing, ["untrained"] * 6 + ["shuffled"] * 6, references)
    rivals = {"ones": np.ones(FRAME, bool), "center": np.outer(np.hanning(275), np.hanning(224))}
    return study_of(measured, references, rivals, dict.fromkeys(measured, null))


@pytest.fixture(scope="module")
def table(world):
    return agreement_table(world)


def cell(table, **wanted):
    return table[(table[list(wanted)] == pd.Series(wanted)).all(axis=1)]


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
    numbers = ["low", "high", "pooled", "equal", "chance", "elsewhere", "rival", "p", "q"]
    assert defined[numbers].notna().all(axis=None)
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


def test_means_over_expressions_are_of_the_same_cells(world, table):
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
    assert np.isnan(every["p"]) and every["reason"] == "fewer than 3 networks: no p"


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


# Pre-training


def test_twins_are_of_one_architecture():
    origins = {
        "a": Origin("resnet50", "resnet", "imagenet"),
        "b": Origin("resnet50", "resnet", "random"),
        "c": Origin("weinet", "plain", "random"),
        "d": Origin("resnet50", "resnet", ""),
    }
    assert twins(origins) == [("a", "b")]


TWINS = {
    "seer": Origin("weinet", "plain", "weights.pth"),
    "blind": Origin("weinet", "plain", "random"),
}


def test_twins_are_compared_on_the_same_trainings_and_people(world):
    table = cell(pretraining_table(world, TWINS), explainer="lime")
    assert (table["comparison"] == "twins").all(), "one of each is no comparison between many"
    rows = cell(table, score="auroc")
    assert rows["expression"].tolist() == [*EXPRESSIONS, ALL]
    known = rows[rows["expression"] != "fear"]
    assert (known["low"] > 0).all() and known["p"].isna().all()
    assert set(known["reason"]) == {"fewer than 5 trainings: no p"}
    assert known["difference"].to_numpy() == pytest.approx(
        known["value_pretrained"] - known["value_scratch"]
    )
    assert not known["confounded"].any()
    lacking = rows[rows["expression"] == "fear"]
    assert lacking[["difference", "low", "p"]].isna().all(axis=None)


def test_twins_of_five_trainings_have_a_p(world):
    measured = {
        key: replace(found, **{
            name: np.concatenate([getattr(found, name)] * 2, axis=1)
            for name in ("value", "coarse", "bootstrap")
        })
        for key, found in world.measured.items()
    }  # fmt: skip
    table = pretraining_table(replace(world, measured=measured), TWINS)
    rows = cell(table, explainer="lime", score="auroc")
    known = rows[~rows["expression"].isin(["fear"])]
    assert (known["p"] < 0.001).all() and known["p_min"].isna().all()
    assert (known["n_repeats"] == 6).all()
    assert set(known["unit"]) == {"trainings"} and set(known["reason"]) == {""}


def many(world, values, origins):
    """Return a study of networks whose every score differs by some values from one's."""
    found = world.measured["lime", "seer"]
    measured = {
        ("lime", name): replace(found, value=found.value + by) for name, by in values.items()
    }
    assert set(values) == set(origins)
    return replace(world, measured=measured, scores={"own": ["auroc"]})


def test_without_twins_families_are_compared_and_marked_as_confounded(world, rng):
    """Of ten families with two networks each, half know more."""
    values, origins = {}, {}
    for number in range(20):
        learned = number < 10
        values[f"n{number}"] = 0.1 * learned + 0.01 * (number // 2) + 1e-4 * number
        start = "imagenet" if learned else "random"
        origins[f"n{number}"] = Origin(f"n{number}", f"family{number // 2}", start)
    table = pretraining_table(many(world, values, origins), origins)
    assert set(table["comparison"]) == {"between architectures"}
    assert table["confounded"].all() and set(table["unit"]) == {"families"}
    row = table.query("expression == 'anger'").iloc[0]
    assert (row["pretrained"], row["scratch"]) == ("10 networks", "10 networks")
    assert row["difference"] == pytest.approx(row["value_pretrained"] - row["value_scratch"])
    assert row["p"] == row["p_min"] == pytest.approx(2 / 252), "ways to choose five of ten"
    assert row["low"] < row["difference"] < row["high"]


def test_networks_of_one_family_are_no_more_than_one(world):
    """As in the study: all that start from scratch are plain, and the test can show nothing."""
    families = {"a": "plain", "b": "plain", "c": "plain", "d": "vgg", "e": "resnet", "f": "resnet"}
    origins = {
        name: Origin(name, family, "random" if family == "plain" else "imagenet")
        for name, family in families.items()
    }
    values = {name: 0.1 * (name in "def") for name in origins}
    row = pretraining_table(many(world, values, origins), origins).iloc[0]
    assert row["p"] == row["p_min"] == pytest.approx(2 / 3)
    assert np.isnan(row["low"]) and row["confounded"]


def test_families_with_both_kinds_exchange_these_alone(world, rng):
    values, origins = {}, {}
    for number in range(14):
        family, learned = number // 2, number % 2 == 0
        values[f"n{number}"] = rng.normal() + 0.5 * learned
        origins[f"n{number}"] = Origin(
            f"n{number}", f"family{family}", "imagenet" if learned else "random"
        )
    row = pretraining_table(many(world, values, origins), origins).iloc[0]
    differences = np.array([values[f"n{2 * n}"] - values[f"n{2 * n + 1}"] for n in range(7)])
    expected = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=np.inf
    )
    assert row["p"] == pytest.approx(expected.pvalue)
    assert row["p_min"] == 2 / 2**7 and not row["confounded"]


def test_orders_of_many_families_are_drawn_with_the_studys_seed(world, rng):
    """Sixteen families have 12,870 orders, more than are tried."""
    values = {f"n{number}": rng.normal() for number in range(16)}
    origins = {
        name: Origin(name, "", ("random", "imagenet")[number % 2])
        for number, name in enumerate(values)
    }
    study = many(world, values, origins)
    first, again = (pretraining_table(study, origins) for _ in range(2))
    other = pretraining_table(replace(study, seed=2), origins)
    assert first.equals(again)
    assert (first["p"] != other["p"]).any()
    assert first["p"].to_numpy() == pytest.approx(other["p"].to_numpy(), abs=0.03)


def test_networks_that_start_alike_are_not_compared(world):
    alike = dict.fromkeys(("seer", "blind"), Origin("weinet", "plain", "random"))
    assert pretraining_table(world, alike).empty
    assert pretraining_table(world, {}).empty


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
    shift = exchange_labels(mean)
    assert shift.p == pytest.approx(0.78, abs=0.01)
    assert shift.low < 0 < shift.high
