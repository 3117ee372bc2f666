"""Tests of what explains likeness, and of where evidence is found, keep what they promise.

As in ``test_simulations``: a test at 5 % should reject 3 to 7 % of the studies without an effect.
These studies are such that simpler tests reject far more of them, and where one has such a test
beside it, it shows. Where few orders are possible a test cannot come near 5 %, and rejects less.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import rankdata

from facsimile import EXPRESSIONS
from facsimile.atlas.heatmaps import COARSE, CarriedFaces
from facsimile.measure import distance_tests as tests
from facsimile.measure.likeness import likeness_table
from facsimile.measure.planted import places
from facsimile.measure.scores import position, scores
from test_simulations import REJECTED, smooth, within

pytestmark = pytest.mark.slow

STUDIES = 1500
NAIVE = 200
"""How many studies a simpler test sees."""

HALF = (0.4, 0.6)

WELCH, SPREADS = tests.TWO_LEVELS
PERMANOVA, _ = tests.MORE_LEVELS


def orders_of(labels, blocks=None):
    blocks = np.zeros(len(labels), int) if blocks is None else blocks
    return tests.orders_of_labels(labels, blocks, np.random.default_rng(0))[0]


def rejection(statistic, orders, draw, studies=STUDIES, seed=1):
    """Return the share of studies that a test rejects; ``draw`` makes the maps of one."""
    rng, found = np.random.default_rng(seed), 0
    for _ in range(studies):
        maps = draw(rng)
        correlations = np.corrcoef(maps.reshape(len(maps), -1))
        found += tests.share(statistic(correlations, orders)) <= 0.05
    return found / studies


def by_units(statistic, unit):
    return lambda table, orders: statistic(tests.joined(table, unit), orders)


def plain(statistic):
    """Return a test as it is without the scaling and the weights of maps."""
    return lambda table, orders: statistic(table, np.full(len(table), 0.5), orders)


# Centres

FOUR = np.repeat([0, 1], [4, 8])
UNEQUAL = [(0.5, 0.5), (1.2, 0.4), (0.4, 1.2)]


def looks(labels, spreads, shift=0.0):
    """Return a draw of networks that share a look, those of level 0 also another.

    Each has a look of its own beside, as strong as its level's spread.
    """
    spread = np.asarray(spreads)[labels][:, None, None]
    moved = shift * (labels == 0)[:, None, None]

    def draw(rng):
        common, other = smooth(rng, 2)
        return common + moved * other + spread * smooth(rng, len(labels))

    return draw


@pytest.mark.parametrize("spreads", UNEQUAL)
def test_levels_that_share_a_look_are_not_told_apart_by_their_noise(spreads):
    """Four networks against eight: all 495 orders. 4,000 studies, since it rejects up to 6 %."""
    share = rejection(WELCH.statistic, orders_of(FOUR), looks(FOUR, spreads), 4000)
    assert within(share, REJECTED)


def test_simpler_tests_tell_noise_apart():
    orders = orders_of(FOUR)
    for statistic, spreads in ((tests.permanova, (0.8, 0.4)), (tests.welch, (0.4, 1.2))):
        assert rejection(plain(statistic), orders, looks(FOUR, spreads), NAIVE) > 0.3


@pytest.mark.parametrize(("spreads", "shift"), [((0.5, 0.5), 0.28), ((0.8, 0.4), 0.38)])
def test_another_look_is_seen_half_the_time(spreads, shift):
    """A look is added that is .28 or .38 times as strong: then the looks' r is .96 or .93."""
    draw = looks(FOUR, spreads, shift)
    assert within(rejection(WELCH.statistic, orders_of(FOUR), draw, 500), HALF)


@pytest.mark.parametrize("spreads", [(0.8, 0.4, 0.4, 0.4, 0.4), (0.4, 0.8, 0.8, 0.8, 0.8)])
def test_families_of_two_and_four_are_not_told_apart_by_their_noise(monkeypatch, spreads):
    """More than two levels: the pseudo F, of 500 random orders."""
    monkeypatch.setattr(tests, "ORDERS", 499)
    families = np.repeat(np.arange(5), [4, 2, 2, 2, 2])
    draw = looks(families, spreads)
    assert within(rejection(PERMANOVA.statistic, orders_of(families), draw), REJECTED)


