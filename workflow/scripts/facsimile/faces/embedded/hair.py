"""Hair, ears, neck and clothes: what surrounds the face and carries no expression."""

import numpy as np

from facsimile.faces.embedded.curves import Grid, bump, ramp
from facsimile.faces.embedded.identity import Identity
from facsimile.faces.embedded.paint import blend

WHOLE = (slice(None), slice(None))

# How far the hair stands off the skull; where the hairline lies, as heights above the eyes over
# the crown's, from the midline to the temple and in front of the ear.
STYLES = {
    "short": (0.10, (0.62, 0.61, 0.52, 0.30, 0.0)),
    "swept": (0.15, (0.60, 0.58, 0.50, 0.28, -0.05)),
    "long": (0.12, (0.64, 0.60, 0.46, 0.22, -0.1)),
    "bob": (0.13, (0.62, 0.59, 0.45, 0.20, -0.1)),
    "receding": (0.05, (0.86, 0.80, 0.62, 0.34, 0.0)),
    "tied": (0.06, (0.62, 0.61, 0.52, 0.28, 0.0)),
}
HAIRLINE_AT = np.array([0.0, 0.25, 0.5, 0.68, 0.80])


def strands(x, y, who: Identity, light: np.ndarray) -> np.ndarray:
    """Return hair colours (..., 3): strands that fall from the parting, with a sheen."""
    texture = np.random.default_rng(who.texture + 2)
    row = texture.standard_normal(2048)
    fall = np.arctan2(x - np.float32(who.parting), y + np.float32(1.6)) * 150
    wave = 3 * np.sin(5 * y + 2 * x)
    positions = np.arange(2048)
    fine = np.interp((fall * 2.2 + wave) % 2047, positions, row)
    broad = np.interp((fall * 0.5 + wave) % 2047, positions, row[::-1])
    sheen = np.exp(-0.5 * ((y + 0.80 - 0.25 * x * x - 0.1 * light[0] * x) / 0.13) ** 2)
    bright = np.clip(0.9 + 0.22 * fine + 0.22 * broad, 0.25, None) * (0.8 + 0.9 * sheen)
    glint = 0.035 * sheen * np.clip(1 + 0.6 * fine, 0, None)
    side = 1 + 0.25 * np.clip(x, -1, 1) * light[0]
    return ((who.hair * (bright * side)[..., None]) + glint[..., None]).astype(np.float32)


def behind(grid: Grid, colour: np.ndarray, points, who: Identity, hair: np.ndarray) -> None:
    """Paint long hair behind the head, then neck and clothes."""
    x, y = grid.coordinates
    soft = 2 * grid.pixel
    if who.hair_style in ("long", "bob"):
        bottom = 2.6 if who.hair_style == "long" else 1.15
        half = 0.98 + 0.10 * np.sin(np.clip(y + 0.4, 0, 2.2) * 1.3)
        fall = ramp(half - np.abs(x), 0.06) * ramp(y + 0.5, 0.2) * ramp(bottom - y, 0.12)
        blend(colour, WHOLE, fall, hair * np.float32(0.55))
    chin = points[8, 1]
    width = 0.50 + 0.09 * who.robustness
    flare = 0.35 * np.clip(y - chin - 0.05, 0, None) ** 2
    neck = ramp(width + flare - np.abs(x), soft) * ramp(y - 0.6, 0.1)
    round_off = np.clip(1 - 0.55 * (x / width) ** 2, 0.3, 1) * (
        0.34 + 0.45 * np.clip((y - chin - 0.02) / 0.45, 0, 1)
    )
    blend(colour, WHOLE, neck, who.skin.astype(np.float32) * round_off[..., None])
    slope = 1.88 + 0.30 * np.clip(np.abs(x) - 0.4, 0, None) - 0.12 * np.exp(-((x / 0.45) ** 2)) * -1
    cloth = ramp(y - slope, soft)
    shade = 0.75 + 0.2 * np.cos(1.1 * x)
    blend(colour, WHOLE, cloth, who.garment.astype(np.float32) * shade[..., None])


def ears(grid: Grid, colour: np.ndarray, points, who: Identity, light: np.ndarray) -> None:
    """Paint the ears beside the head."""
    for edge, side in ((points[0], -1), (points[16], 1)):
        centre = edge + [side * 0.035, 0.10]
        window = grid.near(centre[None], 0.4)
        x, y = grid.at(window)
        across = (x - centre[0] - 0.10 * side * (centre[1] - y)) / 0.085
        away = np.sqrt(across**2 + ((y - centre[1]) / 0.23) ** 2)
        shade = 0.62 + 0.22 * side * light[0] - 0.35 * np.exp(-(((away - 0.55) / 0.2) ** 2))
        tint = who.skin * [1.0, 0.86, 0.84]
        blend(colour, window, ramp(1 - away, 0.2), tint.astype(np.float32) * shade[..., None])


def front(grid: Grid, colour, points, who: Identity, share, reach, hair: np.ndarray) -> None:
    """Paint the hair on the skull, down to the hairline.

    ``share`` and ``reach`` are a pixel's distance from the head's centre over that of the
    border, and the border's.
    """
    x, y = grid.coordinates
    stand, line = STYLES[who.hair_style]
    texture = np.random.default_rng(who.texture + 3)
    jag = np.interp(x, np.linspace(-1.2, 1.2, 90), texture.normal(0, 0.018, 90))
    wide = points[16, 0] / 0.84
    shift = 0.06 * who.parting * x
    hairline = -np.interp(np.abs(x) / wide, HAIRLINE_AT, line) * who.crown + jag + shift
    above = np.clip(-y / 0.6, 0, 1)
    outer = reach + np.float32(stand) * above + jag * 0.5
    cover = ramp(outer - share * reach, 0.05) * ramp(hairline - y, 0.09)
    cover *= ramp(0.02 - y, 0.2)
    shadow = ramp(hairline - y + 0.06, 0.16) * (share < 1)
    colour *= 1 - 0.35 * shadow[..., None]
    blend(colour, WHOLE, cover, hair)
    if who.hair_style == "tied":
        knot = bump(x, y, (0, -who.crown - 0.13), (0.22, 0.16))
        behind_head = ramp(knot - 0.5, 0.15) * (1 - cover)
        blend(colour, WHOLE, behind_head, hair * np.float32(0.8))
