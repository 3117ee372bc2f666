"""Hair, ears, neck and clothes: what surrounds the face and carries no expression."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from facsimile.faces.synthetic.curves import Grid, bump, ramp
from facsimile.faces.synthetic.identity import Identity
from facsimile.faces.synthetic.paint import blend, mottle
from facsimile.faces.synthetic.relief import reach

# How far the hair stands off the skull; where the hairline lies, as heights above the eyes over
# the crown's, from the midline to the temple and in front of the ear.
STYLES = {
    "short": (0.10, (0.74, 0.74, 0.67, 0.42, 0.02)),
    "cropped": (0.035, (0.76, 0.77, 0.69, 0.42, 0.04)),
    "swept": (0.15, (0.71, 0.73, 0.68, 0.42, 0.0)),
    "curly": (0.19, (0.74, 0.71, 0.60, 0.34, -0.08)),
    "long": (0.11, (0.82, 0.75, 0.58, 0.28, -0.2)),
    "bob": (0.13, (0.76, 0.71, 0.55, 0.24, -0.2)),
    "receding": (0.03, (0.82, 0.94, 0.80, 0.42, 0.0)),
    "tied": (0.06, (0.80, 0.78, 0.67, 0.38, 0.0)),
}
HAIRLINE_AT = np.array([0.0, 0.3, 0.55, 0.74, 0.84])


def strands(grid: Grid, who: Identity, light: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return hair colours (height, width, 3), and how far each strand stands out, about -1 to 1.

    Strands fall from the parting, with a sheen; curls have none.
    """
    texture = np.random.default_rng(who.texture + 2)
    x, y = grid.coordinates
    if who.hair_style == "curly":
        out = 0.65 * mottle(grid, 11, texture) + 0.45 * mottle(grid, 24, texture)
        bright = np.clip(0.75 + 0.38 * out, 0.2, None) * (0.95 - 0.25 * y)
        glint = 0.02 * np.clip(out, 0, None)
    else:
        fall = np.arctan2(x - np.float32(who.parting), y + np.float32(1.7))
        fall += 0.03 * np.sin(4 * y + 3 * x)
        angles = np.linspace(-np.pi, np.pi, 1500)
        fine = gaussian_filter1d(texture.standard_normal(angles.size), 1.5) * 2
        locks = gaussian_filter1d(texture.standard_normal(angles.size), 6) * 3.5
        out = np.interp(fall, angles, 0.4 * fine + 0.6 * locks).astype(np.float32)
        place = y + 0.98 - 0.25 * x * x - 0.2 * light[0] * x + 0.04 * out
        sheen = np.exp(-0.5 * (place / 0.14) ** 2)
        bright = np.clip(0.80 + 0.30 * out, 0.25, None) * (0.75 + 0.85 * sheen)
        glint = 0.03 * sheen * np.clip(1 + out, 0, None)
    bright *= 1 + 0.3 * light[0] * x
    return bright[..., None] * who.hair.astype(np.float32) + glint[..., None], out


def behind(grid: Grid, colour: np.ndarray, who: Identity, light: np.ndarray) -> None:
    """Paint the hair that falls behind the head."""
    if who.hair_style not in ("long", "bob"):
        return
    window = grid.box(-1.15, -1.3, 1.15, 3)
    x, y = grid.at(window)
    half = 0.99 * np.sqrt(np.clip(1 - (np.clip(-0.1 - y, 0, None) / 1.15) ** 2, 0, 1))
    half += 0.07 * np.sin(1.3 * np.clip(y, 0, 2.2))
    bottom = 2.6 if who.hair_style == "long" else 1.2 - 1.2 * np.clip(np.abs(x) - 0.75, 0, 1)
    hair, out = strands(grid.part(window), who, light)
    fall = ramp(half + 0.02 * out - np.abs(x), 0.06) * ramp(y + 1.0, 0.2)
    fall *= ramp(bottom + 0.05 * out - y, 0.12)
    deep = 0.35 + 0.3 * np.clip((np.abs(x) - 0.7) / 0.3, 0, 1)  # dark where the neck shades it
    blend(colour, window, fall, hair * deep[..., None])


