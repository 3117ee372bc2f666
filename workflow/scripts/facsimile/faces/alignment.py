"""Turning a face upright and cutting it out: eyes level, grey, 224 x 224.

``rigid``: roll, scale and place follow from points that expressions hardly move, so that the crop
does not tell the label. ``paper``: the square reaches from above the brows to just under the chin,
which expressions do move. Either way it reaches from the forehead to the chin, so that carried maps
have something to show on all of the face.
"""

from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

import numpy as np
from PIL import Image
from skimage.transform import SimilarityTransform

from facsimile import FACE_SIZE
from facsimile.faces.images import grey
from facsimile.faces.views import View
from facsimile.seeds import generator

Alignment = Literal["rigid", "paper"]

STABLE = {
    36: (63.0, 67.0),  # left eye: outer corner
    39: (90.5, 69.0),  # and inner
    42: (132.5, 69.0),  # right eye: inner corner
    45: (160.0, 67.0),  # and outer
    27: (111.5, 64.5),  # bridge of the nose, downwards; its tip, 30, is lifted in disgust
    28: (111.5, 78.5),
    29: (111.5, 92.0),
}
"""Landmarks that expressions hardly move, and where each belongs in the 224 x 224 face.

Their mean places in the paper's crops of drawn faces and of photographs, made symmetric and 8 %
smaller, so that the chins of 98 % of them stay inside, those of open mouths too.
"""

STRAY, STRAY_SIZE = 3.0, 0.03
"""Standard deviations by which a face is misplaced on purpose, in pixels each way and in size.

dlib's corners of the eyes lean by about a pixel, and their distance by a hundredth, with brows and
lids: enough to read expressions from places alone. Chance displacement drowns it.
"""

LEFT_EYE, RIGHT_EYE, BROWS, JAW = slice(36, 42), slice(42, 48), slice(17, 27), slice(0, 17)

OWN = View()
"""The study's own: aligned and grey."""

OUTER_CORNERS = (36, 45)
"""Of the eyes."""

FOREHEAD, CHIN, CHEEK = 0.26, 0.04, 0.03
"""Margins above the brows, below the chin and beside the jaw, over the height brows to chin."""


@dataclass(frozen=True)
class AlignedFace:
    """A face cut out.

    ``pixels`` (224, 224) uint8 grey, or in colour (224, 224, 3); ``landmarks`` (68, 2) in its
    pixels; ``roll`` the angle, in degrees, by which the eyes were off the level (positive:
    clockwise as seen).
    """

    pixels: np.ndarray
    landmarks: np.ndarray
    roll: float


@dataclass(frozen=True)
class Framing:
    """How a face is turned upright and cut out of its image.

    ``roll`` in degrees about ``centre`` (x, y); then the square ``left, top, side`` in pixels,
    whole or not.
    """

    roll: float
    centre: np.ndarray
    left: float
    top: float
    side: float

    def cut(self, values: np.ndarray) -> np.ndarray:
        """Return (224, 224) of a (height, width) uint8 image or float32 map; colours stay."""
        # Pillow rotates counter-clockwise about a point in pixel corners: half a pixel off centres.
        upright = Image.fromarray(values).rotate(
            self.roll, Image.Resampling.BICUBIC, center=tuple(self.centre + 0.5)
        )
        left, top = floor(self.left), floor(self.top)
        around = (left, top, ceil(self.left + self.side), ceil(self.top + self.side))
        corner = np.array([self.left - left, self.top - top])
        box = (*corner, *(corner + self.side))
        cut = upright.crop(around).resize((FACE_SIZE, FACE_SIZE), Image.Resampling.LANCZOS, box)
        return np.asarray(cut)

    def place(self, points: np.ndarray) -> np.ndarray:
        """Return where points (n, 2) of the image lie in what is cut out."""
        level = _level(points, self.centre, self.roll)
        return (level + 0.5 - (self.left, self.top)) * FACE_SIZE / self.side - 0.5


def frame(
    landmarks: np.ndarray, alignment: Alignment = "rigid", source: str = ""
) -> Framing | None:
    """Return how to cut out the face of (68, 2) landmarks, or None where they span no face.

    Parameters
    ----------
    landmarks : x then y, in pixels of the image.
    alignment : ``rigid``, or ``paper`` for the crop of the study's authors.
    source : the image's name, which decides how a rigid crop is misplaced on purpose.
    """
    landmarks = np.asarray(landmarks, np.float64)
    framing = _rigid(landmarks, source) if alignment == "rigid" else _paper(landmarks)
    return framing if framing and framing.side >= 1 and abs(framing.roll) <= 90 else None


def around(box: tuple[float, float, float, float], margin: float) -> Framing:
    """Return how to cut out a box, made square, with a margin; nothing is turned.

    Parameters
    ----------
    box : left, top, right and bottom, the pixels in its corners.
    margin : on each side, as a share of the square's own.
    """
    corners = np.array(box).reshape(2, 2) + ((0, 0), (1, 1))
    side = float((corners[1] - corners[0]).max()) * (1 + 2 * margin)
    centre = corners.mean(0)
    left, top = centre - side / 2
    return Framing(0.0, centre - 0.5, float(left), float(top), side)


def align(
    pixels: np.ndarray,
    landmarks: np.ndarray,
    alignment: Alignment = "rigid",
    source: str = "",
    view: View = OWN,
    box: tuple[float, float, float, float] = (0, 0, 0, 0),
) -> AlignedFace | None:
    """Rotate an image so that the eyes are level, cut the face out and make it grey.

    Parameters
    ----------
    pixels : (height, width, 3) uint8 array.
    landmarks, alignment, source : as of `frame`.
    view : another way to cut it out, or its colours kept. Whichever it is, the faces are the same.
    box : the detector's, for views that are cut by it.

    Returns
    -------
    The aligned face, or None where the landmarks span no face.
    """
    framing = frame(landmarks, alignment, source)
    if framing is None:
        return None
    if view.crop != "aligned":
        framing = around(box, view.crop)
    shown = pixels if view.colour == "rgb" else grey(pixels)
    return AlignedFace(framing.cut(shown), framing.place(landmarks), framing.roll)


def _rigid(landmarks: np.ndarray, source: str) -> Framing | None:
    """Return the framing that brings stable points nearest to their places (Umeyama 1991)."""
    # Of the image alone, so that a corpus is cut the same in every study.
    draws = generator(0, "stray", source)
    middle, scale = (FACE_SIZE - 1) / 2, np.exp(draws.normal(0, STRAY_SIZE))
    places = (np.array(list(STABLE.values())) - middle) * scale + middle
    places += draws.normal(0, STRAY, 2)
    found = SimilarityTransform.from_estimate(landmarks[list(STABLE)], places)
    if not found:
        return None
    centre, side = landmarks[list(STABLE)].mean(0), FACE_SIZE / found.scale
    left, top = centre + 0.5 - (found(centre)[0] + 0.5) / found.scale
    return Framing(-float(np.degrees(found.rotation)), centre, *map(float, (left, top, side)))


def _paper(landmarks: np.ndarray) -> Framing | None:
    """Return the square from above the brows to under the chin, after the eyes are level."""
    across = landmarks[RIGHT_EYE].mean(0) - landmarks[LEFT_EYE].mean(0)
    roll = float(np.degrees(np.arctan2(across[1], across[0])))
    centre = landmarks.mean(0)
    left, top, side = _square(_level(landmarks, centre, roll))
    # Whole pixels, rounded so that the cut stays square.
    return Framing(roll, centre, round(left), round(top), round(side)) if side >= 1 else None


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
