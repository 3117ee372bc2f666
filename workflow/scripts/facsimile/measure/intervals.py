"""Intervals: what would other people, and other trainings or networks, have given?

People are crossed with *units*: the trainings of one network, or the networks of a mean over
networks. The variance of the mean over units is that of units, from their values, and that of
people, from bootstrap samples of people that all units share, less what both have counted: what the
samples change in one unit and not in the others (Cameron, Gelbach and Miller, JBES 29, 2011).

Few trainings tell little of how trainings vary, so each of the two parts has its own Student's t,
and the half widths add up as squares (Howe, JASA 69, 1974; Zou and Donner, Statistics in Medicine
27, 2008). One t for the sum, with Satterthwaite's degrees of freedom, held less in simulations.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy import optimize, stats

from facsimile.measure.scores import scores

LEVEL = 0.95

LEAST = 1e-12
"""The smallest p that is told from others."""

NOTHING = 1e-20
"""A variance that is that of rounding."""


@dataclass(frozen=True)
class Estimate:
    """A mean over units, and how sure it is.

    ``value`` is what was measured. The interval's ``centre`` is beside it: a mean of noisy maps
    scores lower than a mean without noise, and the bootstrap shows by how much. Each of
    ``sources`` is a variance with its degrees of freedom; none where there is no interval.
    """

    value: float
    centre: float
    sources: tuple[tuple[float, int], ...]
    limits: tuple[float, float]

    @property
    def bounds(self) -> tuple[float, float]:
        """The 95 % interval. It holds the value, and stays within the score's limits."""
        if not self.sources:
            return np.nan, np.nan
        half = self._half_width(1 - LEVEL)
        ends = min(self.value, self.centre - half), max(self.value, self.centre + half)
        low, high = np.clip(ends, *self.limits)
        return float(low), float(high)

    @property
    def p(self) -> float:
        """Two-sided, of the hypothesis that the mean is zero: where the interval would touch it."""
        if not any(variance > 0 for variance, _ in self.sources):
            return np.nan

        def above(p: float) -> float:
            return self._half_width(p) - abs(self.centre)

        return float(optimize.brentq(above, LEAST, 1)) if above(LEAST) > 0 else LEAST

    def _half_width(self, p: float) -> float:
        squares = [quantile(p, dof) ** 2 * variance for variance, dof in self.sources]
        return float(np.sqrt(sum(squares)))


@cache
def quantile(p: float, dof: int) -> float:
    """Return how far from zero Student's t lies with probability p, on either side."""
    return float(stats.t.isf(p / 2, dof))


def estimate(
    value: np.ndarray,
    coarse: np.ndarray,
    bootstrap: np.ndarray,
    dof: int,
    score: str,
    difference: bool = False,
) -> Estimate:
    """Return the mean of a score over units, and how sure it is.

    That is not known where a rough score varies neither with people nor with units, as one that is
    0 or 1 may not over a few: then there is no interval, and no p.

    Of a single unit by people alone; where people are not known, by the units alone.

    The noise that moves the centre is that of the coarse maps. For rough scores it is not moved,
    since the shift is itself mostly noise: their interval is about what studies of this size find.

    Parameters
    ----------
    value : (units,) of the score; NaN where a unit has none.
    coarse : the same from the coarse maps that the samples are made of.
    bootstrap : the same from each sample, (units, samples); NaN where undefined.
    dof : people less one.
    difference : whether the values are differences of two scores: those have other limits.
    """
    low, high = scores()[score].limits
    limits = (low - high, high - low) if difference else (low, high)
    found = estimate_mean(value, bootstrap, dof, limits, None if scores()[score].rough else coarse)
    varies = any(variance > NOTHING for variance, _ in found.sources)
    return found if varies or not scores()[score].rough else replace(found, sources=())


def estimate_mean(
    value: np.ndarray,
    bootstrap: np.ndarray,
    dof: int,
    limits: tuple[float, float],
    coarse: np.ndarray | None = None,
) -> Estimate:
    """Return the mean of any number over units, and how sure it is; see ``estimate``.

    Parameters
    ----------
    limits : of the number.
    coarse : where noise moves the number, what the samples would have without more of it.
    """
    known = np.isfinite(value)
    value, draws = value[known], bootstrap[known]
    draws = draws[:, np.isfinite(draws).all(axis=0)].astype(np.float64)
    mean = float(value.mean()) if len(value) else np.nan
    if not len(value) or dof < 1 or draws.shape[1] < 2:
        alone = ((float(stats.sem(value) ** 2), len(value) - 1),) if len(value) > 1 else ()
        return Estimate(mean, mean, alone, limits)
    shift = 0.0 if coarse is None else float((coarse[known] - draws.mean(axis=1)).mean())
    people, units, both = variances(value, draws)
    sources = ((max(people - both, 0.0), dof), (units, len(value) - 1))
    return Estimate(mean, mean + shift, sources[: len(value)], limits)


def variances(value: np.ndarray, draws: np.ndarray) -> tuple[float, float, float]:
    """Return the variances of a mean over units: by people, by units, and what both count.

    Parameters
    ----------
    value : (units,).
    draws : (units, samples), of people.
    """
    units, people = len(value), float(draws.mean(axis=0).var(ddof=1))
    if units < 2:
        return people, 0.0, 0.0
    both = (draws - draws.mean(axis=0)).var(axis=1, ddof=1).sum() / (units * (units - 1))
    return people, float(value.var(ddof=1) / units), float(both)


def words(drawn: Iterable[str], units: str, count: int) -> str:
    """Return what an interval is about: people and trainings, or networks.

    Parameters
    ----------
    drawn : what the bootstrap of each part resamples; see ``resampling_unit``.
    units : trainings, or networks; ``count`` is how many there are.
    """
    parts = sorted(set(drawn) - {""}, reverse=True)
    without = [part for part in parts if part.endswith("no interval")]
    if without and count > 1:
        return f"{units}; {without[0].partition(':')[0]}"
    if without or not parts:
        return "".join(without[:1])
    people = " and ".join(parts)
    return f"{people} and {units}" if count > 1 else f"{people}; one {units.removesuffix('s')}"
