"""Hair, ears, neck and clothes: what surrounds the face and carries no expression."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from facsimile.faces.embedded.curves import Grid, bump, ramp
from facsimile.faces.embedded.identity import Identity
from facsimile.faces.embedded.paint import blend
from facsimile.faces.embedded.relief import reach

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


def behind(grid: Grid, colour: np.ndarray, who: Identity, light: np.ndarray) -> None:
    """Paint the hair that falls behind the head."""
    if who.hair_style not in ("long", "bob"):
        return
    window = grid.box(-1.15, -1.3, 1.15, 3)
    x, y = grid.at(window)
    half = 0.99 * np.sqrt(np.clip(1 - (np.clip(-0.1 - y, 0, None) / 1.15) ** 2, 0, 1))
    half += 0.07 * np.sin(1.3 * np.clip(y, 0, 2.2))
    bottom = 2.6 if who.hair_style == "long" else 1.2 - 1.2 * np.clip(np.abs(x) - 0.75, 0, 1)
    fall = ramp(half - np.abs(x), 0.08) * ramp(bottom - y, 0.15) * ramp(y + 1.0, 0.2)
    blend(colour, window, fall, strands(x, y, who, light) * np.float32(0.5))


def body(grid: Grid, colour: np.ndarray, chin: float, who: Identity) -> None:
    """Paint neck and clothes; ``chin`` is how far the chin lies below the eyes."""
    window = grid.box(-3, 1.1, 3, 3)
    x, y = grid.at(window)
    away, soft = np.abs(x), 2 * grid.pixel
    width = 0.50 + 0.05 * who.robustness
    below = np.clip((y - chin + 0.02) / 0.4, 0, 1)
    round_off = np.sqrt(np.clip(1 - 0.75 * (x / width) ** 2, 0.1, 1)) * (0.30 + 0.45 * below)
    flare = 0.9 * np.clip(y - 1.35, 0, None) ** 2
    neck = ramp(width + flare - away, soft) * ramp(y - 1.15, 0.1)
    blend(colour, window, neck, who.skin.astype(np.float32) * round_off[..., None])
    collar = np.where(away < width, 1.78 - 0.26 * (away / width) ** 2, 1.52 + 0.3 * (away - width))
    shade = (0.85 - 0.15 * away) * (0.75 + 0.25 * ramp(y - collar - 0.05, 0.06))
    cloth = who.garment.astype(np.float32) * shade[..., None]
    blend(colour, window, ramp(y - collar, soft), cloth)


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


def front(grid: Grid, colour, border: np.ndarray, who: Identity, light: np.ndarray) -> None:
    """Paint the hair on the skull, down to the hairline.

    ``border`` is the outline of the head, see `relief.outline`.
    """
    window = grid.box(-1.1, -1.6, 1.1, 0.15)
    x, y = grid.at(window)
    distance, edge = reach(x, y, border)
    stand, line = STYLES[who.hair_style]
    texture = np.random.default_rng(who.texture + 3)
    at = np.linspace(-1.3, 1.3, 140)
    tips = texture.normal(0, 0.022, 140) + np.interp(at, at[::14], texture.normal(0, 0.015, 10))
    jag = np.interp(x + 0.3 * (y + 0.8) * (x - who.parting), at, tips).astype(np.float32)
    wide = border[:, 0].max() / 0.84
    hairline = jag - who.crown * np.interp(np.abs(x) / wide, HAIRLINE_AT, line)
    volume = np.float32(stand) * np.sqrt(np.clip(0.02 - y, 0, 1)) * (1 + jag)
    hair = strands(x, y, who, light)
    part = colour[window]
    part *= 1 - 0.30 * (ramp(hairline - y + 0.10, 0.2) * (distance < edge))[..., None]
    if who.hair_style == "tied":
        knot = bump(x, y, (0, -who.crown - 0.06), (0.24, 0.15))
        blend(colour, window, ramp(knot - 0.5, 0.15) * (distance > edge), 0.8 * hair)
    blend(colour, window, ramp(edge + volume - distance, 0.05) * ramp(hairline - y, 0.13), hair)
