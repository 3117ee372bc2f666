"""Cutting many faces into superpixels, side by side."""

from functools import partial

import numpy as np
from joblib import Parallel, delayed

from facsimile import FACE_SIZE
from facsimile.explain.superpixels import Superpixels
from facsimile.faces.images import grey, resize


def segment_all(
    faces: np.ndarray,
    landmarks: np.ndarray,
    size: int,
    superpixels: Superpixels,
    processes: int = 1,
    labels: np.ndarray | None = None,
) -> np.ndarray:
    """Return the superpixels of faces at an input size: (n, size, size) uint16.

    Parameters
    ----------
    faces : (n, 224, 224) uint8, or in colour (n, 224, 224, 3), which is cut by its brightness.
    landmarks : (n, 68, 2) in their pixels.
    superpixels : the way to cut.
    labels : the array to fill and return, such as a memory map; by default a new one.
    """
    one = partial(segment_one, size=size, superpixels=superpixels)
    images = Parallel(n_jobs=processes, return_as="generator", batch_size=16)(
        delayed(one)(face, points) for face, points in zip(faces, landmarks, strict=True)
    )
    if labels is None:
        labels = np.empty((len(faces), size, size), np.uint16)
    for row, image in enumerate(images):
        labels[row] = image
    return labels


def segment_one(
    face: np.ndarray, landmarks: np.ndarray, size: int, superpixels: Superpixels
) -> np.ndarray:
    """Return the superpixels of one face; see ``segment_all``."""
    # Pixel centres lie at half-integers of the picture's extent.
    points = (np.asarray(landmarks, np.float64) + 0.5) * size / FACE_SIZE - 0.5
    return superpixels.cut(grey(resize(face[None], size)[0]), points)
