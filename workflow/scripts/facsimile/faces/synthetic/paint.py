"""The colours of skin, lips, brows and nostrils before any light falls on them."""

import numpy as np
from scipy.ndimage import map_coordinates

from facsimile.faces.synthetic.curves import Grid, bump, ramp, through
from facsimile.faces.synthetic.identity import Identity

LOWER = [48, 59, 58, 57, 56, 55, 54]


def blend(colour: np.ndarray, window, cover: np.ndarray, paint) -> None:
    """Lay paint over the colours in a window, as far as ``cover`` (0 to 1) says."""
    part = colour[window]
    part += cover[..., None] * (np.asarray(paint, np.float32) - part)


def mottle(grid: Grid, lumps: float, generator: np.random.Generator) -> np.ndarray:
    """Return smooth noise that sticks to the face, with ``lumps`` a unit of length."""
    coarse = generator.standard_normal((round(3.4 * lumps), round(2.4 * lumps)), np.float32)
    x, y = grid.coordinates
    places = np.stack([(y + 1.5) * np.float32(lumps), (x + 1.2) * np.float32(lumps)])
    return map_coordinates(coarse, places, order=1, mode="mirror", prefilter=False)


def oil(grid: Grid, who: Identity) -> np.ndarray:
    """Return how much the skin shines: unevenly, since pores break it up; the old are drier."""
    texture = np.random.default_rng(who.texture + 4)
    pores = 0.75 * mottle(grid, 70, texture) + 0.15 * mottle(grid, 24, texture)
    return np.float32(0.056 - 0.025 * who.age) * np.clip(1 + 0.6 * pores, 0, None)


def skin(grid: Grid, points: np.ndarray, who: Identity) -> np.ndarray:
    """Return the skin's colour at each pixel, (height, width, 3), lips and nostrils included."""
    texture = np.random.default_rng(who.texture)
    x, y = grid.coordinates
    tone = 1 + 0.030 * mottle(grid, 5, texture) + 0.022 * mottle(grid, 26, texture)
    tone += np.float32(0.020 + 0.025 * who.age) * mottle(grid, 60, texture)
    colour = tone[..., None] * who.skin.astype(np.float32)
    warm = np.float32(0.035) * mottle(grid, 6, texture)
    colour[..., 0] *= 1 + 0.5 * warm
    colour[..., 2] *= 1 - warm
    _blush(grid, colour, points, who)
    _around_eyes(grid, colour, points, who)
    if who.freckles > 0.05:
        spots = np.clip(mottle(grid, 30, texture) - 0.8, 0, 1)
        where = bump(x, y, (0, 0.36), (0.42, 0.2)) * np.float32(who.freckles)
        colour *= 1 - (spots * where)[..., None] * np.array([0.3, 0.5, 0.6], np.float32)
    for _ in range(texture.integers(0, 4)):
        centre = texture.uniform((0.2, 0.25), (0.65, 1.2)) * [texture.choice((-1, 1)), 1]
        spread = texture.uniform(0.009, 0.016)
        window = grid.near(centre[None], 0.06)
        mole = bump(*grid.at(window), centre, (spread, spread))
        colour[window] *= 1 - 0.6 * mole[..., None]
    if who.stubble > 0.05:
        _stubble(grid, colour, points, who, texture)
    _lips(grid, colour, points, who)
    _nostrils(grid, colour, points)
    return colour


def _blush(grid: Grid, colour, points, who) -> None:
    """Redden cheeks, nose and chin."""
    for strength, centre, spread in (
        (0.9, np.array([-0.46, 0.43]), (0.19, 0.15)),
        (0.9, np.array([0.46, 0.43]), (0.19, 0.15)),
        (0.8, points[30], (0.14, 0.10)),
        (0.4, points[8] - [0, 0.13], (0.18, 0.10)),
    ):
        window = grid.near(centre[None], 3 * spread[0])
        red = np.float32(strength * who.ruddiness) * bump(*grid.at(window), centre, spread)
        colour[window] *= 1 - red[..., None] * np.array([0.02, 0.22, 0.18], np.float32)


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
    grain = np.clip(0.75 + 0.35 * mottle(grid, 70, texture), 0, 1.4)
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
    shade = 1 - 0.24 * ramp(middle - y, 0.05)  # the upper lip turns away from the light
    grooves = np.random.default_rng(who.texture + 5).standard_normal(90).astype(np.float32)
    shade += 0.05 * np.interp(x, np.linspace(-0.6, 0.6, 90), grooves)
    blend(colour, window, 0.9 * cover, who.lips * shade[..., None])
    for corner in points[[48, 54]]:
        hollow = bump(x, y, corner, (0.030, 0.016))
        colour[window] *= 1 - 0.45 * hollow[..., None] * np.array([0.8, 1, 1], np.float32)


def _nostrils(grid, colour, points) -> None:
    for inner, outer in ((32, 31), (34, 35)):
        centre = 0.62 * points[inner] + 0.38 * points[outer] - [0, 0.012]
        window = grid.near(centre[None], 0.16)
        x, y = grid.at(window)
        lean = 0.35 * np.sign(centre[0]) * (x - np.float32(centre[0]))
        hole = bump(x, y - lean, centre, (0.030, 0.014))
        red = np.array([0.85, 1, 1], np.float32)
        colour[window] *= 1 - 0.85 * np.clip(hole * 1.3, 0, 1)[..., None] * red
        shadow = bump(x, y, centre + [0, 0.008], (0.055, 0.022))
        colour[window] *= 1 - 0.22 * shadow[..., None] * red


def brows(grid: Grid, colour: np.ndarray, points: np.ndarray, who: Identity) -> None:
    """Paint the eyebrows, hair by hair enough to look like hair."""
    texture = np.random.default_rng(who.texture + 1)
    for line, side in ((points[17:22], -1), (points[22:27], 1)):
        window = grid.near(line, 0.12)
        x, y = grid.at(window)
        inner, outer = (line[4, 0], line[0, 0]) if side < 0 else (line[0, 0], line[4, 0])
        place = np.clip((x - inner) / (outer - inner), -0.2, 1.2)  # 0 inside, 1 outside
        thick = who.brow_thickness * np.interp(
            place, [-0.1, 0.15, 0.6, 1.08], [0.6, 1.1, 0.9, 0.25]
        )
        away = (y - through(line, x) - 0.032) / thick
        lean = side * (0.25 + 1.1 * np.clip(place, 0, 1))  # hairs point up, then outwards
        strokes = texture.standard_normal(200)
        grain = np.interp(x + lean * thick * away, np.linspace(-0.9, 0.9, 200), strokes)
        edge = ramp(1 - np.abs(away) + 0.12 * grain, 1.3)
        ends = ramp(place + 0.01, 0.16) * ramp(0.99 - place, 0.20)
        cover = np.clip(edge * ends * (0.84 + 0.14 * grain), 0, 0.95)
        blend(colour, window, cover, who.brow)
