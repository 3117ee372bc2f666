"""Eyes: the ball behind the lids, iris, pupil, highlight, lashes and the fold above."""

import numpy as np

from facsimile.faces.synthetic.curves import Grid, ramp
from facsimile.faces.synthetic.identity import Identity
from facsimile.faces.synthetic.paint import blend

WHITE = np.array([0.72, 0.68, 0.65])
CARUNCLE = np.array([0.50, 0.20, 0.17])
IRIS_RADIUS = 0.070
"""Half of 11.7 mm, over some 84 mm between the outer corners of the eyes."""

LEFT, RIGHT = (36, 37, 38, 39, 40, 41), (42, 43, 44, 45, 46, 47)


def eyes(
    grid: Grid, colour: np.ndarray, points: np.ndarray, units: dict[str, float],
    who: Identity, gaze: tuple[float, float], light: np.ndarray,
) -> None:  # fmt: skip
    """Paint both eyes over lit skin.

    Parameters
    ----------
    colour : (height, width, 3) lit colours, changed in place.
    gaze : how far the irises look to the right and down.
    light : (3,) direction towards the light, for the highlight.
    """
    for indices in (LEFT, RIGHT):
        _eye(grid, colour, points[list(indices)], units, who, gaze, light)


def _lid(points: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the height of the cubic through a lid's four points."""
    origin, width = points[0, 0], points[3, 0] - points[0, 0]
    place = (points[:, 0] - origin) / width
    weights = np.linalg.solve(np.vander(place, 4), points[:, 1])
    return np.polyval(weights, np.clip((x - origin) / width, 0, 1)).astype(np.float32)


def _eye(grid, colour, points, units, who, gaze, light) -> None:
    window = grid.near(points, 0.14)
    x, y = grid.at(window)
    upper, lower = _lid(points[:4], x), _lid(points[[0, 5, 4, 3]], x)
    inside = ramp(x - points[0, 0], grid.pixel) * ramp(points[3, 0] - x, grid.pixel)
    soft = 1.2 * grid.pixel
    opening = ramp(y - upper, soft) * ramp(lower - y, soft) * inside
    _lids(colour, window, x, y, upper, lower, points, units, who)
    ball = _ball(x, y, points, who, gaze, light)
    shadow = 1 - 0.62 * np.exp(-np.clip(y - upper, 0, None) / 0.030)
    blend(colour, window, opening, ball * shadow[..., None])
    _lashes(colour, window, x, y, upper, lower, points, who, grid.pixel)


def _ball(x, y, points, who, gaze, light) -> np.ndarray:
    """Return the colours of the eyeball: white, caruncle, iris, pupil and highlight."""
    left, right = points[0], points[3]
    inner = right if left[0] < 0 else left
    centre = 0.5 * (left + right) + [gaze[0], -0.014 + gaze[1]]
    ball = np.empty((*x.shape, 3), np.float32)
    edge = np.abs(x - 0.5 * (left[0] + right[0])) / (0.5 * (right[0] - left[0]))
    ball[:] = WHITE * (1 - 0.55 * np.clip(edge, 0, 1)[..., None] ** 2.5)
    corner = np.exp(-((x - inner[0]) ** 2 + (y - inner[1]) ** 2) / 0.030**2)
    ball += corner[..., None] * (CARUNCLE.astype(np.float32) - ball)
    radius = np.sqrt((x - np.float32(centre[0])) ** 2 + (y - np.float32(centre[1])) ** 2)
    part = radius / IRIS_RADIUS
    down = np.clip((y - centre[1]) / IRIS_RADIUS, -1, 1)
    glow = 0.85 + 0.6 * down  # lit from above: bright below
    spokes = np.arctan2(y - np.float32(centre[1]), x - np.float32(centre[0]))
    glow *= 1 + 0.14 * np.sin(17 * spokes + who.texture % 7) * np.sin(5 * spokes)
    ring = 1 - 0.80 * ramp(part - 0.86, 0.25)
    iris = who.iris.astype(np.float32) * (glow * ring)[..., None]
    cover = ramp(1 - part, 0.2)[..., None]
    ball += cover * (iris - ball)
    ball *= 1 - 0.96 * ramp(0.42 - part, 0.2)[..., None]
    spot = centre + 0.034 * np.array([np.sign(light[0]), -1.0])
    shine = np.exp(-((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / 0.015**2)
    return ball + 1.2 * shine[..., None]


def _lids(colour, window, x, y, upper, lower, points, units, who) -> None:
    """Shade the lids: the crease above, the upper lid below it, the wet rim and the bag below."""
    raised = units.get("AU5", 0)
    gap = (0.022 + 0.036 * who.lid_fold) * (1 - 0.45 * raised) + 0.008 * who.age
    middle, half = 0.5 * (points[0, 0] + points[3, 0]), 0.5 * (points[3, 0] - points[0, 0])
    place = (x - middle) / (1.14 * half)
    here = np.clip(1 - place**4, 0, 1)
    crease = upper - gap * (1 - 0.45 * place**2)
    cover = np.exp(-0.5 * ((y - crease) / 0.010) ** 2) * here * (0.2 + 0.30 * who.lid_fold)
    above = np.exp(-0.5 * ((y - crease + 0.03) / 0.026) ** 2) * here * 0.10
    lid = ramp(y - crease, 0.02) * ramp(upper - y, 0.02) * here
    below = np.exp(-0.5 * ((y - lower - 0.045) / 0.014) ** 2) * here * (0.06 + 0.12 * who.age)
    tint = np.array([0.8, 1, 0.95], np.float32)
    colour[window] *= 1 - (cover + above + below)[..., None] * tint
    colour[window] *= 1 + 0.10 * lid[..., None]
    rim = np.exp(-0.5 * ((y - lower - 0.008) / 0.008) ** 2) * here
    colour[window] += 0.10 * rim[..., None] * (np.array([1, 0.8, 0.75], np.float32) * 0.6)


def _lashes(colour, window, x, y, upper, lower, points, who, pixel) -> None:
    """Draw the dark rims of the lids, the upper one thicker towards the outer corner."""
    place = (x - points[0, 0]) / (points[3, 0] - points[0, 0])
    outwards = np.clip(1 - place if points[0, 0] < 0 else place, 0, 1)
    within = ramp(place + 0.03, 0.06) * ramp(1.03 - place, 0.06)
    thick = np.maximum(0.008 + 0.009 * outwards - 0.003 * who.robustness, 0.5 * pixel)
    rim = np.exp(-0.5 * ((y - upper) / thick) ** 2) * within
    colour[window] *= 1 - 0.88 * rim[..., None]
    below = np.exp(-0.5 * ((y - lower) / 0.008) ** 2) * within
    colour[window] *= 1 - 0.38 * below[..., None] * np.array([0.8, 1, 1], np.float32)
