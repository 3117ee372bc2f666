"""The explanations of one network and expression over all folds of a repeat, and their file.

Reading them takes no network.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.arrays import Bundle

if TYPE_CHECKING:
    from facsimile.explain.attribution import Attribution


@dataclass(frozen=True)
class Explanations(Bundle):
    """Explained faces, in rows.

    ``id``, ``repeat``, ``fold`` and ``seed`` (of the draws) of each face. Then what the method
    says, see `Attribution`: ``coefficients`` and ``standard_error`` (faces, superpixels, 6), with
    zeros past a face's own number of ``superpixels``; or ``map`` (faces, m, m); what is not there
    has length zero past the first axis. ``intercept``, ``r2`` and ``split_half`` (faces, 6),
    ``effective_samples`` and ``samples`` (faces,).
    """

    id: np.ndarray
    repeat: np.ndarray
    fold: np.ndarray
    seed: np.ndarray
    superpixels: np.ndarray
    coefficients: np.ndarray
    standard_error: np.ndarray
    map: np.ndarray
    intercept: np.ndarray
    r2: np.ndarray
    split_half: np.ndarray
    effective_samples: np.ndarray
    samples: np.ndarray

    @classmethod
    def of(cls, faces: pd.DataFrame, attributions: "Sequence[Attribution]") -> "Explanations":
        """Put the attributions of some faces (columns id, repeat, fold, seed) below each other."""
        arrays = {
            name: np.array([getattr(one, name) for one in attributions])
            for name in ("map", "intercept", "r2", "split_half", "effective_samples", "samples")
        }
        if not attributions:
            none = np.empty((0, len(EXPRESSIONS)))
            arrays |= {"map": np.empty((0, 0, 0), np.float32)}
            arrays |= dict.fromkeys(("intercept", "r2", "split_half"), none)
        return cls(
            id=faces["id"].to_numpy(str),
            repeat=faces["repeat"].to_numpy(np.int64),
            fold=faces["fold"].to_numpy(np.int64),
            seed=faces["seed"].to_numpy(np.int64),
            superpixels=np.array([len(one.coefficients) for one in attributions], np.int64),
            coefficients=_filled([one.coefficients for one in attributions]),
            standard_error=_filled([one.standard_error for one in attributions]),
            **arrays,
        )

    def attributions(self) -> "list[Attribution]":
        """Return what the method said of each face, as ``of`` took it."""
        from facsimile.explain.attribution import Attribution

        return [
            Attribution(
                samples=int(self.samples[row]),
                coefficients=self.coefficients[row, :count],
                map=self.map[row],
                intercept=self.intercept[row],
                r2=self.r2[row],
                split_half=self.split_half[row],
                standard_error=self.standard_error[row, :count],
                effective_samples=float(self.effective_samples[row]),
            )
            for row, count in enumerate(self.superpixels)
        ]

    def only(self, rows: np.ndarray) -> "Explanations":
        """Return some of the faces: ``rows`` is a bool, or a place, of each."""
        return Explanations(**{name: values[rows] for name, values in vars(self).items()})

    def rows(self, faces: pd.DataFrame) -> pd.DataFrame:
        """Return the explained ones of all faces (column id), with ``repeat`` and ``fold``."""
        rows = faces.set_index("id").loc[self.id].reset_index()
        return rows.assign(repeat=self.repeat, fold=self.fold)

    def maps(
        self, target: int, superpixels: Sequence[np.ndarray] | np.ndarray, contrast: bool = False
    ) -> Iterator[np.ndarray]:
        """Yield one map a face, (size, size) float32: what spoke for an expression.

        Negative weights count as none. With ``contrast``, what spoke for it more than for any
        other; it needs a method that answers for all. (Less the *mean* of the others
        would be the same map as without: the six answers' coefficients add up to zero.)

        Parameters
        ----------
        target : place of the expression.
        superpixels : (faces, size, size) label images; not read where there are maps of pixels.
        """
        if self.map.size:
            yield from np.maximum(self.map, 0)
            return
        for face, labels in zip(self.weights(target, contrast), superpixels, strict=True):
            yield np.maximum(face, 0).astype(np.float32)[labels]

    def weights(self, target: int, contrast: bool = False) -> np.ndarray:
        """Return what each superpixel says for an expression, (faces, superpixels); see ``maps``.

        Negative where it speaks against it; zero past a face's own number.
        """
        weights = self.coefficients[:, :, target]
        if contrast:
            weights = weights - np.delete(self.coefficients, target, axis=2).max(axis=2)
        return weights


def _filled(weights: list[np.ndarray]) -> np.ndarray:
    """Return arrays (n, 6) of several lengths as one, with zeros past the end of each."""
    longest = max(map(len, weights), default=0)
    filled = np.zeros((len(weights), longest, len(EXPRESSIONS)))
    for row, array in enumerate(weights):
        filled[row, : len(array)] = array
    return filled
