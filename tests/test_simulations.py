"""Tests and intervals keep what they promise, in simulated studies where the truth is known.

Under no effect a test at 5 % should reject 5 % of the time; 3 to 7 % is what so many simulations
can tell from that. A 95 % interval should hold the truth 95 % of the time; 92 to 97 % is allowed.
Where two sources of equal size add up an interval may hold more, and is wider than it need be. The
truth of each simulation is one that a simpler test or interval would miss.
"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from facsimile.atlas.heatmaps import CarriedFaces
from facsimile.measure import bootstrap, intervals
from facsimile.measure.agreement import without_common_face
from facsimile.measure.null import compare_networks, compare_trainings
from facsimile.measure.permutations import exchange_groups, exchange_labels, orders_of_groups
from facsimile.measure.ranks import rank_networks
from facsimile.measure.scores import position, scores, scores_of
from facsimile.measure.scoring import Maps, References
from facsimile.measure.specificity import contrast

pytestmark = pytest.mark.slow

SHAPE = (18, 16)
REJECTED = (0.03, 0.07)
COVERED = (0.92, 0.97)
CAREFUL = (0.92, 0.99)
STUDIES = 1500
SAMPLES = 200


@cache
def blur(side, width):
    """Return the matrix that smooths along one side: thousands of small maps take half as long."""
    return gaussian_filter1d(np.eye(side), width, axis=0, mode="wrap")


def smooth(rng, count, width=1.5):
    """Return smooth random maps, (count, 18, 16), around a torus, of spread one."""
    down, across = (blur(side, width) for side in SHAPE)
    maps = down @ rng.standard_normal((count, *SHAPE)) @ across.T
    return maps / maps.std(axis=(1, 2), keepdims=True)


def within(share, limits):
    return limits[0] <= share <= limits[1]


# People crossed with trainings, or with networks


def crossed(rng, units, people, spread, effect=0.0):
    """Return the mean score of one simulated study, with its interval and p.

    ``spread`` is the standard deviation that people, units, and both together bring to a unit's
    score: those of people are shared by the units.
    """
    shared, own, both = spread
    scale = np.sqrt(people)
    values = effect + shared * scale * rng.standard_normal(people)
    values = values + own * rng.standard_normal((units, 1))
    values = values + both * scale * rng.standard_normal((units, people))
    weights = rng.multinomial(people - 1, np.full(people, 1 / people), SAMPLES)
    draws = values @ weights.T / (people - 1)
    means = values.mean(axis=1)
    return intervals.estimate(means, means, draws, people - 1, "pearson", difference=True)


# Small against the score's limits, which no interval is to pass.
PEOPLE, UNITS, BOTH = (0.01, 0, 0), (0.001, 0.01, 0), (0, 0, 0.01)
EVEN, MIXED = (0.01, 0.01, 0), (0.005, 0.01, 0.01)


def coverage(units, people, spread, seed=1):
    rng = np.random.default_rng(seed)
    bounds = [crossed(rng, units, people, spread).bounds for _ in range(STUDIES)]
    return np.mean([low <= 0 <= high for low, high in bounds])


def rejection(units, people, spread, effect=0.0, studies=STUDIES):
    rng = np.random.default_rng(2)
    return np.mean([crossed(rng, units, people, spread, effect).p <= 0.05 for _ in range(studies)])


@pytest.mark.parametrize("people", [9, 60])
@pytest.mark.parametrize(
    ("units", "spread", "limits"),
    [
        (1, PEOPLE, COVERED),
        (3, PEOPLE, COVERED), (3, UNITS, COVERED), (3, BOTH, CAREFUL), (3, MIXED, COVERED),
        (3, EVEN, CAREFUL),
        (5, PEOPLE, COVERED), (5, UNITS, COVERED), (5, BOTH, CAREFUL), (5, MIXED, COVERED),
        (12, MIXED, COVERED), (12, EVEN, CAREFUL),
    ],
)  # fmt: skip
def test_intervals_cover_a_mean_over_trainings_or_networks(units, people, spread, limits):
    assert within(coverage(units, people, spread), limits)


@pytest.mark.parametrize(("units", "people"), [(5, 9), (3, 60)])
def test_twins_that_differ_only_in_their_seed_differ_by_chance_alone(units, people):
    """Their folds and people are the same, their trainings are not; people's share cancels."""
    assert within(rejection(units, people, UNITS), REJECTED)
    assert within(rejection(units, people, (0, 0.01, 0.005)), REJECTED)


