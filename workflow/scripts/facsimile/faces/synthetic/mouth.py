"""The opening of the mouth: the dark inside, teeth and tongue, and the line between the lips."""

import numpy as np

from facsimile.faces.synthetic.curves import Grid, bump, ramp, through
from facsimile.faces.synthetic.paint import blend

TEETH = np.array([0.60, 0.55, 0.48])
TONGUE = np.array([0.34, 0.10, 0.09])
CAVITY = np.array([0.035, 0.012, 0.010])
GAPS = np.array([0.0, 0.072, 0.136, 0.19, 0.235, 0.275])
"""Where one tooth ends and the next begins, from the midline outwards."""


def mouth(grid: Grid, colour: np.ndarray, points: np.ndarray) -> None:
    """Paint what is seen between the lips over lit skin.

    Parameters
    ----------
    colour : (height, width, 3) lit colours, changed in place.
    """
    window = grid.near(points[60:68], 0.05)
    x, y = grid.at(window)
    upper, lower = through(points[60:65], x), through(points[[60, 67, 66, 65, 64]], x)
    middle, half = points[62, 0], 0.5 * (points[64, 0] - points[60, 0])
    place = np.clip(np.abs(x - middle) / half, 0, 1.4)
    soft = 1.3 * grid.pixel
    inside = ramp(1 - place, 0.06)
    open_here = np.clip((lower - upper) / soft, 0, 1)
    cover = ramp(y - upper, soft) * ramp(lower - y, soft) * inside * open_here
    blend(colour, window, cover, _inside(x, y, upper, points, place))
    seam = np.exp(-0.5 * ((y - upper) / 0.009) ** 2) * ramp(1.12 - place, 0.16)
    colour[window] *= 1 - 0.78 * seam[..., None]


def _inside(x, y, upper, points, place) -> np.ndarray:
    """Return the colours behind the lips: teeth hang from the upper lip, the tongue lies low."""
    colour = np.empty((*x.shape, 3), np.float32)
    colour[:] = CAVITY
    floor = points[66]
    tongue = bump(x, y, floor + [0, -0.015], (0.14, 0.055))
    colour += np.clip(1.3 * tongue, 0, 1)[..., None] * (TONGUE.astype(np.float32) - colour)
    away = np.abs(x - points[62, 0])
    gap = np.abs(away[..., None] - GAPS).min(-1)
    bright = (1 - 0.60 * np.clip(place, 0, 1) ** 2) * (1 - 0.22 * np.exp(-((gap / 0.006) ** 2)))
    teeth = TEETH.astype(np.float32) * bright[..., None]
    # an incisor's edge is rounded towards its neighbours
    edge = np.minimum(points[62, 1], upper) + 0.094 - 0.10 * away - 0.010 * np.exp(-gap / 0.012)
    colour += ramp(edge - y, 0.02)[..., None] * (teeth - colour)
    return colour * (1 - 0.60 * np.exp(-np.clip(y - upper, 0, None) / 0.020))[..., None]
