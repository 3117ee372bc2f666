"""Units: the trainings of a network, or the networks of a mean, each with its score."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from facsimile.measure.intervals import Estimate, estimate, variances, words
from facsimile.measure.scoring import mean_defined


@dataclass(frozen=True)
class Units:
    """A score of some units, trainings or networks, and the same in samples of people.

    ``value`` and ``coarse`` (units,), ``bootstrap`` (units, samples), as ``intervals.estimate``
    takes them; ``dof`` of people, what of them was ``drawn``, and ``kind`` of the units.
    """

    value: np.ndarray
    coarse: np.ndarray
    bootstrap: np.ndarray
    dof: int
    drawn: tuple[str, ...]
    kind: str = "trainings"

    @property
    def count(self) -> int:
        """How many units have a value."""
        return int(np.isfinite(self.value).sum())

    @property
    def by_units(self) -> float:
        """The variance of the mean that other units would bring, with the same people."""
        known = np.isfinite(self.value)
        draws = self.bootstrap[known]
        draws = draws[:, np.isfinite(draws).all(axis=0)]
        if draws.shape[1] < 2:
            return 0.0
        _, units, both = variances(self.value[known], draws)
        return max(units - both, 0.0)

    @property
    def interval(self) -> str:
        """What the interval is about."""
        return words(self.drawn, self.kind, self.count)

    def estimate(self, score: str, difference: bool = False) -> Estimate:
        """Return the mean over units, and how sure it is."""
        parts = self.value, self.coarse, self.bootstrap, self.dof
        return estimate(*parts, score=score, difference=difference)

    @classmethod
    def of_networks(cls, networks: Sequence["Units"]) -> "Units":
        """Return networks as units, each the mean over its trainings."""
        return cls(
            value=np.array([mean_defined(one.value, 0) for one in networks]),
            coarse=np.array([mean_defined(one.coarse, 0) for one in networks]),
            bootstrap=np.stack([mean_defined(one.bootstrap, 0) for one in networks]),
            dof=min(one.dof for one in networks),
            drawn=tuple(unit for one in networks for unit in one.drawn),
            kind="networks",
        )


@dataclass(frozen=True)
class Own:
    """One score of one network's heatmaps with their own expressions' reference.

    ``value``, ``coarse`` (repeats, expressions), ``bootstrap`` (repeats, samples, expressions),
    ``pooled``, ``equal`` (expressions,), ``dof``, ``drawn`` (expressions,).
    """

    value: np.ndarray
    coarse: np.ndarray
    bootstrap: np.ndarray
    pooled: np.ndarray
    equal: np.ndarray
    dof: np.ndarray
    drawn: np.ndarray

    @property
    def rows(self) -> list[int]:
        """The expressions that have a value."""
        return np.flatnonzero(np.isfinite(self.value).any(axis=0)).tolist()

    @property
    def repeats(self) -> int:
        """How many trainings have a value of some expression."""
        return int(np.isfinite(self.value).any(axis=1).sum())

    def over(self, rows: Sequence[int]) -> Units:
        """Return the mean over some expressions: its units are the trainings.

        Where a training has no heatmap of one of them, it is given the mean of the others', so that
        the mean over trainings is the mean over the expressions' values.
        """
        parts = (part[..., list(rows)] for part in (self.value, self.coarse, self.bootstrap))
        value, coarse, bootstrap = (_filled(part).mean(axis=-1) for part in parts)
        return Units(value, coarse, bootstrap, int(self.dof[rows].min()), tuple(self.drawn[rows]))

    def __sub__(self, other: "Own") -> "Own":
        """Return the differences, paired on trainings, people and expressions."""
        names = ("value", "coarse", "bootstrap", "pooled", "equal")
        differences = {name: getattr(self, name) - getattr(other, name) for name in names}
        return Own(**differences, dof=np.minimum(self.dof, other.dof), drawn=self.drawn)


def _filled(values: np.ndarray) -> np.ndarray:
    """Return values, (repeats, ..., expressions), of repeats that have some with none undefined."""
    some = np.isfinite(values).any(axis=-1, keepdims=True)
    return np.where(some & ~np.isfinite(values), mean_defined(values, 0), values)
