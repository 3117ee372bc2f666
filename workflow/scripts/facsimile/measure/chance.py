"""Elsewhere: how well would the same map do, put anywhere on the face?

A reference is moved over the face in all steps of a lattice, around its edges, as it is and
mirrored. Its area and shape stay, its place does not. The mean over all placements describes how
much a score owes to the place. No test is made of it: heatmaps of faces are not as likely in one
place as in another, and symmetric and centred ones would pass it too often; see ``null``.
"""

from collections.abc import Callable

import numpy as np

from facsimile.measure.scores import position, scores
from facsimile.measure.scoring import Densities, Maps, density_scores, region_scores

STEP = 3
"""Of the lattice, in pixels of a coarse map."""


def placements(face: np.ndarray, step: int = STEP) -> np.ndarray:
    """Return all placements on a face as orders of pixels, (placements, pixels).

    ``image.ravel()[placements[k]]`` is the k-th; the first is the image as it is. What lies
    outside the box around the face stays where it is.

    Parameters
    ----------
    face : bool map, true on the face.
    """
    pixels = np.arange(face.size).reshape(face.shape)
    box = tuple(_span(np.any(face, axis=1 - axis), step) for axis in (0, 1))
    inner = pixels[box]
    moved = []
    for mirrored in (inner, inner[:, ::-1], inner[::-1], inner[::-1, ::-1]):
        for down in range(0, inner.shape[0], step):
            for across in range(0, inner.shape[1], step):
                whole = pixels.copy()
                whole[box] = np.roll(mirrored, (down, across), (0, 1))
                moved.append(whole.ravel())
    return np.array(moved)


def _span(there: np.ndarray, step: int) -> slice:
    """Return the span of true values, made a multiple of the step: only then is it a group."""
    first, last = np.flatnonzero(there)[[0, -1]]
    length = (last + 1 - first) // step * step
    return slice(int(first), int(first + length))


class Placed:
    """A reference in all its placements."""

    def __init__(self, reference: np.ndarray, orders: np.ndarray) -> None:
        """Place a usable coarse reference in every order of its pixels."""
        self._placed: np.ndarray | Densities
        if reference.dtype == bool:
            self._score: Callable = region_scores
            self._placed = reference.ravel()[orders].T
        else:
            # Ranks move with their pixels: no need to sort again.
            still = Densities.of(reference[None])
            moved = (part[orders, 0].T for part in (still.values, still.ranks))
            self._score, self._placed = density_scores, Densities(*moved)

    def level(self, heatmaps: Maps) -> np.ndarray:
        """Return each score's mean over all placements and coarse heatmaps, (scores,)."""
        level = np.full(len(scores()), np.nan)
        for score, values in self._score(heatmaps, self._placed).items():
            level[position(score)] = values.mean()
        return level
