"""Tests and intervals keep what they promise, in simulated studies where the truth is known.

Under no effect a test at 5 % should reject 5 % of the time; 3 to 7 % is what so many simulations
can tell from that. A 95 % interval should hold the truth 95 % of the time; 92 to 97 % is allowed.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.ndimage import gaussian_filter

from facsimile.atlas.heatmaps import CarriedFaces
from facsimile.measure import factors, intervals
from facsimile.measure.chance import Placed, placements
from facsimile.measure.scores import position, scores, scores_of
from facsimile.measure.scoring import Maps, References
from facsimile.measure.specificity import permute_labels

pytestmark = pytest.mark.slow

SHAPE = (18, 16)
REJECTED = (0.03, 0.07)
COVERED = (0.92, 0.97)


def smooth(rng, count, width=1.5):
    """Return smooth random maps, (count, 18, 16), around a torus, of spread one."""
    maps = gaussian_filter(rng.standard_normal((count, *SHAPE)), (0, width, width), mode="wrap")
    return maps / maps.std(axis=(1, 2), keepdims=True)


def within(share, limits):
    return limits[0] <= share <= limits[1]


# No effect


@pytest.mark.parametrize("kind", ["region", "density"])
def test_placement_rejects_rightly_where_place_means_nothing(kind):
    rng = np.random.default_rng(1)
    orders = placements(np.ones(SHAPE, bool))
    reference = smooth(rng, 1)[0]
    placed = Placed(reference > 0.7 if kind == "region" else np.exp(reference), orders)
    p = np.array([placed.chance(Maps.of(np.exp(heatmap[None]))).p for heatmap in smooth(rng, 1200)])
    for at, score in enumerate(scores()):
        # The hottest pixel is inside or not: its p has two values, and cannot reach 5 %.
        if np.isfinite(p[:, at]).all() and score != "pointing":
            assert within((p[:, at] <= 0.05).mean(), REJECTED), score


def test_label_permutation_rejects_rightly_where_labels_mean_nothing():
    rng = np.random.default_rng(2)
    p = []
    for _ in range(1500):
        heatmaps, masks = np.exp(smooth(rng, 6)), smooth(rng, 6) > 0.7
        scores = References({("r", str(at)): mask for at, mask in enumerate(masks)})
        table = scores.score(Maps.of(heatmaps))[position("auroc")]
        p.append(permute_labels(table, "auroc")[1])
    assert within(np.mean(np.array(p) <= 0.05), REJECTED)


def random_distances(rng, networks):
    """Return correlations among networks whose heatmaps know nothing of each other."""
    maps = smooth(rng, networks).reshape(networks, -1)
    names = [f"n{number}" for number in range(networks)]
    table = pd.DataFrame(np.corrcoef(maps), names, names).rename_axis("network")
    return table.reset_index().melt("network", var_name="other", value_name="correlation")


def test_tests_of_likeness_reject_rightly_where_nothing_explains_it(monkeypatch):
    monkeypatch.setattr(factors, "PERMUTATIONS", 99)
    rng = np.random.default_rng(3)
    levels = {"start": {f"n{number}": "ab"[number % 2] for number in range(10)}}
    p = {"PERMANOVA": [], "Mantel": []}
    for seed in range(600):
        two = {name: random_distances(rng, 10) for name in ("fear", "anger")}
        table = factors.factor_tests(two, levels, seed).drop_duplicates("test")
        for row in table.itertuples():
            p[row.test].append(row.p)
    for test, values in p.items():
        assert within(np.mean(np.array(values) <= 0.05), REJECTED), test


# Coverage

FOLDS, SUBJECTS, SAMPLES = 5, 60, 150
# High enough that noise never makes a map negative.
TRUTH = 2 + np.exp(-((np.arange(18)[:, None] - 7) ** 2 + (np.arange(16) - 8) ** 2) / 30)
REGION = np.zeros(SHAPE, bool)
REGION[4:12, 5:14] = True
DENSITY = gaussian_filter(REGION.astype(float), 2)
REFERENCES = References({("region", "fear"): REGION, ("density", "fear"): DENSITY})


def simulated_study(rng, weights, truths):
    """Return the coarse scores, the bootstrap and the dof of networks seen by the same people.

    Each person has two faces, which share what is special about this person.
    """
    own, single = smooth(rng, SUBJECTS), smooth(rng, 2 * SUBJECTS)
    special = 0.25 * np.repeat(own, 2, axis=0) + 0.25 * single
    people = np.repeat(weights.index.to_numpy(str), 2)
    results = []
    for truth in truths:
        maps = (truth + special + 0.1 * smooth(rng, 2 * SUBJECTS)).astype(np.float32)
        faces = CarriedFaces(people, people, np.ones(len(people), bool), folds_of(people), maps)
        drawn = intervals.drawn_maps(faces, weights)
        pooled, bootstrap = (
            REFERENCES.score(Maps.of(part)) for part in (maps.mean(0)[None], drawn)
        )
        results.append((pooled[:, 0], bootstrap, intervals.dof_of(faces)))
    return results


def folds_of(people):
    return np.array([int(name.removeprefix("c/")) % FOLDS for name in people])


@pytest.fixture(scope="module")
def people():
    names = [f"{number:03d}" for number in range(SUBJECTS)]
    faces = pd.DataFrame({"id": names, "corpus": "c", "subject": names})
    return faces.assign(fold=np.arange(SUBJECTS) % FOLDS)


@pytest.fixture(scope="module")
def studies(people):
    """Simulate studies of twins with the same truth."""
    rng = np.random.default_rng(4)
    return [
        simulated_study(rng, intervals.draw_people(people, SAMPLES, seed), [TRUTH, TRUTH])
        for seed in range(400)
    ]


# Whether the hottest pixel lies inside is the same in all these studies.
@pytest.mark.parametrize("score", [score for score in scores() if score != "pointing"])
def test_intervals_cover_the_truth(studies, score):
    at, column = position(score), int(score in scores_of("density"))
    values = [value[at, column] for (value, *_), _ in studies]
    # Noise moves Otsu's threshold: the truth is then what studies of this size find on average.
    # Of the others it is the score of the heatmap without any noise.
    clean = REFERENCES.score(Maps.of(TRUTH[None]))[at, 0, column]
    truth = np.mean(values) if scores()[score].rough else clean
    covered = []
    for own, ((_, bootstrap, dof), _) in zip(values, studies, strict=True):
        low, high = intervals.interval(own, own, bootstrap[at, :, column], dof, score)
        covered.append(low <= truth <= high)
    assert within(np.mean(covered), COVERED)


@pytest.mark.parametrize(("score", "column"), [("auroc", 0), ("pearson", 1)])
def test_twins_that_look_alike_differ_by_chance_alone(studies, score, column):
    at = position(score)
    p = []
    for (one, drawn, dof), (other, redrawn, _) in studies:
        difference = one[at, column] - other[at, column]
        bootstrap = (drawn - redrawn)[at, :, column]
        p.append(intervals.p_of_zero(difference, difference, bootstrap, dof, score))
    assert within(np.mean(np.array(p) <= 0.05), REJECTED)


def test_intervals_over_networks_cover_their_mean():
    rng = np.random.default_rng(5)
    bounds = [intervals.over_networks(rng.normal(0.3, 0.05, 12)) for _ in range(2000)]
    assert within(np.mean([low <= 0.3 <= high for low, high in bounds]), COVERED)
