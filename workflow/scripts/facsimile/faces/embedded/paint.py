"""The colours of skin, lips, brows and nostrils before any light falls on them."""

import numpy as np
from scipy.ndimage import gaussian_filter, zoom

from facsimile.faces.embedded.curves import Grid, bump, ramp, through
from facsimile.faces.embedded.identity import Identity

LOWER = [48, 59, 58, 57, 56, 55, 54]


def blend(colour: np.ndarray, window, cover: np.ndarray, paint) -> None:
    """Lay paint over the colours in a window, as far as ``cover`` (0 to 1) says."""
    part = colour[window]
    part += cover[..., None] * (np.asarray(paint, np.float32) - part)


def mottle(size: int, cells: int, generator: np.random.Generator) -> np.ndarray:
    """Return smooth noise of standard deviation about 1, with ``cells`` lumps a side."""
    coarse = generator.standard_normal((cells + 3, cells + 3)).astype(np.float32)
    return zoom(coarse, size / cells, order=1)[:size, :size]


def skin(
    grid: Grid, points: np.ndarray, units: dict[str, float], who: Identity
) -> np.ndarray:
    """Return the skin's colour at each pixel, (size, size, 3), lips and nostrils included."""
    texture = np.random.default_rng(who.texture)
    size = grid.size
    x, y = grid.coordinates
    colour = np.empty((size, size, 3), np.float32)
    colour[:] = who.skin
    blotches = mottle(size, 24, texture) + 0.7 * mottle(size, 60, texture)
    colour *= (1 + 0.022 * blotches)[..., None]
    red = sum(
        height * bump(x, y, centre, spread)
        for height, centre, spread in (
            (0.8, (-0.45, 0.5), (0.2, 0.16)), (0.8, (0.45, 0.5), (0.2, 0.16)),
            (0.9, points[30], (0.14, 0.12)), (0.4, points[8] - [0, 0.15], (0.2, 0.12)),
        )
    )  # fmt: skip
    red *= np.float32(who.ruddiness)
    colour *= 1 - red[..., None] * np.array([0.02, 0.16, 0.13], np.float32)
    _around_eyes(grid, colour, points, who)
    if who.freckles > 0.05:
        spots = np.clip(mottle(size, 90, texture) - 1.1, 0, 1)
        where = bump(x, y, (0, 0.36), (0.42, 0.2)) * np.float32(who.freckles)
        colour *= 1 - (spots * where)[..., None] * np.array([0.4, 0.6, 0.7], np.float32)
    if who.stubble > 0.05:
        _stubble(grid, colour, points, who, texture)
    _lips(grid, colour, points, who)
    _nostrils(grid, colour, points)
    return colour


def _around_eyes(grid, colour, points, who) -> None:
    for eye in (slice(36, 42), slice(42, 48)):
        centre = points[eye].mean(0)
        window = grid.near(centre[None], 0.45)
        x, y = grid.at(window)
        dark = bump(x, y, centre + [0, 0.02], (0.17, 0.10))
        dark = 0.20 * dark + 0.14 * who.age * bump(x, y, centre + [0, 0.12], (0.13, 0.04))
        colour[window] *= 1 - dark[..., None] * np.array([0.75, 1, 0.95], np.float32)


def _stubble(grid, colour, points, who, texture) -> None:
    x, y = grid.coordinates
    mouth = points[51]
    beard = ramp(y - (mouth[1] - 0.02) + 0.9 * (0.62 - np.abs(x)).clip(0) - 0.45, 0.3)
    moustache = ramp(y - mouth[1] + 0.14, 0.1) * ramp(0.40 - np.abs(x), 0.1)
    beard = np.maximum(beard, moustache)
    grain = np.clip(0.75 + 0.35 * texture.standard_normal(x.shape, dtype=np.float32), 0, 1.4)
    cover = 0.45 * np.float32(who.stubble) * beard * grain
    colour += cover[..., None] * (who.hair.astype(np.float32) * 1.5 - colour)


def _lips(grid, colour, points, who) -> None:
    window = grid.near(points[48:60], 0.03)
    x, y = grid.at(window)
    upper, lower = through(points[48:55], x), through(points[LOWER], x)
    inside = (x > points[48, 0]) & (x < points[54, 0])
    soft = max(0.03, grid.pixel)
    cover = ramp(y - upper, soft) * ramp(lower - y, soft) * inside
    middle = through(points[60:65], x)
    shade = 1 - 0.22 * ramp(middle - y, 0.05)  # the upper lip turns away from the light
    blend(colour, window, 0.85 * cover, who.lips * shade[..., None])
    for corner in points[[48, 54]]:
        hollow = bump(x, y, corner, (0.030, 0.016))
        colour[window] *= 1 - 0.45 * hollow[..., None] * np.array([0.8, 1, 1], np.float32)


def _nostrils(grid, colour, points) -> None:
    for inner, outer in ((32, 31), (34, 35)):
        centre = 0.62 * points[inner] + 0.38 * points[outer] - [0, 0.012]
        window = grid.near(centre[None], 0.16)
        x, y = grid.at(window)
        lean = 0.35 * np.sign(centre[0]) * (x - np.float32(centre[0]))
        hole = bump(x, y - lean, centre, (0.034, 0.016))
        colour[window] *= 1 - 0.85 * np.clip(hole * 1.4, 0, 1)[..., None]
        shadow = bump(x, y, centre + [0, 0.01], (0.06, 0.025))
        colour[window] *= 1 - 0.18 * shadow[..., None]


def brows(grid: Grid, colour: np.ndarray, points: np.ndarray, who: Identity) -> None:
    """Paint the eyebrows, hair by hair enough to look like hair."""
    texture = np.random.default_rng(who.texture + 1)
    for line, side in ((points[17:22], -1), (points[22:27], 1)):
        window = grid.near(line, 0.12)
        x, y = grid.at(window)
        inner, outer = (line[4, 0], line[0, 0]) if side < 0 else (line[0, 0], line[4, 0])
        place = np.clip((x - inner) / (outer - inner), -0.2, 1.2)  # 0 inside, 1 outside
        thick = who.brow_thickness * np.interp(place, [-0.1, 0.15, 0.6, 1.08], [0.6, 1.1, 0.9, 0.25])
        away = (y - through(line, x) - 0.018) / thick
        grain = gaussian_filter(texture.standard_normal(x.shape, np.float32), (1.0, 0.6))
        edge = ramp(1 - np.abs(away) + 0.25 * grain, 1.1)
        ends = ramp(place + 0.01, 0.16) * ramp(1.06 - place, 0.16)
        cover = np.clip(edge * ends * (0.86 + 0.25 * grain), 0, 0.95)
        blend(colour, window, cover, who.brow)
