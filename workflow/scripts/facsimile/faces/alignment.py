"""Turning a face upright and cutting it out: eyes level, grey, 224 x 224.

The square reaches from the forehead to just under the chin, in the proportions of the canonical
face, so that carried maps have something to show on all of it.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from facsimile import FACE_SIZE

LEFT_EYE, RIGHT_EYE, BROWS, JAW = slice(36, 42), slice(42, 48), slice(17, 27), slice(0, 17)

FOREHEAD, CHIN, CHEEK = 0.26, 0.04, 0.03
"""Margins above the brows, below the chin and beside the jaw, over the height brows to chin."""


@dataclass(frozen=True)
class AlignedFace:
    """A face cut out.

    ``pixels`` (224, 224) uint8 grey; ``landmarks`` (68, 2) in its pixels; ``roll`` the angle, in
    degrees, by which the eyes were off the level (positive: clockwise as seen).
    """

    pixels: np.ndarray
    landmarks: np.ndarray
    roll: float


def align(pixels: np.ndarray, landmarks: np.ndarray) -> AlignedFace | None:
    """Rotate an image so that the eyes are level, cut the face out and make it grey.

    Parameters
    ----------
    pixels : (height, width, 3) uint8 array.
    landmarks : (68, 2) array, x then y, in pixels of the image.

    Returns
    -------
    The aligned face, or None where the landmarks span no face.
    """
    landmarks = np.asarray(landmarks, np.float64)
    across = landmarks[RIGHT_EYE].mean(0) - landmarks[LEFT_EYE].mean(0)
    roll = float(np.degrees(np.arctan2(across[1], across[0])))
    centre = landmarks.mean(0)
    level = (landmarks - centre) @ _rotation(roll) + centre
    left, top, side = _square(level)
    if not side >= 1 or abs(roll) > 90:
        return None
    grey = Image.fromarray(pixels).convert("L")
    # Pillow rotates counter-clockwise about a point in pixel corners: half a pixel off centres.
    upright = grey.rotate(roll, Image.Resampling.BICUBIC, center=tuple(centre + 0.5))
    # Whole pixels, rounded so that the cut stays square.
    left, top, side = round(left), round(top), round(side)
    cut = upright.crop((left, top, left + side, top + side))
    cut = cut.resize((FACE_SIZE, FACE_SIZE), Image.Resampling.LANCZOS)
    scaled = (level + 0.5 - (left, top)) * FACE_SIZE / side - 0.5
    return AlignedFace(np.asarray(cut), scaled, roll)


def _rotation(degrees: float) -> np.ndarray:
    """Return R with ``points @ R`` turned by -degrees in image coordinates (y down)."""
    angle = np.radians(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _square(landmarks: np.ndarray) -> tuple[float, float, float]:
    """Return left, top and side of the square around an upright face."""
    brow, chin = landmarks[BROWS, 1].min(), landmarks[JAW, 1].max()
    left, right = landmarks[:, 0].min(), landmarks[:, 0].max()
    height = chin - brow
    side = max(height * (1 + FOREHEAD + CHIN), right - left + 2 * CHEEK * height)
    top = chin + CHIN * height - side
    return (left + right - side) / 2, top, side