def test_the_naive_test_of_twins_would_reject_too_often():
    """People alone, as if there were no other trainings: what is not tested here any more."""
    rng = np.random.default_rng(3)
    alone = np.mean([crossed(rng, 1, 60, (0.01, 0.01, 0)).p <= 0.05 for _ in range(STUDIES)])
    assert alone > 0.15


# Heatmaps, in all scores

TRUTH = 2 + np.exp(-((np.arange(18)[:, None] - 7) ** 2 + (np.arange(16) - 8) ** 2) / 30)
"""High enough that noise never makes a map negative."""
REGION = np.zeros(SHAPE, bool)
REGION[4:12, 5:14] = True
DENSITY = gaussian_filter(REGION.astype(float), 2)
REFERENCES = References({("region", "fear"): REGION, ("density", "fear"): DENSITY})
SUBJECTS, TRAININGS = 40, 3


def trained(rng, count):
    """Return the heatmaps that so many trainings would show of all people."""
    return TRUTH + 0.05 * smooth(rng, count, 3)


def simulated_study(rng):
    """Return what is measured of a network: values, scores of samples (scores, trainings, ...).

    The people are the same in all trainings, each with a face that has something of its own.
    """
    names = np.array([f"c/{number:02d}" for number in range(SUBJECTS)])
    faces = pd.DataFrame({"id": names, "corpus": "c", "subject": [name[2:] for name in names]})
    weights = bootstrap.draw_people(faces, 100, int(rng.integers(2**32)))
    special = 0.3 * smooth(rng, SUBJECTS)
    known, zeros = np.ones(SUBJECTS, bool), np.zeros(SUBJECTS, int)
    values, draws = [], []
    for heatmap in trained(rng, TRAININGS):
        maps = (heatmap + special + 0.2 * smooth(rng, SUBJECTS)).astype(np.float32)
        carried = CarriedFaces(names, names, known, zeros, zeros, maps)
        values.append(REFERENCES.score(Maps.of(maps.mean(axis=0)[None])))
        draws.append(REFERENCES.score(Maps.of(bootstrap.drawn_maps(carried, weights))))
    return np.stack(values, axis=1)[:, :, 0], np.stack(draws, axis=1)


@pytest.fixture(scope="module")
def studies():
    rng = np.random.default_rng(20)
    return [simulated_study(rng) for _ in range(400)]


# Whether the hottest pixel lies inside is the same in all these studies.
@pytest.mark.parametrize("score", [score for score in scores() if score != "pointing"])
def test_intervals_of_all_scores_cover_the_truth(studies, score):
    at, column = position(score), int(score in scores_of("density"))
    values = [value[at, :, column] for value, _ in studies]
    # Noise moves Otsu's threshold: the truth is then what studies of this size find on average.
    # Of the others it is the score of the heatmaps without any noise.
    clean = REFERENCES.score(Maps.of(trained(np.random.default_rng(21), 1000)))[at, :, column]
    truth = np.mean(values) if scores()[score].rough else clean.mean()
    covered = []
    for own, (_, draws) in zip(values, studies, strict=True):
        estimate = intervals.estimate(own, own, draws[at, :, :, column], SUBJECTS - 1, score)
        covered.append(estimate.bounds[0] <= truth <= estimate.bounds[1])
    assert within(np.mean(covered), (COVERED[0], CAREFUL[1]))


# Labels


def shared_taste(rng, networks, effect=0.0):
    """Return a table of scores for each network, (networks, 6, 6), of labels without meaning.

    What all networks show of an expression, what a reference gives to any heatmap, and what both
    together happen to give, are the same for all networks.
    """
    rows, columns = rng.normal(0, 0.2, (2, 6, 1))
    common = rows + columns.T + 0.1 * rng.standard_normal((6, 6)) + effect * np.eye(6)
    return common + 0.03 * rng.standard_normal((networks, 6, 6))


