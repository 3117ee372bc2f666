"""Outlines of references, as paths that a page draws over heatmaps."""

import numpy as np
from skimage.measure import approximate_polygon, find_contours

HELD = 0.5
"""Share of a density that lies within its outline."""


def outline(reference: np.ndarray) -> str:
    """Return the outline of a reference as an SVG path, in pixels of the canonical frame.

    Parameters
    ----------
    reference : (275, 224), a region (bool); or a density, whose outline is that of the smallest
        region that holds half of it.
    """
    inside = reference if reference.dtype == bool else densest(reference)
    # A frame around the face closes outlines that reach its edge.
    contours = find_contours(np.pad(inside, 1).astype(float), 0.5)
    return "".join(_path(approximate_polygon(one, 1.1) - 0.5) for one in contours)


def densest(density: np.ndarray, share: float = HELD) -> np.ndarray:
    """Return the smallest region that holds a share of a density, bool."""
    mass = density - density.min()
    highest = np.sort(mass, axis=None)[::-1]
    enough = np.searchsorted(np.cumsum(highest), share * highest.sum())
    return mass >= highest[min(enough, len(highest) - 1)]


def _path(points: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for y, x in points[:-1]) + "Z"
