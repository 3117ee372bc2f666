"""Hair, ears, neck and clothes: what surrounds the face and carries no expression."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from facsimile.faces.embedded.curves import Grid, bump, ramp
from facsimile.faces.embedded.identity import Identity
from facsimile.faces.embedded.paint import blend

WHOLE = (slice(None), slice(None))

# How far the hair stands off the skull; where the hairline lies, as heights above the eyes over
# the crown's, from the midline to the temple and in front of the ear.
STYLES = {
    "short": (0.10, (0.76, 0.75, 0.66, 0.40, 0.02)),
    "swept": (0.15, (0.72, 0.73, 0.68, 0.40, 0.0)),
    "long": (0.11, (0.80, 0.74, 0.56, 0.26, -0.2)),
    "bob": (0.13, (0.76, 0.72, 0.54, 0.22, -0.2)),
    "receding": (0.04, (0.84, 0.92, 0.78, 0.40, 0.0)),
    "tied": (0.06, (0.80, 0.78, 0.66, 0.36, 0.0)),
}
HAIRLINE_AT = np.array([0.0, 0.3, 0.55, 0.74, 0.84])


def strands(x, y, who: Identity, light: np.ndarray) -> np.ndarray:
    """Return hair colours (..., 3): strands that fall from the parting, with a sheen."""
    texture = np.random.default_rng(who.texture + 2)
    fall = np.arctan2(x - np.float32(who.parting), y + np.float32(1.7))
    fall += 0.03 * np.sin(4 * y + 3 * x)
    angles = np.linspace(-np.pi, np.pi, 1500)
    fine = gaussian_filter1d(texture.standard_normal(angles.size), 1.5) * 2
    locks = gaussian_filter1d(texture.standard_normal(angles.size), 6) * 3.5
    rows = np.interp(fall, angles, 0.11 * fine + 0.20 * locks).astype(np.float32)
    sheen = np.exp(-0.5 * ((y + 0.98 - 0.25 * x * x - 0.2 * light[0] * x) / 0.14) ** 2)
    bright = np.clip(0.85 + rows, 0.3, None) * (0.8 + 0.8 * sheen) * (1 + 0.3 * light[0] * x)
    glint = 0.03 * sheen * np.clip(1 + 3 * rows, 0, None)
    return bright[..., None] * who.hair.astype(np.float32) + glint[..., None]


def behind(grid: Grid, colour: np.ndarray, points, who: Identity, hair: np.ndarray) -> None:
    """Paint long hair behind the head, then neck and clothes."""
    x, y = grid.coordinates
    if who.hair_style in ("long", "bob"):
        bottom = 2.6 if who.hair_style == "long" else 1.2 - 0.5 * np.clip(np.abs(x) - 0.75, 0, 1)
        half = 0.97 + 0.09 * np.sin(np.clip(y + 0.4, 0, 2.2) * 1.3)
        fall = ramp(half - np.abs(x), 0.08) * ramp(y + 0.5, 0.2) * ramp(bottom - y, 0.15)
        blend(colour, WHOLE, fall, hair * np.float32(0.5))
    lower = grid.near(np.array([[-9, 0.9], [9, 9]]), 0)
    x, y = grid.at(lower)
    away, soft = np.abs(x), 2 * grid.pixel
    width = 0.50 + 0.05 * who.robustness
    below = np.clip((y - points[8, 1] + 0.02) / 0.4, 0, 1)
    round_off = np.sqrt(np.clip(1 - 0.75 * (x / width) ** 2, 0.1, 1)) * (0.30 + 0.45 * below)
    neck = ramp(width + 0.9 * np.clip(y - 1.35, 0, None) ** 2 - away, soft) * ramp(y - 1.15, 0.1)
    blend(colour, lower, neck, who.skin.astype(np.float32) * round_off[..., None])
    collar = np.where(away < width, 1.78 - 0.26 * (away / width) ** 2, 1.52 + 0.3 * (away - width))
    shade = (0.85 - 0.15 * away) * (0.75 + 0.25 * ramp(y - collar - 0.05, 0.06))
    blend(colour, lower, ramp(y - collar, soft), who.garment.astype(np.float32) * shade[..., None])


def ears(grid: Grid, colour: np.ndarray, points, who: Identity, light: np.ndarray) -> None:
    """Paint the ears beside the head."""
    for edge, side in ((points[0], -1), (points[16], 1)):
        centre = edge + [side * 0.01, 0.14]
        window = grid.near(centre[None], 0.4)
        x, y = grid.at(window)
        across = (x - centre[0] - 0.12 * side * (centre[1] - y)) / 0.085
        away = np.sqrt(across**2 + ((y - centre[1]) / 0.22) ** 2)
        shade = 0.60 + 0.22 * side * light[0] - 0.30 * np.exp(-(((away - 0.5) / 0.25) ** 2))
        tint = who.skin.astype(np.float32) * np.array([1.0, 0.86, 0.84], np.float32)
        blend(colour, window, ramp(1 - away, 0.2), tint * shade[..., None])


def front(grid: Grid, colour, points, who: Identity, share, border, hair: np.ndarray) -> None:
    """Paint the hair on the skull, down to the hairline.

    ``share`` is a pixel's distance from the head's centre over that of the head's ``border``.
    """
    upper = grid.near(np.array([[-9, -9], [9, 0.45]]), 0)
    x, y = grid.at(upper)
    share, border = share[upper], border[upper]
    stand, line = STYLES[who.hair_style]
    texture = np.random.default_rng(who.texture + 3)
    wide = points[16, 0] / 0.84
    at = np.linspace(-1.3, 1.3, 140)
    tips = texture.normal(0, 0.022, 140) + np.interp(at, at[::14], texture.normal(0, 0.015, 10))
    jag = np.interp(x + 0.3 * (y + 0.8) * (x - who.parting), at, tips)
    hairline = -np.interp(np.abs(x) / wide, HAIRLINE_AT, line) * who.crown + jag
    volume = np.float32(stand) * np.clip(0.02 - y, 0, 1) ** 0.5 * (1 + 2 * jag)
    cover = ramp(border + volume - share * border, 0.05) * ramp(hairline - y, 0.13)
    shadow = ramp(hairline - y + 0.10, 0.2) * (share < 1)
    colour[upper] *= 1 - 0.30 * shadow[..., None]
    if who.hair_style == "tied":
        knot = bump(x, y, (0, -who.crown - 0.06), (0.24, 0.15))
        blend(colour, upper, ramp(knot - 0.5, 0.15) * (share > 1), hair[upper] * np.float32(0.8))
    blend(colour, upper, cover, hair[upper])
