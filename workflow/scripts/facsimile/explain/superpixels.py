"""Superpixels: the pieces of a face that an explanation gives weights to."""

import numpy as np
from joblib import Parallel, delayed
from skimage.segmentation import slic

from facsimile.faces.images import resize


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
    labels = slic(colour, n_segments=n_segments, compactness=compactness, start_label=0)
    return np.unique(labels, return_inverse=True)[1].reshape(face.shape).astype(np.uint8)


def segment_all(
    faces: np.ndarray, size: int, n_segments: int, compactness: float, processes: int = 1
) -> np.ndarray:
    """Return the superpixels of faces (n, 224, 224) at an input size: (n, size, size) uint8."""
    pieces = Parallel(n_jobs=processes, return_as="generator", batch_size=16)(
        delayed(segment)(resize(face[None], size)[0], n_segments, compactness) for face in faces
    )
    labels = np.empty((len(faces), size, size), np.uint8)
    for row, piece in enumerate(pieces):
        labels[row] = piece
    return labels