@pytest.mark.parametrize("networks", [1, 12])
def test_labels_without_meaning_are_not_found_to_matter(networks):
    """However much networks have in common: an interval over networks leaves out zero often."""
    rng = np.random.default_rng(4)
    tables = [shared_taste(rng, networks) for _ in range(STUDIES)]
    shifts = [exchange_labels(table.mean(axis=0)) for table in tables]
    assert within(np.mean([shift.p <= 0.05 for shift in shifts]), REJECTED)
    assert within(np.mean([shift.low <= 0 <= shift.high for shift in shifts]), COVERED)
    if networks > 1:
        naive = [stats.ttest_1samp(contrast(table).mean(axis=1), 0).pvalue for table in tables]
        assert np.mean(np.array(naive) <= 0.05) > 0.4


def test_the_interval_of_specificity_covers_it():
    rng = np.random.default_rng(5)
    shifts = [exchange_labels(shared_taste(rng, 4, 0.1).mean(axis=0)) for _ in range(STUDIES)]
    assert within(np.mean([shift.low <= 0.1 <= shift.high for shift in shifts]), COVERED)


def test_labels_mean_nothing_without_the_common_face_either():
    """Heatmaps all show one place, and references all lie near another, or the same."""
    rng = np.random.default_rng(6)
    p = []
    for _ in range(STUDIES):
        maps, masks = smooth(rng, 6) + 2 * smooth(rng, 1), smooth(rng, 6) + smooth(rng, 1) > 0.3
        heatmaps = {str(at): image[None] for at, image in enumerate(maps)}
        references = {("r", str(at)): mask for at, mask in enumerate(masks)}
        p.append(exchange_labels(without_common_face(heatmaps, references)[0]).p)
    assert within(np.mean(np.array(p) <= 0.05), REJECTED)


# Networks that know nothing

KIND = np.repeat(["untrained", "shuffled"], 10)


@pytest.mark.parametrize("trainings", [3, 5])
def test_a_network_that_knows_nothing_is_not_told_from_such(trainings):
    """As good as one kind, and far from the other; and where it is as good as both."""
    rng = np.random.default_rng(7)
    near, far = rng.gamma(2, 1, (2, STUDIES, trainings + 20))
    far[:, trainings : trainings + 10] -= 20
    for values, limits in ((far, REJECTED), (near, (0.005, 0.07))):
        p = [compare_trainings(one[:trainings], one[trainings:], KIND, 1)["p"] for one in values]
        assert within(np.mean(np.array(p) <= 0.05), limits)


def test_symmetric_centred_maps_are_not_told_from_such():
    """Where placements of the reference reject too often: all maps and the region are centred."""
    rng = np.random.default_rng(8)
    region = np.hypot((np.arange(18)[:, None] - 8.5) / 18, (np.arange(16) - 7.5) / 16) < 0.25
    reference = References({("r", "fear"): region})
    centred = np.exp(
        -(((np.arange(18)[:, None] - 8.5) / 6) ** 2) - ((np.arange(16) - 7.5) / 6) ** 2
    )
    p = []
    for _ in range(1000):
        maps = centred * rng.normal(1, 0.3, (23, 1, 1)) + 0.2 * smooth(rng, 23)
        maps = maps + maps[:, ::-1] + maps[:, :, ::-1] + maps[:, ::-1, ::-1]
        values = reference.score(Maps.of(maps))[position("auroc"), :, 0]
        values[3:13] -= 1
        p.append(compare_trainings(values[:3], values[3:], KIND, 1)["p"])
    assert within(np.mean(np.array(p) <= 0.05), REJECTED)


def test_one_training_gives_no_verdict():
    rng = np.random.default_rng(9)
    found = compare_trainings(rng.normal(50, 1, 1), rng.normal(0, 1, 20), KIND, 1)
    assert found["p"] == found["p_min"] == pytest.approx(2 / 11)


