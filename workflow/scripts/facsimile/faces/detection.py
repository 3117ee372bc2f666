"""Finding the face and its 68 landmarks, by dlib.

Detector: histograms of oriented gradients (Dalal & Triggs, CVPR 2005; King, JMLR 2009).
Landmarks: an ensemble of regression trees (Kazemi & Sullivan, CVPR 2014), trained on
iBUG 300-W, whose terms allow non-commercial use only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import dlib
import numpy as np
from PIL import Image

from facsimile.errors import UserError

MODEL = "shape_predictor_68_face_landmarks.dat"

LARGEST_SIDE = 1024
"""Larger images are shrunk for detection: a face to study fills a good part of its picture."""

SMALL_SIDE = 512
"""Only smaller images are upsampled: in larger ones, a face found then is too small to study."""

PADDING = 0.3
"""Share of the longer side that is added to each border, as tight crops need it."""

ATTEMPTS = (
    ("detector", 0.0, 0),
    ("detector", 0.0, 1),
    ("padded", PADDING, 1),
    ("upsampled", PADDING, 2),
)
"""How a face is looked for until it is found: a name, the padding, how often size is doubled.

The detector sees faces of 80 pixels or more. Where it finds one in the image as it is, doubling the
size would find the same one in four times the time.
"""

WHOLE_IMAGE = "whole image"

HINT = -0.5
"""Score of the detector, which wants 0, at which an image is taken for a tight crop of a face."""

HINT_COVERS = 0.3
"""Share of the image that such a hint covers at least."""


LEAST_COMMON = 0.5
"""Share of the smaller of two boxes that both have in common where they hold one face."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""


@dataclass(frozen=True)
class Detection:
    """A face of an image.

    ``box`` is left, top, right, bottom and ``landmarks`` (68, 2) x then y, both in pixels of the
    image; ``box_from`` says how the box was found, a name of ``ATTEMPTS`` or ``WHOLE_IMAGE``;
    ``faces_found`` counts all faces that the detector found.
    """

    box: Box
    landmarks: np.ndarray
    box_from: str
    faces_found: int


def find_face(pixels: np.ndarray, within: Box | None = None) -> Detection | None:
    """Return the largest face of an image, or the one in a box, or None where there is none.

    Where the detector finds no face it is tried again at twice the size; with the borders
    continued, since it wants some surroundings, which tight crops lack; and larger still. At last
    the whole image is taken for the box, if the detector sees a hint of a face that fills it.

    Parameters
    ----------
    pixels : (height, width, 3) uint8 array.
    within : where the face is, in pixels of the image.
    """
    scale = min(1.0, LARGEST_SIDE / max(pixels.shape[:2]))
    small = _shrink(pixels, scale)
    for box_from, padding, doublings in ATTEMPTS:
        if doublings > 1 and max(small.shape[:2]) > SMALL_SIDE:
            continue
        padded, margin = _pad(small, padding)
        boxes = _detector()(padded, doublings)
        if boxes and (box := _chosen(boxes, within and _moved(within, scale, margin))):
            return _detection(padded, box, margin, scale, box_from, len(boxes))
    height, width = small.shape[:2]
    box = dlib.rectangle(0, 0, width - 1, height - 1)
    fills = (
        within is None or _moved(within, scale, 0).intersect(box).area() >= HINT_COVERS * box.area()
    )
    if fills and _is_crop(small):
        return _detection(small, box, 0, scale, WHOLE_IMAGE, 0)
    return None


def _chosen(
    boxes: Iterable[dlib.rectangle], within: dlib.rectangle | None
) -> dlib.rectangle | None:
    """Return the largest of the boxes found; of those that lie in a given one, the most alike."""
    if within is None:
        return max(boxes, key=lambda found: (found.area(), -found.top(), -found.left()))
    wanted = within.area()
    shared = [(found, found.intersect(within).area()) for found in boxes]
    alike = [
        (common / (found.area() + wanted - common), found)
        for found, common in shared
        if common >= LEAST_COMMON * min(found.area(), wanted)
    ]
    return max(alike, key=lambda one: one[0])[1] if alike else None


def _moved(box: Box, scale: float, margin: int) -> dlib.rectangle:
    """Return a box of the whole image in a shrunk and padded one."""
    return dlib.rectangle(*(round(side * scale) + margin for side in box))


def landmarks_in(pixels: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """Return the 68 landmarks that the model places in a box (left, top, right, bottom).

    Parameters
    ----------
    pixels : (height, width, 3) uint8 array.

    Returns
    -------
    (68, 2) float array, x then y, in pixels.
    """
    return _landmarks(pixels, dlib.rectangle(*box))


def _detection(
    padded: np.ndarray, box: dlib.rectangle, margin: int, scale: float, box_from: str, count: int
) -> Detection:
    """Return the detection of a box in a padded and shrunk image, in pixels of the whole image."""
    corners = np.array([(box.left(), box.top()), (box.right(), box.bottom())])
    left_top, right_bottom = (corners - margin) / scale
    points = (_landmarks(padded, box) - margin) / scale
    return Detection((*left_top.tolist(), *right_bottom.tolist()), points, box_from, count)


def _is_crop(pixels: np.ndarray) -> bool:
    """Return whether the detector sees a hint of a face that fills the image."""
    padded, margin = _pad(pixels, PADDING)
    height, width = pixels.shape[:2]
    whole = dlib.rectangle(margin, margin, margin + width - 1, margin + height - 1)
    boxes, _, _ = _detector().run(padded, 1, HINT)
    return any(box.intersect(whole).area() >= HINT_COVERS * whole.area() for box in boxes)


def _pad(pixels: np.ndarray, share: float) -> tuple[np.ndarray, int]:
    """Return an image with its borders continued, and by how many pixels."""
    margin = int(share * max(pixels.shape[:2]))
    return np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), mode="edge"), margin


def _landmarks(pixels: np.ndarray, box: dlib.rectangle) -> np.ndarray:
    shape = _predictor()(pixels, box)
    return np.array([(point.x, point.y) for point in shape.parts()], np.float64)


def _shrink(pixels: np.ndarray, scale: float) -> np.ndarray:
    if scale == 1.0:
        return np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR))


@cache
def _detector() -> dlib.fhog_object_detector:
    return dlib.get_frontal_face_detector()


@cache
def _predictor() -> dlib.shape_predictor:
    # The package's own __init__ wants pkg_resources, which new Pythons lack: only look it up.
    package = find_spec("face_recognition_models")
    folders = (package.submodule_search_locations if package else None) or []
    path = next((Path(f) / "models" / MODEL for f in folders), Path(MODEL))
    if not path.is_file():
        raise UserError(
            f"The landmark model {MODEL} is missing: install the package face_recognition_models, "
            "as requirements.txt pins it."
        )
    return dlib.shape_predictor(str(path))
