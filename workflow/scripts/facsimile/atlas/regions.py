"""Reference masks: regions of the canonical face, written as polygons over its landmarks."""

from itertools import pairwise

import numpy as np
from skimage.draw import line, polygon, polygon_perimeter

from facsimile.atlas.canonical import HEIGHT, WIDTH
from facsimile.errors import UserError

CORNERS = {"TL": (0.0, 0.0), "TR": (WIDTH - 1.0, 0.0)}


def draw_mask(polygons: list[str], landmarks: np.ndarray) -> np.ndarray:
    """Return the union of filled polygons, edges included, (275, 224) bool.

    Raises
    ------
    UserError
        If a polygon has a corner that is none, or all its corners lie on one line.
    """
    mask = np.zeros((HEIGHT, WIDTH), bool)
    for text in polygons:
        corners = np.array([locate(word, landmarks) for word in text.split()])
        if np.linalg.matrix_rank(corners - corners[0]) < 2:
            raise UserError(
                f"The polygon '{text}' covers no area: its corners lie on one line, or are one "
                "point; name three that span a triangle."
            )
        # Midpoints are cut to whole pixels, which is how the published masks were drawn.
        columns, rows = np.floor(corners).astype(int).T
        mask[polygon(rows, columns, mask.shape)] = True
        mask[polygon_perimeter(rows, columns, mask.shape, clip=True)] = True
    return mask


def locate(corner: str, landmarks: np.ndarray) -> np.ndarray:
    """Return the point (x, y) that a polygon's corner names; see ``ekman.yaml`` for the words."""
    try:
        if "~" in corner:
            return np.mean([locate(end, landmarks) for end in corner.split("~")], axis=0)
        if ">" in corner:
            across, down = (locate(end, landmarks) for end in corner.split(">"))
            return np.array([across[0], down[1]])
        if corner in CORNERS:
            return np.array(CORNERS[corner])
        if corner.endswith("^"):
            return locate(corner[:-1], landmarks) * (1, 0)
        number = int(corner)
        if not 1 <= number <= len(landmarks):
            raise ValueError
        return np.asarray(landmarks[number - 1], np.float64)
    except ValueError:
        raise UserError(
            f"A polygon has the corner '{corner}'; expected 19, 19^, 46>30, 5~49, TL or TR, "
            "with landmarks from 1 to 68."
        ) from None


FEATURES = ((1, 17), (18, 22), (23, 27), (28, 31), (32, 36))
"""First and last landmark of each open line of a face: jaw, brows, nose."""

LOOPS = ((37, 42), (43, 48), (49, 60), (61, 68))
"""The same of its closed lines: eyes, lips."""


def outline(landmarks: np.ndarray) -> np.ndarray:
    """Return a line drawing of a face, (275, 224) uint8: the background where there are no faces.

    Parameters
    ----------
    landmarks : (68, 2), canonical.
    """
    points = landmarks.astype(int)
    drawing = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for first, last in FEATURES:
        for start, end in pairwise(points[first - 1 : last]):
            drawing[line(start[1], start[0], end[1], end[0])] = 90
    for first, last in LOOPS:
        columns, rows = points[first - 1 : last].T
        drawing[polygon_perimeter(rows, columns, drawing.shape)] = 90
    return drawing