def body(grid: Grid, colour: np.ndarray, chin: float, who: Identity) -> None:
    """Paint neck and clothes; ``chin`` is how far the chin lies below the eyes."""
    window = grid.box(-3, 0.9, 3, 3.2)
    x, y = grid.at(window)
    away, soft = np.abs(x), 2 * grid.pixel
    width = 0.48 + 0.06 * who.robustness
    below = np.clip((y - chin + 0.05 * away) / 0.30, 0, 1)
    round_off = np.sqrt(np.clip(1 - 0.8 * (x / width) ** 2, 0.08, 1)) * (0.22 + 0.50 * below)
    cord = bump(np.abs(x) - 0.10 * (1.9 - y), y, (0.10, 1.5), (0.035, 0.25))
    hollow = bump(x, y, (0, 1.68), (0.09, 0.10))
    round_off *= 1 + 0.10 * cord - 0.22 * hollow
    flare = 0.9 * np.clip(y - 1.28, 0, None) ** 2
    neck = ramp(width + flare - away, soft) * ramp(y - 0.95, 0.1)
    blend(colour, window, neck, who.skin.astype(np.float32) * round_off[..., None])
    collar = np.where(away < width, 1.74 - 0.26 * (away / width) ** 2, 1.48 + 0.3 * (away - width))
    seam = np.exp(-0.5 * ((y - collar - 0.075) / 0.012) ** 2)
    shade = (0.85 - 0.15 * away) * (0.72 + 0.28 * ramp(y - collar - 0.03, 0.06)) - 0.12 * seam
    cloth = who.garment.astype(np.float32) * shade[..., None]
    blend(colour, window, ramp(y - collar, soft), cloth)


def ears(grid: Grid, colour: np.ndarray, points, who: Identity, shot) -> None:
    """Paint the ears beside the head; the one on the far side of a turned head hides."""
    for edge, side in ((points[0], -1), (points[16], 1)):
        centre = edge + [-0.01 * side - 0.30 * shot.camera.yaw, 0.12]
        window = grid.near(centre[None], 0.4)
        x, y = grid.at(window)
        across = (x - centre[0] - 0.14 * side * (centre[1] - y)) / 0.085
        along_it = (y - centre[1]) / 0.20
        away = np.sqrt(across**2 + along_it**2 * (1 + 0.25 * np.clip(along_it, -1, 1)))
        shell = np.exp(-(((away - 0.55) / 0.20) ** 2)) * (0.5 - 0.5 * np.clip(along_it, -1, 1))
        bowl = bump(across, along_it, (-0.25 * side, 0.1), (0.30, 0.35))
        shade = 0.66 + 0.22 * side * shot.light[0] - 0.30 * shell - 0.35 * bowl
        tint = who.skin.astype(np.float32) * np.array([1.0, 0.84, 0.82], np.float32)
        blend(colour, window, ramp(1 - away, 0.2), tint * shade[..., None])


def front(grid: Grid, colour, border: np.ndarray, who: Identity, light: np.ndarray) -> None:
    """Paint the hair on the skull, down to the hairline.

    ``border`` is the outline of the head, see `relief.outline`.
    """
    window = grid.box(-1.15, -1.65, 1.15, 0.2)
    x, y = grid.at(window)
    distance, edge = reach(x, y, border)
    stand, line = STYLES[who.hair_style]
    hair, out = strands(grid.part(window), who, light)
    texture = np.random.default_rng(who.texture + 3)
    at = np.linspace(-1.3, 1.3, 140)
    tips = texture.normal(0, 0.012, 140) + np.interp(at, at[::10], texture.normal(0, 0.020, 14))
    jag = np.interp(x + 0.3 * (y + 0.8) * (x - who.parting), at, tips).astype(np.float32)
    wide = border[:, 0].max() / 0.84
    hairline = jag - who.crown * np.interp(np.abs(x) / wide, HAIRLINE_AT, line)
    if who.hair_style in ("swept", "long", "bob"):  # the hair falls lower beside the parting
        away = (x - who.parting) * -np.sign(who.parting)
        hairline -= 0.10 * np.exp(-0.5 * (away / 0.16) ** 2) - 0.05 * np.clip(away, 0, 0.5)
    hairline += 0.045 * out
    volume = np.float32(stand) * np.sqrt(np.clip(0.05 - y, 0, 1)) * (1 + jag)
    volume += np.float32(0.015 + 0.10 * stand) * np.clip(out, -1, 1) * (y < 0)
    part = colour[window]
    part *= 1 - 0.28 * (ramp(hairline - y + 0.08, 0.2) * (distance < edge))[..., None]
    if who.hair_style == "tied":
        knot = bump(x, y, (0, -who.crown - 0.06), (0.24, 0.15)) + 0.03 * out
        blend(colour, window, ramp(knot - 0.5, 0.15) * (distance > edge), 0.8 * hair)
    rim = 1 - 0.45 * np.clip((distance - edge + 0.05) / (volume + 0.12), 0, 1)  # turns away
    inside = ramp(edge + volume - distance, 0.045) * ramp(hairline - y, 0.10)
    blend(colour, window, inside, hair * rim[..., None])
