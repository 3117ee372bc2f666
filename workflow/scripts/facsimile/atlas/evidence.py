"""The exact region: where on the canonical face an expression was drawn."""

from collections.abc import Sequence

import numpy as np
from skimage.filters import threshold_otsu

from facsimile import EXPRESSIONS
from facsimile.atlas.canonical import HEIGHT, WIDTH, Atlas
from facsimile.atlas.heatmaps import mean

VISIBLE = 1.0
"""Grey levels that a pixel changes by, on average, to count as changed visibly."""


def planted(
    evidence: np.ndarray, shown: Sequence[str], landmarks: np.ndarray, atlas: Atlas
) -> dict[str, np.ndarray]:
    """Return the mean change that each expression's units make on the canonical face.

    The maps are carried and averaged as heatmaps are.

    Parameters
    ----------
    evidence : (faces, m, m), as ``evidence.npy`` holds it, in grey levels.
    shown : the expression that each face shows, whatever its label says.
    landmarks : (faces, 68, 2), in pixels of the 224 x 224 faces.

    Returns
    -------
    Expression -> (275, 224) float32 grey levels; zero where no face shows it.
    """
    changes = {}
    for expression in EXPRESSIONS:
        rows = np.flatnonzero(np.asarray(shown) == expression)
        maps = evidence[rows].astype(np.float32)
        drawn = mean(maps, landmarks[rows], atlas)
        changes[expression] = drawn if len(rows) else np.zeros((HEIGHT, WIDTH), np.float32)
    return changes


def references(change: np.ndarray) -> dict[str, np.ndarray]:
    """Return a mean change as the three references it is held against.

    ``exact`` is the region above Otsu's threshold on the scale 0..255, as heatmaps are cut;
    ``visible`` the region of all pixels that change by more than ``VISIBLE`` grey levels;
    ``change`` the map itself, with no threshold.
    """
    levels = np.round(change * (255 / (change.max() or 1))).astype(np.uint8)
    return {
        "exact": levels > threshold_otsu(levels),
        "visible": change > VISIBLE,
        "change": change,
    }