def near_twins(levels, spreads, shift=0.0):
    """Return the unit of each network, and a draw of families of two that are nearly the same."""
    unit = np.repeat(np.arange(len(levels)), 2)
    families = looks(levels, spreads, shift)

    def draw(rng):
        own = 0.3 * np.asarray(spreads)[levels[unit]][:, None, None]
        return families(rng)[unit] + own * smooth(rng, len(unit))

    return unit, draw


@pytest.mark.parametrize("spreads", [(0.8, 0.4), (0.4, 0.8)])
@pytest.mark.parametrize("counts", [(5, 5), (4, 8)])
def test_near_twins_count_once(counts, spreads):
    """Five families of two against five (126 orders), and four against eight (495)."""
    levels = np.repeat([0, 1], counts)
    unit, draw = near_twins(levels, spreads)
    statistic = by_units(WELCH.statistic, unit)
    assert within(rejection(statistic, orders_of(levels), draw), REJECTED)


def test_near_twins_that_count_twice_are_told_apart(monkeypatch):
    monkeypatch.setattr(tests, "ORDERS", 499)
    levels = np.repeat([0, 1], [5, 5])
    unit, draw = near_twins(levels, (0.5, 0.5))
    assert rejection(WELCH.statistic, orders_of(levels[unit]), draw, NAIVE) > 0.3


@pytest.mark.parametrize("spreads", [(0.5, 0.5), (1.2, 0.4)])
def test_kinds_within_families_are_not_told_apart_by_their_noise(spreads):
    """Eight families with a look each and a network of both kinds: 128 orders."""
    family, kinds = np.repeat(np.arange(8), 2), np.tile([0, 1], 8)
    networks = looks(kinds, spreads)

    def draw(rng):
        return networks(rng) + 0.5 * smooth(rng, 8)[family]

    assert within(rejection(WELCH.statistic, orders_of(kinds, family), draw), REJECTED)


# Spreads


def spread_out(labels, spreads, apart):
    """Return a draw of networks around centres of the same strength, some way from each other."""

    def draw(rng):
        centres = smooth(rng, 1) + apart * smooth(rng, labels.max() + 1)
        centres = centres / centres.std(axis=(1, 2), keepdims=True)
        own = np.asarray(spreads)[labels][:, None, None] * smooth(rng, len(labels))
        return centres[labels] + own

    return draw


@pytest.mark.parametrize("counts", [(4, 8), (6, 6), (5, 5, 10)])
@pytest.mark.parametrize("apart", [0, 1])
def test_levels_that_look_elsewhere_do_not_seem_to_spread_otherwise(monkeypatch, counts, apart):
    """All 495 or 462 orders, or 500 random ones. 5,000 studies, since it rejects some 6 %."""
    monkeypatch.setattr(tests, "ORDERS", 499 if len(counts) > 2 else tests.ORDERS)
    labels = np.repeat(np.arange(len(counts)), counts)
    draw = spread_out(labels, (0.5,) * len(counts), apart)
    assert within(rejection(SPREADS.statistic, orders_of(labels), draw, 5000), REJECTED)


def test_a_wider_spread_is_seen_half_the_time():
    """Four networks against eight, whose own looks are as strong as .61 and .5."""
    draw = spread_out(FOUR, (0.61, 0.5), 0.5)
    assert within(rejection(SPREADS.statistic, orders_of(FOUR), draw, 500), HALF)


# Two expressions


@pytest.mark.parametrize("networks", [6, 12])
def test_expressions_that_are_unrelated_do_not_agree_on_what_is_alike(monkeypatch, networks):
    """All 720 orders, or 500 random ones; in both directions."""
    monkeypatch.setattr(tests, "ORDERS", 720 if networks == 6 else 499)
    rng = np.random.default_rng(2)
    orders = tests.orders_of_places(networks, rng)[0]
    p = []
    for _ in range(STUDIES):
        one, other = (
            1 - np.corrcoef((smooth(rng, 1) + smooth(rng, networks)).reshape(networks, -1))
            for _ in range(2)
        )
        p.append(tests.share(np.abs(tests.mantel(one, other, orders))))
    assert within(np.mean(np.array(p) <= 0.05), REJECTED)


# In place

UPPER, LOWER = np.zeros((2, 18, 16), bool)
UPPER[3:7, 3:13] = LOWER[11:15, 3:13] = True


def auroc(maps):
    """Return the AUROC of each map with the upper and the lower region, (maps, 2)."""
    ranks = rankdata(maps.reshape(len(maps), -1), axis=1)
    inside = np.stack([UPPER.ravel(), LOWER.ravel()], axis=1)
    count = inside.sum(axis=0)
    return (ranks @ inside - count * (count + 1) / 2) / (count * (UPPER.size - count))


