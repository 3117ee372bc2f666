"""Superpixels: the pieces of a face that an explanation gives weights to.

Three ways to cut, so that one can see how much an answer hangs on the cut: ``slic`` follows
edges of brightness, ``grid`` follows nothing, ``parts`` follows the anatomy of the face.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from joblib import Parallel, delayed
from scipy.spatial import KDTree
from skimage.segmentation import slic

from facsimile import FACE_SIZE
from facsimile.errors import unknown
from facsimile.faces.images import resize

Cut = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From a face (size, size) and its landmarks (68, 2) at that size to labels (size, size)."""


def segment(face: np.ndarray, n_segments: int, compactness: float) -> np.ndarray:
    """Return the superpixels of one face by SLIC (Achanta et al., PAMI 2012).

    Parameters
    ----------
    face : (size, size) uint8 grey.
    n_segments : how many are wanted; SLIC may find fewer.
    compactness : weight of nearness over likeness of brightness.

    Returns
    -------
    (size, size) uint8 label image, counted from zero without gaps.
    """
    # As colour, since compactness weighs against distances in CIELAB.
    colour = np.repeat(face[:, :, None], 3, axis=2)
    return _counted(slic(colour, n_segments=n_segments, compactness=compactness, start_label=0))


def grid(size: int, n_segments: int) -> np.ndarray:
    """Return about ``n_segments`` equal rectangles, (size, size) uint8, counted row by row."""
    rows = max(1, round(np.sqrt(n_segments)))
    columns = max(1, round(n_segments / rows))
    place = np.arange(size)
    labels = (place * rows // size)[:, None] * columns + place * columns // size
    return labels.astype(np.uint8)


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


def parts(size: int, landmarks: np.ndarray) -> np.ndarray:
    """Return the parts of a face: each pixel belongs to the part with the nearest point.

    Parameters
    ----------
    landmarks : (68, 2) x then y, in pixels of the image.

    Returns
    -------
    (size, size) uint8 label image, counted from zero without gaps; a part outside the image has
    no label.
    """
    groups = [landmarks[list(numbers)] for numbers in PARTS.values()]
    groups += [_between(landmarks, ways) for ways in (*BETWEEN.values(), BEHIND)]
    names = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    rows, columns = np.mgrid[:size, :size]
    pixels = np.column_stack([columns.ravel(), rows.ravel()])
    nearest = KDTree(np.vstack(groups)).query(pixels)[1]
    return _counted(names[nearest].reshape(size, size))


def _between(landmarks: np.ndarray, ways: list[tuple[int, int, float]]) -> np.ndarray:
    return np.array([landmarks[a] + share * (landmarks[b] - landmarks[a]) for a, b, share in ways])


def _counted(labels: np.ndarray) -> np.ndarray:
    return np.unique(labels, return_inverse=True)[1].reshape(labels.shape).astype(np.uint8)


def cut(kind: str, n_segments: int, compactness: float) -> Cut:
    """Return the way to cut faces that a name stands for: slic, grid or parts."""
    cuts: dict[str, Cut] = {
        "slic": lambda face, _: segment(face, n_segments, compactness),
        "grid": lambda face, _: grid(len(face), n_segments),
        "parts": lambda face, landmarks: parts(len(face), landmarks),
    }
    if kind not in cuts:
        raise unknown("kind of superpixels", kind, cuts)
    return cuts[kind]


def segment_all(
    faces: np.ndarray,
    landmarks: np.ndarray,
    size: int,
    kind: str = "slic",
    n_segments: int = 30,
    compactness: float = 20.0,
    processes: int = 1,
    labels: np.ndarray | None = None,
) -> np.ndarray:
    """Return the superpixels of faces at an input size: (n, size, size) uint8.

    Parameters
    ----------
    faces : (n, 224, 224) uint8.
    landmarks : (n, 68, 2) in their pixels.
    kind : slic, grid or parts; ``n_segments`` and ``compactness`` are read by those that have them.
    labels : the array to fill and return, such as a memory map; by default a new one.
    """
    one = partial(_segment_one, size=size, kind=kind, options=(n_segments, compactness))
    pieces = Parallel(n_jobs=processes, return_as="generator", batch_size=16)(
        delayed(one)(face, points) for face, points in zip(faces, landmarks, strict=True)
    )
    if labels is None:
        labels = np.empty((len(faces), size, size), np.uint8)
    for row, piece in enumerate(pieces):
        labels[row] = piece
    return labels


def _segment_one(
    face: np.ndarray, landmarks: np.ndarray, size: int, kind: str, options: tuple[int, float]
) -> np.ndarray:
    # Pixel centres lie at half-integers of the picture's extent.
    points = (np.asarray(landmarks, np.float64) + 0.5) * size / FACE_SIZE - 0.5
    return cut(kind, *options)(resize(face[None], size)[0], points)
