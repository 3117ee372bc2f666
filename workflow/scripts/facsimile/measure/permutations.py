"""Permutation tests of a shift, exact where all orders are tried, and intervals that agree.

Under no effect, what tells one kind from another (a label, a training) could be exchanged. An order
of the exchange gives the effect at which it would fit the data just as well as the true order, its
*threshold*: the test of an effect counts the thresholds on either side of it, and the interval is
made of all effects that the test does not reject (Lehmann and Romano, Testing Statistical
Hypotheses, 3rd ed., 2005, chapters 5 and 15). So the interval leaves out zero where p is at most
.05, and only there.
"""

from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations, product
from math import comb

import numpy as np

from facsimile.measure.intervals import LEVEL

ORDERS = 9_999
"""How many orders are tried at most; where there are more, as many are drawn."""


@dataclass(frozen=True)
class Shift:
    """A two-sided test of an effect, and its 95 % interval; NaN where orders are too few for one.

    ``p_min`` is the smallest p that so many orders can give.
    """

    low: float
    high: float
    p: float
    p_min: float


UNTESTED = Shift(np.nan, np.nan, np.nan, np.nan)


def invert(thresholds: np.ndarray) -> Shift:
    """Return the test and the interval from the thresholds of all orders but the true one."""
    orders = len(thresholds) + 1
    # Equal values may differ in their last digits.
    sides = (thresholds <= 1e-9).sum(), (thresholds >= -1e-9).sum()
    p = min(1.0, 2 * (1 + min(sides)) / orders)
    beyond = int(np.floor((1 - LEVEL) / 2 * orders + 1e-9))
    low, high = np.nan, np.nan
    if beyond:
        ordered = np.sort(thresholds)
        low, high = float(ordered[beyond - 1]), float(ordered[-beyond])
    return Shift(low, high, float(p), min(1.0, 2 / orders))


@cache
def orders_of_labels(count: int) -> np.ndarray:
    """Return all orders of some labels, (orders, count), the true one first."""
    return np.array(list(permutations(range(count))))


def exchange_labels(table: np.ndarray) -> Shift:
    """Test whether the own label's score differs from the others', by all orders of the labels.

    What a heatmap scores on all references, and a reference with all heatmaps, cancels.

    Parameters
    ----------
    table : a score, (labels, labels), heatmaps down and references across; three or more.
    """
    count = len(table)
    orders = orders_of_labels(count)[1:]
    moved = (orders != np.arange(count)).sum(axis=1)
    sums = table[np.arange(count), orders].sum(axis=1)
    return invert((np.trace(table) - sums) / moved)


def exchange_groups(values: np.ndarray, chosen: np.ndarray) -> Shift:
    """Test whether the means of two groups differ, by orders of who is in which.

    Parameters
    ----------
    values : (members,).
    chosen : (orders, members) bool, who is in the first group; the true order first.
    """
    true, sizes = chosen[0], chosen[0].sum()
    both = chosen[1:] & true
    differences = _difference(values, true[None]) - _difference(values, chosen[1:])
    # By how much less than in the true order an effect of 1 would show.
    kept = both.sum(axis=1) / sizes - (sizes - both.sum(axis=1)) / (len(true) - sizes)
    others = kept < 1  # An order that was drawn may be the true one.
    return invert(differences[others] / (1 - kept[others]))


def _difference(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return the difference of the groups' means in each order."""
    first = chosen.sum(axis=1)
    sums = chosen @ values
    return sums / first - (values.sum() - sums) / (chosen.shape[1] - first)


def orders_of_groups(first: int, second: int, pairs: int, rng: np.random.Generator) -> np.ndarray:
    """Return who may be in the first group, (orders, members) bool, the true order first.

    Parameters
    ----------
    first, second : members of either group, any of which may be exchanged.
    pairs : further members of each group, who are exchanged only with their partners.
    rng : draws orders where there are more than can be tried.

    Returns
    -------
    The members are those of the first group, those of the second, then all first and all second
    partners.
    """
    if comb(first + second, first) * 2**pairs <= ORDERS:
        return _all_orders(first, second, pairs)
    true = np.arange(first + second) < first
    drawn = rng.permuted(np.tile(true, (ORDERS, 1)), axis=1)
    stay = rng.random((ORDERS, pairs)) < 0.5
    singles, stay = np.vstack([true, drawn]), np.vstack([np.ones(pairs, bool), stay])
    return np.hstack([singles, stay, ~stay])


@cache
def _all_orders(first: int, second: int, pairs: int) -> np.ndarray:
    chosen = np.array(list(combinations(range(first + second), first)))
    singles = (chosen[:, :, None] == np.arange(first + second)).any(axis=1)
    stay = np.array(list(product((True, False), repeat=pairs)), bool).reshape(2**pairs, pairs)
    members = np.repeat(singles, len(stay), axis=0), np.tile(stay, (len(singles), 1))
    return np.hstack([*members, ~members[1]])