def condition(rng, repeats, taste, seen=None):
    """Return one condition's agreement: trainings with a taste that all expressions share.

    ``seen`` is the region of its own evidence, and how strong the maps show it; or nothing.
    """
    own, other = ("upper", "lower") if seen is None or seen[0] == "upper" else ("lower", "upper")
    maps = smooth(rng, repeats * 6) + np.repeat(taste * smooth(rng, repeats), 6, axis=0)
    if seen is not None:
        maps = maps + seen[1] * (UPPER if own == "upper" else LOWER)
    found = auroc(maps)[:, [0, 1] if own == "upper" else [1, 0]]
    value = np.full((len(scores()), repeats, 6, 12), np.nan)
    value[position("auroc")] = np.repeat(found.reshape(repeats, 6, 2), 6, axis=2)
    references = [(name, expression) for name in ("exact", other) for expression in EXPRESSIONS]
    return SimpleNamespace(value=value, axes=lambda: ([], list(EXPRESSIONS), references))


def in_place(repeats, strength, studies):
    """Return the share of studies in which two conditions' maps are told apart, with their taste.

    A strength of none: the maps ignore the evidence.
    """
    rng, found = np.random.default_rng(3), []
    for seed in range(studies):
        pair = {
            (name, "lime", "net"): condition(rng, repeats, 1.0, (name, strength))
            for name in ("upper", "lower")
        }
        found.append(places(pair, seed).iloc[0])
    p, low, high = (np.array([row[key] for row in found]) for key in ("p", "low", "high"))
    assert ((p <= 0.05) == ((low > 0) | (high < 0))).all()
    return np.mean(p <= 0.05), np.mean([row["difference"] for row in found])


@pytest.mark.parametrize(("repeats", "limits"), [(5, REJECTED), (4, (0.015, 0.045)), (3, (0, 0))])
def test_maps_that_ignore_the_evidence_are_not_in_place(repeats, limits):
    """Of 252 orders 12 are within 5 %; of 70 two (2.9 %), of 20 none."""
    share, difference = in_place(repeats, 0.0, 1200)
    assert within(share, limits)
    assert abs(difference) < 0.01


def test_evidence_is_seen_in_place_half_the_time():
    """Five trainings a condition: where own and swapped differ by about .15 of AUROC."""
    share, difference = in_place(5, 0.66, 500)
    assert within(share, HALF)
    assert 0.1 < difference < 0.2


# Without noise


@pytest.mark.parametrize("truth", [1.0, 0.6])
def test_likeness_without_noise_is_that_of_the_maps_themselves(truth):
    """Of 60 studies: two networks that explain the same 12 people, whose noise they share in part.

    r is too low by the noise of each, too high by what they share.
    """
    rng = np.random.default_rng(4)
    block = np.ones((5, 4))
    found = []
    for seed in range(60):
        common, own = (wide(rng, 1)[0] for _ in range(2))
        maps = {"a": common, "b": truth * common + np.sqrt(1 - truth**2) * own}
        special = wide(rng, 12)
        people = np.array([f"c/{number}" for number in range(12)])
        faces = {
            ("lime", name): CarriedFaces(
                people, people, np.ones(12, bool), np.zeros(12, int), np.zeros(12, int),
                (image + 1.5 * special + 1.5 * wide(rng, 12)).astype(np.float32),
            )
            for name, image in maps.items()
        }  # fmt: skip
        heatmaps = {key: np.kron(one.maps.mean(axis=0), block) for key, one in faces.items()}
        table = likeness_table(heatmaps, {"truth": np.kron(common, block)}, faces, {}, seed)
        found.append(table.set_index(["network", "other"])[["correlation", "disattenuated"]])
    means = sum(found) / len(found)
    assert means.loc[("a", "b"), "disattenuated"] == pytest.approx(truth, abs=0.04)
    assert means.loc[("a", "truth"), "disattenuated"] == pytest.approx(1, abs=0.04)
    assert means.loc[("a", "truth"), "correlation"] < 0.9


def wide(rng, count):
    """Return smooth random maps of the coarse face."""
    rows, columns = COARSE
    maps = np.kron(smooth(rng, count), np.ones((1, 4, 4)))[:, :rows, :columns]
    maps = maps - maps.mean(axis=(1, 2), keepdims=True)
    return maps / maps.std(axis=(1, 2), keepdims=True)
