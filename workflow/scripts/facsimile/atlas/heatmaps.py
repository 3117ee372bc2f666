"""Global heatmaps: the mean of the explanations of many faces, on the canonical face."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from facsimile.atlas.canonical import HEIGHT, WIDTH, Atlas


@dataclass(frozen=True)
class Heatmaps:
    """Mean maps of one network and expression.

    ``pooled`` (275, 224) over all faces; ``folds`` (folds, 275, 224) over each fold's faces; both
    float32, and NaN where there was no face.
    """

    pooled: np.ndarray
    folds: np.ndarray


def average(
    maps: Iterable[np.ndarray], landmarks: np.ndarray, fold: np.ndarray, folds: int, atlas: Atlas
) -> Heatmaps:
    """Carry each face's map to the canonical frame and average them.

    Parameters
    ----------
    maps : one (size, size) map a face.
    landmarks : (faces, 68, 2), in pixels of the 224 x 224 faces.
    fold : (faces,) the fold of each face.
    folds : how many folds the study has.
    """
    total = np.zeros((folds, HEIGHT, WIDTH))
    for image, points, number in zip(maps, landmarks, fold, strict=True):
        total[number] += atlas.carry(image, points)
    count = np.bincount(np.asarray(fold, int), minlength=folds)[:, None, None]
    with np.errstate(invalid="ignore"):
        pooled = total.sum(0) / count.sum()
        return Heatmaps(pooled.astype(np.float32), (total / count).astype(np.float32))