@pytest.mark.parametrize("networks", [4, 12])
def test_a_mean_over_networks_that_know_nothing_is_not_told_from_such(networks):
    """Networks differ from each other, and are means over trainings, which no draw is."""
    rng = np.random.default_rng(10)
    p = []
    for _ in range(STUDIES):
        values = rng.normal(0, 0.5, networks) + rng.normal(0, 1 / np.sqrt(3), networks)
        null = rng.normal(0, 1, 20)
        null[10:] -= 20
        p.append(compare_networks(values, null, KIND)["p"])
    assert within(np.mean(np.array(p) <= 0.05), REJECTED)


# Families and ranks


def families(rng, effect=0.0):
    """Return the p of pre-training where near-twins make families, three against six of them."""
    means = (
        rng.normal(0, 1, 9) + rng.normal(0, 0.1, (3, 9)).mean(axis=0) + effect * (np.arange(9) < 3)
    )
    return exchange_groups(means, orders_of_groups(3, 6, 0, rng)).p


def test_pretraining_between_families_rejects_rightly():
    rng = np.random.default_rng(11)
    assert within(np.mean([families(rng) <= 0.05 for _ in range(STUDIES)]), REJECTED)


@pytest.mark.parametrize("gap", [0.001, 1.0])
@pytest.mark.parametrize("spread", [1, 4])
def test_intervals_of_ranks_cover_the_ranks(gap, spread):
    """Of networks all but alike, or apart; whose trainings vary alike, or much and little."""
    rng = np.random.default_rng(12)
    truth = -gap * np.arange(12)
    error = np.linspace(1, spread, 12) / np.linspace(1, spread, 12).mean()
    covered = []
    for _ in range(300):
        trainings = truth + rng.normal(0, 0.3, 12) + np.sqrt(3) * error * rng.normal(size=(3, 12))
        people, variance = rng.normal(0, 0.3, (12, 200)), trainings.var(axis=0, ddof=1) / 3
        _, low, high = rank_networks(trainings.mean(axis=0), people, variance, 24, rng)
        covered.append((low <= np.arange(1, 13)) & (np.arange(1, 13) <= high))
    assert within(np.min(np.mean(covered, axis=0)), (COVERED[0], 1)), "of each, near ties included"


# Power: an effect that is seen half the time

SEEN = (0.4, 0.6)


@pytest.mark.parametrize(("units", "effect"), [(3, 2.05), (5, 1.15), (12, 0.63)])
def test_differences_are_seen_half_the_time(units, effect):
    """In standard deviations of the difference between trainings, or between networks."""
    assert within(rejection(units, 60, UNITS, effect * UNITS[1], studies=1000), SEEN)


@pytest.mark.parametrize(("trainings", "effect"), [(3, 1.7), (5, 1.35)])
def test_knowledge_is_seen_half_the_time(trainings, effect):
    """In standard deviations of the draws of networks that know nothing, ten of each kind."""
    rng = np.random.default_rng(13)
    values, null = rng.normal(effect, 1, (1000, trainings)), rng.normal(0, 1, (1000, 20))
    p = [compare_trainings(*both, KIND, 1)["p"] for both in zip(values, null, strict=True)]
    assert within(np.mean(np.array(p) <= 0.05), SEEN)


@pytest.mark.parametrize(("networks", "effect"), [(4, 1.3), (12, 0.95)])
def test_knowledge_of_networks_is_seen_half_the_time(networks, effect):
    """In the same, of networks that differ by .7."""
    rng = np.random.default_rng(14)
    values, null = rng.normal(effect, 0.7, (1000, networks)), rng.normal(0, 1, (1000, 20))
    p = [compare_networks(*both, KIND)["p"] for both in zip(values, null, strict=True)]
    assert within(np.mean(np.array(p) <= 0.05), SEEN)


def test_specificity_is_seen_half_the_time():
    """In standard deviations of what a heatmap and a reference happen to share."""
    rng = np.random.default_rng(15)
    tables = rng.normal(0, 1, (1000, 6, 6)) + 0.9 * np.eye(6)
    assert within(np.mean([exchange_labels(table).p <= 0.05 for table in tables]), SEEN)


def test_pretraining_of_families_is_seen_half_the_time():
    """In standard deviations of families."""
    rng = np.random.default_rng(16)
    assert within(np.mean([families(rng, 1.7) <= 0.05 for _ in range(1000)]), SEEN)
