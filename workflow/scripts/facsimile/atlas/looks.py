"""What faces look like on the canonical face, whatever they express: what some rivals show."""

from collections.abc import Iterable

import numpy as np

from facsimile.atlas.canonical import HEIGHT, WIDTH, Atlas
from facsimile.faces.images import grey


def spread(faces: Iterable[np.ndarray], landmarks: np.ndarray, atlas: Atlas) -> np.ndarray:
    """Return by how many grey levels faces differ, (275, 224) float32: standard deviations.

    Parameters
    ----------
    faces : (224, 224) uint8 each, or in colour.
    landmarks : (faces, 68, 2) in their pixels.
    """
    count, total, squares = 0, np.zeros((HEIGHT, WIDTH)), np.zeros((HEIGHT, WIDTH))
    for face, points in zip(faces, landmarks, strict=True):
        carried = atlas.carry(grey(face), points).astype(np.float64)
        count, total, squares = count + 1, total + carried, squares + carried**2
    return np.sqrt(np.maximum(squares / count - (total / count) ** 2, 0)).astype(np.float32)


def motion(parts: Iterable[tuple[np.ndarray, np.ndarray, np.ndarray]], atlas: Atlas) -> np.ndarray:
    """Return by how many grey levels faces differ from the same at rest, (275, 224) float32: means.

    Parameters
    ----------
    parts : some faces each, (faces, 224, 224) uint8 or in colour; the same at rest, black all over
        where that is not known; and the faces' landmarks, (faces, 68, 2).
    """
    count, total = 0, np.zeros((HEIGHT, WIDTH))
    for faces, at_rest, landmarks in parts:
        for face, rest, points in zip(faces, at_rest, landmarks, strict=True):
            if rest.any():
                difference = np.abs(grey(face).astype(np.float32) - grey(rest))
                count, total = count + 1, total + atlas.carry(difference, points)
    return (total / max(count, 1)).astype(np.float32)
