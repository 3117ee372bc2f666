"""Differences between two conditions, paired on trainings, people and expressions."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from facsimile.measure.scoring import mean_defined
from facsimile.measure.table import ALL, Study, complete
from facsimile.measure.units import Own, Units

Pair = tuple[Own, Own]
"""One score under two conditions; its difference is the second less the first."""


def over_expressions(
    study: Study, pair: Pair, score: str, least: int
) -> Iterator[tuple[str, tuple[float, float], dict]]:
    """Yield the difference on each expression, and on all that both have; units are trainings.

    Parameters
    ----------
    least : trainings from which on there is a p.

    Yields
    ------
    The expression (or all), the means of both, and difference, low, high, p (two-sided, by t),
    p_min (none), n_repeats, n_networks, interval, reason.
    """
    for expression, rows in _choices(study, (pair[1] - pair[0]).rows):
        yield expression, *_difference([pair], rows, score, least, networks=False)


def over_networks(
    study: Study, pairs: Mapping[str, Pair], score: str, least: int
) -> Iterator[tuple[str, tuple[float, float], dict]]:
    """Yield the same of the mean over networks that have the expression; units are networks.

    Those that did not learn are left out.
    """
    own = {name: pairs[name][1] - pairs[name][0] for name in study.learned(pairs)}
    for expression, rows in _choices(study, complete(own, own)[1]):
        there = [pairs[network] for network, one in own.items() if set(rows) <= set(one.rows)]
        yield expression, *_difference(there, rows, score, least, networks=True)


def _choices(study: Study, defined: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """Yield each expression with its row, none where it is not defined, and all that are."""
    for row, expression in enumerate(study.expressions):
        yield expression, [row] if row in defined else []
    yield ALL, list(defined)


def _difference(
    pairs: Sequence[Pair], rows: list[int], score: str, least: int, networks: bool
) -> tuple[tuple[float, float], dict]:
    """Return the means of both conditions over some expressions, and their difference."""
    if not pairs or not rows:
        numbers = dict.fromkeys(("difference", "low", "high", "p", "p_min"), np.nan)
        counts = {"n_repeats": 0, "n_networks": 0, "interval": ""}
        return (np.nan, np.nan), {**numbers, **counts, "reason": "no heatmap of both"}
    each = [(second - first).over(rows) for first, second in pairs]
    units = Units.of_networks(each) if networks else each[0]
    estimate = units.estimate(score, difference=True)
    low, high = estimate.bounds
    enough = units.count >= least
    first, second = (
        float(
            np.mean(
                [_paired(pair[side], rows, both) for pair, both in zip(pairs, each, strict=True)]
            )
        )
        for side in (0, 1)
    )
    return (first, second), {
        "difference": estimate.value,
        "low": low,
        "high": high,
        "p": estimate.p if enough else np.nan,
        "p_min": np.nan,
        "n_repeats": min(one.count for one in each),
        "n_networks": len(pairs),
        "interval": units.interval,
        "reason": "" if enough else f"fewer than {least} {units.kind}",
    }


def _paired(own: Own, rows: list[int], both: Units) -> float:
    """Return one condition's mean, over the trainings that both have."""
    return float(mean_defined(np.where(np.isfinite(both.value), own.over(rows).value, np.nan), 0))
