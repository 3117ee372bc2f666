"""The face as a landscape: how high each pixel stands, wrinkles included.

Heights are in face coordinates. Lit from the side, the landscape gives the face its shading.
"""

import numpy as np
from scipy.interpolate import CubicSpline

from facsimile.faces.synthetic.curves import Grid, along, bump, smooth, through
from facsimile.faces.synthetic.identity import Identity

CENTRE = (0.0, 0.25)
"""The point that the outline of the head is measured from."""


def outline(points: np.ndarray, crown: float) -> np.ndarray:
    """Return (n, 2) points around the head: the jaw, then the skull."""
    left, right = points[0], points[16]
    skull = [(1.005, -0.22), (0.95, -0.48), (0.775, -0.77), (0.43, -0.95)]
    top = lambda end: [(x * end[0], end[1] + y * (crown + end[1])) for x, y in skull]  # noqa: E731
    return np.array([*points[:17], *top(right), (0, -crown), *top(left)[::-1]])


def reach(x: np.ndarray, y: np.ndarray, border: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each pixel's distance from the centre and that of the border in its direction."""
    around = border - CENTRE
    angle = np.unwrap(np.arctan2(around[:, 1], around[:, 0]))
    order = np.argsort(angle)
    angle, radius = angle[order], np.hypot(*around[order].T)
    turn = np.append(angle, angle[0] + 2 * np.pi)
    table = CubicSpline(turn, np.append(radius, radius[0]), bc_type="periodic")
    knots = np.linspace(-np.pi, np.pi, 361)
    dx, dy = x - np.float32(CENTRE[0]), y - np.float32(CENTRE[1])
    border_radius = np.interp(np.arctan2(dy, dx), knots, table(knots)).astype(np.float32)
    return np.sqrt(dx * dx + dy * dy), border_radius


def heights(
    grid: Grid, points: np.ndarray, units: dict[str, float], who: Identity, share: np.ndarray
) -> np.ndarray:
    """Return the height of each pixel, (height, width).

    Parameters
    ----------
    points : (68, 2) landmarks in face coordinates.
    share : distance from the head's centre over that of its border, from `reach`.
    """
    z = 0.75 * np.sqrt(np.clip(1 - share * share * np.sqrt(share), 0, 1) + np.float32(0.05))
    _soft_parts(grid, z, points, units, who)
    _nose(grid, z, points, units, who)
    _lips(grid, z, points, units)
    _wrinkles(grid, z, points, units, who)
    return z


def shadows(grid: Grid, points: np.ndarray, light: np.ndarray) -> np.ndarray:
    """Return the share of direct light, (height, width), that nose, lip, brows and lids let by."""
    passed = np.ones((grid.height, grid.width), np.float32)
    aside = -0.09 * light[0] * np.array([1, 0])
    _block(grid, passed, 0.40, points[33] + [0, 0.035] + aside, (0.11, 0.035))
    _block(grid, passed, 0.45, points[30] + [0, -0.02] + 1.9 * aside, (0.055, 0.12))
    _block(grid, passed, 0.35, points[57] + [0, 0.035] + 0.5 * aside, (0.15, 0.028))
    for eye, side in ((slice(36, 42), -1), (slice(42, 48), 1)):
        centre = points[eye].mean(0)
        _block(grid, passed, 0.30, centre + [-side * 0.10, -0.07] + aside, (0.10, 0.05))
        _block(grid, passed, 0.22, centre + [side * 0.05, -0.085], (0.12, 0.03))
    return passed


def _block(grid: Grid, passed, share: float, centre, spread) -> None:
    """Take a share of the light away around a point."""
    window = grid.near(centre[None], 3.0 * max(spread))
    passed[window] *= 1 - np.float32(share) * bump(*grid.at(window), centre, spread)


def _add(grid: Grid, z: np.ndarray, height: float, centre, spread) -> None:
    """Add a hill to the landscape, in the window where it matters."""
    centre = np.asarray(centre, float)
    window = grid.near(centre[None], 3.0 * max(spread))
    z[window] += np.float32(height) * bump(*grid.at(window), centre, spread)


def _soft_parts(grid, z, points, units, who) -> None:
    """Brow ridges, eye sockets, cheeks, muzzle and chin."""
    smile, cheek = units.get("AU12", 0), units.get("AU6", 0)
    for eye, brow, side in ((slice(36, 42), 19, -1), (slice(42, 48), 24, 1)):
        centre = points[eye].mean(0)
        ridge = 0.028 + 0.022 * who.robustness
        _add(grid, z, ridge, points[brow] + [0, 0.03], (0.20, 0.06))
        _add(grid, z, -0.095, centre + [-side * 0.04, -0.015], (0.16, 0.095))
        _add(grid, z, 0.060, centre, (0.11, 0.075))
        bag = -0.016 - 0.030 * who.age
        _add(grid, z, bag, centre + [-side * 0.05, 0.125], (0.11, 0.028))
        lift = 0.05 * smile + 0.04 * cheek
        high = 0.055 * who.cheeks + 0.04 * smile + 0.03 * cheek
        _add(grid, z, high, (side * 0.45, 0.36 - lift), (0.16, 0.13))
        _add(grid, z, (smile - 1.8 + who.cheeks) * 0.03, (side * 0.55, 0.76), (0.13, 0.20))
        _add(grid, z, -0.030, (side * 0.70, -0.28), (0.10, 0.16))  # temple
    mouth = points[[48, 54]].mean(0)
    _add(grid, z, 0.07, mouth + [0, 0.01], (0.27, 0.17))
    _add(grid, z, -0.040, (0, points[57, 1] + 0.07), (0.15, 0.032))
    chin = points[8] - [0, 0.15]
    _add(grid, z, 0.055 + 0.02 * units.get("AU17", 0), chin, (0.13, 0.09))
    _add(grid, z, 0.03, (0, -0.60), (0.35, 0.16))  # forehead


def _nose(grid, z, points, units, who) -> None:
    bridge, tip, base = points[27], points[30], points[33]
    wing = 0.5 * (points[35, 0] - points[31, 0])
    corners = np.array([bridge + [-0.35, -0.2], base + [0.35, 0.2]])
    window = grid.near(corners, 0)
    x, y = grid.at(window)
    span = base[1] - bridge[1]
    middle = np.interp(y, [bridge[1], tip[1], base[1]], [bridge[0], tip[0], base[0]])
    away = (x - middle).astype(np.float32)
    along_it = y + np.minimum(2.0 * away**2, 0.07)  # the base curves up towards the wings
    stations = bridge[1] + span * np.array([-0.25, 0, 0.3, 0.6, 0.76, 0.88, 1.0, 1.15])
    ridge = np.interp(along_it, stations, [0, 0.035, 0.080, 0.125, 0.155, 0.145, 0.06, 0])
    wide, bulb = 0.088 * who.bridge, 0.098 * who.tip
    width = np.interp(y, stations, [0.14, 1.1 * wide, wide, 1.05 * wide, bulb, bulb, 0.10, 0.12])
    z[window] += (ridge * np.exp(-0.5 * (away / width) ** 2)).astype(np.float32)
    _add(grid, z, 0.045, tip + [0, 0.02], (0.058 * who.tip, 0.048))
    for corner, side in ((points[31], -1), (points[35], 1)):
        flare = 0.03 * units.get("AU9", 0)
        _add(grid, z, 0.080 + flare, corner + [-side * 0.22 * wing, -0.040], (0.048, 0.050))
        _add(grid, z, -0.030, corner + [side * 0.050, -0.045], (0.024, 0.050))


def _lips(grid, z, points, units) -> None:
    window = grid.near(points[48:60], 0.03)
    x, y = grid.at(window)
    upper, lower = through(points[48:55], x), through(points[[48, 59, 58, 57, 56, 55, 54]], x)
    above, below = through(points[60:65], x), through(points[[60, 67, 66, 65, 64]], x)
    half = 0.5 * (points[54, 0] - points[48, 0])
    taper = np.clip(1 - ((x - points[51, 0]) / half) ** 2, 0, 1)
    press = 1 - 0.6 * max(units.get("AU24", 0), units.get("AU23", 0))
    for first, last, height in ((upper, above, 0.042), (below, lower, 0.062)):
        place = np.clip((y - first) / np.maximum(last - first, 0.01), 0, 1)
        z[window] += height * press * np.sqrt(taper) * np.sin(np.pi * place) ** 1.5
    _add(grid, z, -0.018, (points[51, 0], points[51, 1] - 0.075), (0.020, 0.045))  # philtrum
    for corner in points[[48, 54]]:
        _add(grid, z, -0.035, corner, (0.035, 0.028))
    for side in (-0.045, 0.045):
        _add(grid, z, 0.009, (points[51, 0] + side, points[51, 1] - 0.07), (0.016, 0.045))


def _crease(grid, z, line, depth: float, width: float, bulge: float = 0.0) -> None:
    """Cut a furrow along a line; ``bulge`` raises the skin on its left-hand side."""
    if depth <= 0.002:
        return
    line = smooth(line)
    window = grid.near(line, 4 * width + 0.02)
    away, place = along(line, *grid.at(window))
    fade = np.sin(np.pi * np.clip(0.08 + 0.84 * place, 0, 1))
    furrow = np.exp(-0.5 * (away / width) ** 2)
    swell = np.exp(-0.5 * ((away + 2.2 * width) / (1.6 * width)) ** 2)
    z[window] += fade * (bulge * swell - depth * furrow)


def _wrinkles(grid, z, points, units, who) -> None:
    """Furrows of age, deepened or brought forth by the action units that make them."""
    strength = lambda *names: max((units.get(name, 0) for name in names), default=0)  # noqa: E731
    age = who.age
    _forehead(grid, z, points, units, age)
    frown = 0.008 * age**1.5 + 0.030 * strength("AU4")
    wrinkle = 0.030 * strength("AU9")
    for side in (-1, 1):
        inner = points[21 if side < 0 else 22]
        _crease(grid, z, [inner + [-side * 0.035, -0.10], inner + [-side * 0.055, 0.10]],
                frown, 0.016)  # fmt: skip
        for step in (0, 0.06):
            start = np.array([side * 0.03, points[27, 1] + 0.08 + step])
            _crease(grid, z, [start, start + [side * 0.05, -0.012], start + [side * 0.10, 0.03]],
                    wrinkle, 0.012)  # fmt: skip
        corner = points[36 if side < 0 else 45]
        for angle in (-0.55, -0.1, 0.35):
            away = np.array([side * np.cos(angle), np.sin(angle)])
            _crease(grid, z, [corner + 0.045 * away, corner + 0.19 * away],
                    0.016 * age**2 + 0.022 * strength("AU6"), 0.011)  # fmt: skip
        _nasolabial(grid, z, points, units, age, side)
    _add(grid, z, -0.05 * strength("AU17"), (0, points[57, 1] + 0.09), (0.15, 0.03))
    if strength("AU17"):
        for dx, dy in ((-0.07, 0.16), (0, 0.14), (0.07, 0.16), (-0.035, 0.21), (0.04, 0.21)):
            _add(grid, z, -0.014 * strength("AU17"), points[57] + [dx, dy], (0.016, 0.016))


def _forehead(grid, z, points, units, age) -> None:
    """Horizontal furrows, across with AU1 and AU2, in the middle with AU1 alone."""
    inner, outer = units.get("AU1", 0), units.get("AU2", 0)
    depth = 0.009 * age**1.5 + 0.018 * max(inner, outer)
    reach_out = 0.2 + 0.3 * max(outer, age)
    top = points[19:25, 1].mean()
    lift = 0.05 * (outer - inner)
    for number in range(3):
        y = top - 0.17 - 0.125 * number
        half = reach_out * (1 - 0.12 * number)
        line = [(-half, y + 0.03), (-half / 2, y - lift), (0, y + 0.015), (half / 2, y - lift),
                (half, y + 0.03)]  # fmt: skip
        _crease(grid, z, line, depth, 0.016)


def _nasolabial(grid, z, points, units, age, side) -> None:
    """The furrow from the wing of the nose to the corner of the mouth."""
    wing, corner = points[31 if side < 0 else 35], points[48 if side < 0 else 54]
    smile = units.get("AU12", 0)
    pull = max(smile, units.get("AU10", 0), units.get("AU9", 0), units.get("AU11", 0))
    depth = 0.005 + 0.018 * age + 0.036 * pull
    start = wing + [side * 0.03, -0.05]
    end = corner + [side * 0.07, -0.02 + 0.05 * age]
    middle = 0.5 * (start + end) + [side * (0.02 + 0.05 * smile), -0.02]
    line = np.array([start, middle, end])
    _crease(grid, z, line, depth, 0.022, 0)
    centre = middle + [side * 0.09, -0.03]
    _add(grid, z, 0.035 * pull, centre, (0.07, 0.10))
