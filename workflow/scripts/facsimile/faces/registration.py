"""Bringing one picture of a face onto another face: by points that expressions hardly move."""

from collections.abc import Iterable

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.measure import block_reduce
from skimage.transform import SimilarityTransform, resize, warp

from facsimile import FACE_SIZE
from facsimile.faces.alignment import STABLE

POINTS = list(STABLE)
"""The corners of the eyes and the bridge of the nose."""

PLACES = np.array(list(STABLE.values()))
"""Where they lie in the mean of several faces, (7, 2)."""

LIGHT = 56 / FACE_SIZE
"""Standard deviation of the Gaussian that leaves of a face where it is bright and where dark, as a
share of its width."""


COARSER = 4
"""Pixels that are taken together to find the light."""


def register(picture: np.ndarray, points: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """Return a picture of a face turned, scaled and moved so that points come to lie on others.

    Parameters
    ----------
    picture : (224, 224), or in colour (224, 224, 3).
    points, onto : (7, 2) `POINTS` in the picture, and where they are to lie: the similarity that
        brings them nearest (Umeyama 1991). Beyond its edges the picture goes on as it ends there.

    Returns
    -------
    Like the picture, float32.
    """
    back = SimilarityTransform.from_estimate(onto, points)
    brought: np.ndarray = warp(
        picture.astype(np.float32), back, order=1, mode="edge", preserve_range=True
    )
    return brought.astype(np.float32)


def mean_face(faces: Iterable[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Return the mean of several faces, registered at `PLACES`.

    Parameters
    ----------
    faces : pixels (224, 224), or in colour (224, 224, 3), and landmarks (68, 2) of each; some
        hundred, held in memory.
    """
    registered = (register(pixels, points[POINTS], PLACES) for pixels, points in faces)
    return np.mean(list(registered), axis=0)


def lit_as(picture: np.ndarray, face: np.ndarray) -> np.ndarray:
    """Return a picture with the light of a face: what a wide Gaussian leaves of both is alike.

    Parameters
    ----------
    picture, face : (224, 224), or in colour (224, 224, 3), grey levels from 0 to 255.

    Returns
    -------
    Like the face, uint8.
    """
    relit = picture + _light(face) - _light(picture)
    return np.round(relit).clip(0, 255).astype(np.uint8)


def fit(
    picture: np.ndarray, points: np.ndarray, face: np.ndarray, landmarks: np.ndarray
) -> np.ndarray:
    """Return a picture of a face registered on another face, and lit as that is; uint8.

    Parameters
    ----------
    picture, face : (224, 224), or in colour (224, 224, 3).
    points, landmarks : (68, 2) in their pixels, or of the picture the 7 `POINTS` alone.
    """
    own = points if len(points) == len(POINTS) else points[POINTS]
    return lit_as(register(picture, own, landmarks[POINTS]), face)


def _light(face: np.ndarray) -> np.ndarray:
    """Return what a wide Gaussian leaves of a face; on a coarser picture, for it has no detail."""
    width = LIGHT * len(face) / COARSER
    coarse = block_reduce(face.astype(np.float32), (COARSER, COARSER, 1)[: face.ndim], np.mean)
    light = gaussian_filter(coarse, (width, width, 0)[: face.ndim], mode="nearest")
    smooth: np.ndarray = resize(light, face.shape, order=1, mode="edge", anti_aliasing=False)
    return smooth
