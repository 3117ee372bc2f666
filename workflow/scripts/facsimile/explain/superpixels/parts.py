"""The parts of a face, by its landmarks: follow anatomy."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from facsimile.explain.superpixels import Superpixels, counted

PARTS = {
    "left brow": range(17, 22),
    "right brow": range(22, 27),
    "left eye": range(36, 42),
    "right eye": range(42, 48),
    "nose bridge": range(27, 30),
    "nose tip": range(30, 36),
    "left mouth": (48, 49, 59, 60),
    "upper lip": (50, 51, 52, 61, 62, 63),
    "right mouth": (53, 54, 55, 64),
    "lower lip": (56, 57, 58, 65, 66, 67),
    "left jaw": range(2, 7),
    "chin": range(7, 10),
    "right jaw": range(10, 15),
    "left temple": (0, 1),
    "right temple": (15, 16),
}
"""Landmarks (counted from zero, left as seen) of the parts of a face."""

BETWEEN = {
    "left cheek": ((1, 31, 0.5), (3, 31, 0.5), (4, 48, 0.5), (41, 48, 0.4)),
    "right cheek": ((15, 35, 0.5), (13, 35, 0.5), (12, 54, 0.5), (46, 54, 0.4)),
    "between brows": ((21, 22, 0.5), (21, 27, 0.7), (22, 27, 0.7)),
    "left forehead": ((37, 18, 2.2), (37, 18, 3.5), (38, 20, 2.2), (38, 20, 3.5)),
    "middle forehead": ((27, 21, 2.5), (27, 22, 2.5), (27, 21, 4.0), (27, 22, 4.0)),
    "right forehead": ((43, 23, 2.2), (43, 23, 3.5), (44, 25, 2.2), (44, 25, 3.5)),
    "chin boss": ((57, 8, 0.5), (58, 7, 0.5), (56, 9, 0.5)),
}
"""Parts without landmarks: points on the way (1: all of it) from one landmark to another."""

BEHIND = [(number, 30, -0.22) for number in range(17)]
"""Points outside the jaw: what lies nearest to them is background."""


@dataclass(frozen=True, kw_only=True)
class Parts(Superpixels):
    """There is nothing to set."""

    def words(self) -> str:
        """Return how many, and whence."""
        return f"{len(PARTS) + len(BETWEEN) + 1} parts of the face, by its landmarks"

    def cut(self, face: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
        """Return the parts of a face: each pixel belongs to the part with the nearest point.

        A part outside the image has no label.
        """
        from scipy.spatial import KDTree

        groups = [landmarks[list(numbers)] for numbers in PARTS.values()]
        groups += [_between(landmarks, ways) for ways in (*BETWEEN.values(), BEHIND)]
        names = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
        rows, columns = np.mgrid[: len(face), : len(face)]
        pixels = np.column_stack([columns.ravel(), rows.ravel()])
        nearest = KDTree(np.vstack(groups)).query(pixels)[1]
        return counted(names[nearest].reshape(face.shape))


def _between(landmarks: np.ndarray, ways: Iterable[tuple[int, int, float]]) -> np.ndarray:
    return np.array([landmarks[a] + share * (landmarks[b] - landmarks[a]) for a, b, share in ways])
