"""Baselines: maps that know nothing of expressions, which a network must beat."""

import numpy as np
from skimage.draw import polygon

from facsimile.atlas.canonical import HEIGHT, JAW_POINTS, WIDTH, with_helpers

BASELINES = ("center", "face", "ones")


def baseline(name: str, landmarks: np.ndarray) -> np.ndarray:
    """Return a baseline on the canonical face, (275, 224).

    Parameters
    ----------
    name : ``center``, a Gaussian in the middle of the frame, a quarter of its width and height
        wide (standard deviations), float32; ``face``, what the jaw and the top edge enclose, bool;
        ``ones``, the whole frame, bool.
    landmarks : (68, 2), canonical.
    """
    return {"center": center, "face": lambda: face(landmarks), "ones": ones}[name]()


def center() -> np.ndarray:
    """Return the Gaussian in the middle."""
    down = np.arange(HEIGHT)[:, None] - (HEIGHT - 1) / 2
    across = np.arange(WIDTH) - (WIDTH - 1) / 2
    squares = (down / (HEIGHT / 4)) ** 2 + (across / (WIDTH / 4)) ** 2
    return np.exp(-squares / 2).astype(np.float32)


def face(landmarks: np.ndarray) -> np.ndarray:
    """Return the region inside the jaw and below the jaw's ends moved to the top edge."""
    points = with_helpers(landmarks, WIDTH, HEIGHT)
    ends = points[[68 + JAW_POINTS - 1, 68]]
    columns, rows = np.vstack([points[:JAW_POINTS], ends]).T
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[polygon(rows, columns, mask.shape)] = True
    return mask


def ones() -> np.ndarray:
    """Return the whole frame."""
    return np.ones((HEIGHT, WIDTH), bool)
