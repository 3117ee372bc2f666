"""Tests on distances between heatmaps: of centres, of spreads, and of two tables of distances.

All start from Pearson's r of the maps, (units, units): 1 - r is half the squared distance of two
maps with mean 0 and norm 1. A unit is a network, or a family of them. A label, or a place, is
exchanged between units: ``orders`` says how, the true order first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import permutations, product
from math import factorial, prod

import numpy as np

from facsimile.measure.permutations import ORDERS

LOADINGS = (0.1, 0.99)
"""Least and greatest share of the common look in a map: no map counts for nothing, or alone."""

STEPS = 100

LEAST = 1e-9
"""What is smaller is rounding: squared distances, or variances."""


def joined(correlations: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Return the correlations between the mean maps of units, (units, units).

    Parameters
    ----------
    correlations : (maps, maps).
    unit : (maps,) the number of each one's unit.
    """
    mean = np.eye(unit.max() + 1)[:, unit]
    mean /= mean.sum(axis=1, keepdims=True)
    products = mean @ correlations @ mean.T
    norms = np.sqrt(np.maximum(np.diag(products), np.finfo(float).tiny))
    return products / np.outer(norms, norms)


def orders_of_labels(
    labels: np.ndarray, blocks: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, bool]:
    """Return all orders of labels that group units otherwise, or some; and whether these are all.

    Parameters
    ----------
    labels : (units,) 0, 1, ...
    blocks : (units,) labels are exchanged within blocks.
    rng : draws orders where there are more than can be tried.

    Returns
    -------
    (orders, units), the true one first. So p is at least 1 / orders.
    """
    members = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
    count = prod(_count(labels[places]) for places in members)
    if count <= ORDERS:
        every = np.array(list(_arranged(labels, members)))
        # Where labels only change their names the groups are the same.
        _, first = np.unique([_renamed(order) for order in every], axis=0, return_index=True)
        return every[np.sort(first)], True
    drawn = np.tile(labels, (ORDERS, 1))
    for places in members:
        drawn[:, places] = rng.permuted(drawn[:, places], axis=1)
    return np.vstack([labels, drawn]), False


def _count(labels: np.ndarray) -> int:
    return factorial(len(labels)) // prod(map(factorial, np.bincount(labels).tolist()))


def _arranged(labels: np.ndarray, members: list[np.ndarray]) -> Iterator[np.ndarray]:
    """Yield all distinct orders of the labels within blocks, the true one first."""
    for parts in product(*(list(_distinct(labels[places].tolist())) for places in members)):
        order = labels.copy()
        order[np.concatenate(members)] = np.concatenate(parts)
        yield order


def _distinct(labels: list[int]) -> Iterator[list[int]]:
    """Yield all distinct orders of some labels, the given one first."""
    if len(set(labels)) < 2:
        yield labels
        return
    for label in dict.fromkeys(labels):
        rest = labels.copy()
        rest.remove(label)
        yield from ([label, *others] for others in _distinct(rest))


def _renamed(order: np.ndarray) -> np.ndarray:
    """Return labels named by their first place, so that equal groups have equal names."""
    _, first, names = np.unique(order, return_index=True, return_inverse=True)
    return first[names]


def share(statistics: np.ndarray) -> float:
    """Return p: the share of orders whose statistic is at least that of the first, the true one."""
    # Equal statistics may differ in their last digits.
    return float(np.mean(statistics >= statistics[0] - 1e-9 * abs(statistics[0])))


# Centres


def loadings(correlations: np.ndarray) -> np.ndarray:
    """Return how much of each map is a look that all share: its r with that look.

    A single common factor (Spearman, American Journal of Psychology 15, 1904): r of two maps is
    the product of their loadings. Each is fitted to its correlations with the others, which count
    as their signal to noise ratios.
    """
    others = correlations - np.diag(np.diag(correlations))
    sums = others.sum(axis=1)
    if not sums.sum() > 0:
        return np.full(len(correlations), np.mean(LOADINGS))
    fit = np.clip(sums / np.sqrt(sums.sum()), *LOADINGS)
    for _ in range(STEPS):
        weights = fit / (1 - fit**2)
        known = weights * fit
        better = others @ weights / (known.sum() - known)
        fit = np.clip((fit + better) / 2, *LOADINGS)
    return fit


