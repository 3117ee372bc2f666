"""Intervals over people and trainings, ranks, and reliability."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from facsimile.atlas.heatmaps import COARSE, CarriedFaces
from facsimile.measure import bootstrap, intervals
from facsimile.measure.ranks import rank_networks
from facsimile.measure.reliability import split_half


def faces_of(people, repeats, maps, known=True):
    people = np.asarray(people, str)
    ids = np.array([f"face {number}" for number in range(len(people))])
    known = np.full(len(people), known)
    return CarriedFaces(ids, people, known, np.asarray(repeats), np.zeros(len(people), int), maps)


def test_people_are_drawn_and_count_as_rao_and_wu_say():
    faces = pd.DataFrame({"id": list("uvwxy"), "corpus": "c", "subject": list("aabcc")})
    weights = bootstrap.draw_people(faces, 400, 1)
    assert weights.index.tolist() == ["c/a", "c/b", "c/c"]
    assert weights.sum().to_numpy() == pytest.approx(3)
    assert set(np.unique(weights)) <= {0.0, 1.5, 3.0}
    # The variance of the mean of n values is theirs, with n - 1 below, over n.
    values = np.array([1.0, 2.0, 6.0])
    means = values @ weights.to_numpy() / 3
    assert means.var() == pytest.approx(values.var(ddof=1) / 3, rel=0.2)
    assert bootstrap.draw_people(faces, 400, 1).equals(weights)
    assert (bootstrap.draw_people(faces[:2], 5, 1) == 1).all(axis=None), "one person is always in"


def test_subjects_nobody_knows_are_drawn_face_by_face():
    faces = pd.DataFrame({"id": ["x", "y", "z"], "corpus": "c", "subject": [None, None, "s"]})
    weights = bootstrap.draw_people(faces, 5, 1)
    assert weights.index.tolist() == ["c/s", "x", "y"]
    carried = CarriedFaces.of(faces.assign(repeat=0, fold=0), np.zeros((3, *COARSE), np.float32))
    assert carried.person.tolist() == ["x", "y", "c/s"]
    assert carried.known.tolist() == [False, False, True]
    assert carried.subjects == 1


def test_without_faces_no_map_is_drawn():
    faces = faces_of([], [], np.empty((0, *COARSE), np.float32))
    weights = pd.DataFrame(1.0, index=["a/s"], columns=range(3))
    drawn = bootstrap.drawn_maps(faces, weights)
    assert drawn.shape == (3, COARSE[0] * COARSE[1])
    assert np.isnan(drawn).all()


def test_drawn_maps_are_weighted_means(rng):
    maps = rng.random((4, *COARSE)).astype(np.float32)
    faces = faces_of(["a", "a", "b", "c"], [0, 0, 0, 0], maps)
    weights = pd.DataFrame({0: [1.0, 1.0, 1.0], 1: [3.0, 0, 0], 2: [0.0, 0, 0]}, index=list("abc"))
    drawn = bootstrap.drawn_maps(faces, weights).reshape(3, *COARSE)
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
    assert bootstrap.resampling_unit(faces) == unit


def test_what_an_interval_is_about_is_said():
    assert bootstrap.resampling_unit(None) == "no faces: no interval"
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


def test_a_score_that_jumps_and_does_not_vary_has_neither_interval_nor_p():
    same, draws = np.ones(3), np.ones((3, 50))
    for score, known in (("pointing", False), ("auroc", True)):
        found = intervals.estimate(same, same, draws, 9, score, difference=True)
        assert found.value == 1
        assert np.isfinite(found.bounds).all() == known
        assert np.isnan(found.p)
