"""Finding the face and its 68 landmarks, by dlib.

Detector: histograms of oriented gradients (Dalal & Triggs, CVPR 2005; King, JMLR 2009).
Landmarks: an ensemble of regression trees (Kazemi & Sullivan, CVPR 2014), trained on
iBUG 300-W, whose terms allow non-commercial use only.
"""

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

PADDING = 0.3
"""Share of each side added around an image in which no face is found, as in tight crops."""


@dataclass(frozen=True)
class Detection:
    """The largest face of an image.

    ``box`` is left, top, right, bottom and ``landmarks`` (68, 2) x then y, both in pixels of the
    image; ``faces_found`` counts all faces.
    """

    box: tuple[float, float, float, float]
    landmarks: np.ndarray
    faces_found: int


def find_face(pixels: np.ndarray) -> Detection | None:
    """Return the largest face of an image, or None where the detector finds none.

    Where the image itself shows no face, it is tried again with its borders continued, since
    the detector wants some surroundings that tight crops lack.

    Parameters
    ----------
    pixels : (height, width, 3) uint8 array.
    """
    scale = min(1.0, LARGEST_SIDE / max(pixels.shape[:2]))
    small = _shrink(pixels, scale)
    for margin in (0, int(PADDING * max(small.shape[:2]))):
        padded = np.pad(small, ((margin, margin), (margin, margin), (0, 0)), mode="edge")
        boxes = _detector()(padded, 1)
        if boxes:
            box = max(boxes, key=lambda found: (found.area(), -found.top(), -found.left()))
            corners = np.array([(box.left(), box.top()), (box.right(), box.bottom())])
            points = _landmarks(padded, box)
            left_top, right_bottom = (corners - margin) / scale
            return Detection(
                (*left_top.tolist(), *right_bottom.tolist()), (points - margin) / scale, len(boxes)
            )
    return None


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
    folders = package.submodule_search_locations if package else []
    path = next((Path(f) / "models" / MODEL for f in folders), Path(MODEL))
    if not path.is_file():
        raise UserError(
            f"The landmark model {MODEL} is missing: install the package face_recognition_models, "
            "as requirements.txt pins it."
        )
    return dlib.shape_predictor(str(path))
