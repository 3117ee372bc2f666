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


@dataclass(frozen=True)
class Framing:
    """How a face is turned upright and cut out of its image.

    ``roll`` in degrees about ``centre`` (x, y); then the square ``left, top, side`` in pixels.
    """

    roll: float
    centre: np.ndarray
    left: int
    top: int
    side: int

    def cut(self, values: np.ndarray) -> np.ndarray:
        """Return (224, 224) of a (height, width) uint8 image or float32 map."""
        # Pillow rotates counter-clockwise about a point in pixel corners: half a pixel off centres.
        upright = Image.fromarray(values).rotate(
            self.roll, Image.Resampling.BICUBIC, center=tuple(self.centre + 0.5)
        )
        box = (self.left, self.top, self.left + self.side, self.top + self.side)
        cut = upright.crop(box).resize((FACE_SIZE, FACE_SIZE), Image.Resampling.LANCZOS)
        return np.asarray(cut)

    def place(self, points: np.ndarray) -> np.ndarray:
        """Return where points (n, 2) of the image lie in what is cut out."""
        level = _level(points, self.centre, self.roll)
        return (level + 0.5 - (self.left, self.top)) * FACE_SIZE / self.side - 0.5


def frame(landmarks: np.ndarray) -> Framing | None:
    """Return how to cut out the face of (68, 2) landmarks, or None where they span no face."""
    landmarks = np.asarray(landmarks, np.float64)
    across = landmarks[RIGHT_EYE].mean(0) - landmarks[LEFT_EYE].mean(0)
    roll = float(np.degrees(np.arctan2(across[1], across[0])))
    centre = landmarks.mean(0)
    left, top, side = _square(_level(landmarks, centre, roll))
    if not side >= 1 or abs(roll) > 90:
        return None
    # Whole pixels, rounded so that the cut stays square.
    return Framing(roll, centre, round(left), round(top), round(side))


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
    framing = frame(landmarks)
    if framing is None:
        return None
    grey = np.asarray(Image.fromarray(pixels).convert("L"))
    return AlignedFace(framing.cut(grey), framing.place(landmarks), framing.roll)


def _level(points: np.ndarray, centre: np.ndarray, roll: float) -> np.ndarray:
    """Return points turned about the centre so that the eyes are level."""
    return (np.asarray(points, np.float64) - centre) @ _rotation(roll) + centre


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