def welch(correlations: np.ndarray, shares: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """Return W*d of two groups in each order of their labels, (orders,).

    The squared distance of the centres in units of its own error, so that groups may spread
    unequally (Alekseyenko, Bioinformatics 32, 2016; Hamidi et al., Microbiome 7, 2019). With r a
    group of noisier maps would also lie elsewhere, since noise makes a map less like all others:
    so each map is scaled until its share of the common look is one, and counts as its signal to
    noise ratio.

    Parameters
    ----------
    correlations : (units, units).
    shares : (units,) ``loadings``; all alike for the plain W*d.
    orders : (orders, units) of the labels, 0 and 1.
    """
    apart, within, _, counts = _groups(correlations, shares, orders)
    return apart[:, 0, 1] / (within / (counts - 1)).sum(axis=1)


def permanova(correlations: np.ndarray, shares: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """Return the pseudo F of groups in each order (Anderson, Austral Ecology 26, 2001).

    Maps are scaled and count as in ``welch``, which makes their noise alike; a group of one or two
    tells nothing of its spread, which W*d would need.
    """
    apart, within, weights, counts = _groups(correlations, shares, orders)
    groups, units = counts.shape[1], orders.shape[1]
    pairs = weights[:, :, None] * weights[:, None, :] * apart
    between = pairs.sum(axis=(1, 2)) / 2 / weights.sum(axis=1)
    rest = np.maximum((weights * within).sum(axis=1), np.finfo(float).tiny)
    return between / (groups - 1) / (rest / (units - groups))


def _groups(
    correlations: np.ndarray, shares: np.ndarray, orders: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return squared distances of centres, mean squares within, weights and sizes of groups."""
    member = _members(orders)
    products = correlations / np.outer(shares, shares)
    weight = shares**2 / (1 - shares**2)
    weights = weight @ member
    mean = member * weight[:, None] / weights[:, None, :]
    centres = np.swapaxes(mean, 1, 2) @ (products @ mean)
    squares = np.diagonal(centres, axis1=1, axis2=2)
    apart = squares[:, :, None] + squares[:, None, :] - 2 * centres
    return apart, np.diag(products) @ mean - squares, weights, member.sum(axis=1)


def _members(orders: np.ndarray) -> np.ndarray:
    """Return which unit is in which group, (orders, units, groups), 0 or 1."""
    return (orders[:, :, None] == np.arange(orders.max() + 1)).astype(float)


# Spreads


def permdisp(correlations: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """Return Welch's F of the log distances to the own group's centre (PERMDISP), (orders,).

    The distances themselves are exchanged (Anderson, Biometrics 62, 2006): centres that lie apart
    are no spread. Those from a centre that few units make are short, and are scaled up by the root
    of n / (n - 1) (Stier et al., Ecology 94, 2013). Welch's (Biometrika 38, 1951), since distances
    of a smaller group vary more.
    """
    own = _members(orders[:1])[0]
    centred = np.eye(len(own)) - (own / own.sum(axis=0)) @ own.T
    squares = np.diag(centred @ correlations @ centred) * (own @ (1 + 1 / (own.sum(axis=0) - 1)))
    logs = np.log(np.maximum(squares, LEAST)) / 2
    member = _members(orders)
    counts = member.sum(axis=1)
    means, mean_squares = (part @ member / counts for part in (logs, logs**2))
    variances = np.maximum(mean_squares - means**2, LEAST) / (counts - 1)
    weights, groups = 1 / variances, counts.shape[1]
    shares = weights / weights.sum(axis=1, keepdims=True)
    apart = means - (shares * means).sum(axis=1, keepdims=True)
    few = ((1 - shares) ** 2 / (counts - 1)).sum(axis=1) * 2 * (groups - 2) / (groups**2 - 1)
    return (weights * apart**2).sum(axis=1) / (groups - 1) / (1 + few)


@dataclass(frozen=True)
class DistanceTest:
    """A test of groups: its name, the fewest units of a level, and its statistic.

    ``statistic`` of correlations, (units, units), and orders of the labels, (orders, units).
    """

    name: str
    least: int
    statistic: Callable[[np.ndarray, np.ndarray], np.ndarray]


# With so few units, and no fewer, they hold their level: see test_simulations_likeness.py.
TWO_LEVELS = (
    DistanceTest("W*d", 2, lambda table, orders: welch(table, loadings(table), orders)),
    DistanceTest("PERMDISP", 4, permdisp),
)
MORE_LEVELS = (
    DistanceTest("PERMANOVA", 1, lambda table, orders: permanova(table, loadings(table), orders)),
    DistanceTest("PERMDISP", 5, permdisp),
)


# Two tables


def orders_of_places(count: int, rng: np.random.Generator) -> tuple[np.ndarray, bool]:
    """Return all orders of some places, or some, (orders, count), and whether these are all."""
    if factorial(count) <= ORDERS:
        return np.array(list(permutations(range(count)))), True
    drawn = rng.permuted(np.tile(np.arange(count), (ORDERS, 1)), axis=1)
    return np.vstack([np.arange(count), drawn]), False


def mantel(one: np.ndarray, other: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """Return r of two tables over all pairs, the other's units in each order (Mantel 1967).

    NaN where all pairs of a table are alike.
    """
    rows, columns = np.triu_indices(len(one), 1)
    first, second = one[rows, columns], other[orders[:, rows], orders[:, columns]]
    first = first - first.mean()
    second = second - second.mean(axis=1, keepdims=True)
    norms = np.sqrt((first**2).sum() * (second**2).sum(axis=1))
    return second @ first / np.where(norms > 1e-12, norms, np.nan)
