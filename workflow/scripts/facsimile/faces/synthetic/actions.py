"""What each action unit does to the landmarks.

Units, names and their effects after Ekman, Friesen & Hager, *Facial Action Coding System* (2002).
Displacements are in units of the distance between the outer eye corners, at full intensity.
"""

from collections.abc import Iterable

import numpy as np

from facsimile.faces.synthetic.geometry import both_sides

# Left half and midline: landmark -> (dx, dy); y grows down, outwards is negative x.
_MOVES: dict[str, dict[int, tuple[float, float]]] = {
    # inner brow raiser
    "AU1": {18: (0, -.025), 19: (0, -.065), 20: (0, -.125), 21: (0, -.16)},
    # outer brow raiser
    "AU2": {17: (0, -.10), 18: (0, -.14), 19: (0, -.12), 20: (0, -.06)},
    # brow lowerer: down and together
    "AU4": {17: (0, .02), 18: (.01, .05), 19: (.02, .075), 20: (.022, .095), 21: (.025, .10),
            37: (0, .010), 38: (0, .014)},
    # upper lid raiser
    "AU5": {37: (0, -.050), 38: (0, -.050), 40: (0, .006), 41: (0, .006)},
    # cheek raiser: the lower lid is pushed up
    "AU6": {17: (0, .02), 18: (0, .01), 37: (0, .012), 38: (0, .008),
            40: (0, -.018), 41: (0, -.022)},
    # lid tightener
    "AU7": {37: (0, .018), 38: (0, .016), 40: (0, -.030), 41: (0, -.026)},
    # nose wrinkler
    "AU9": {19: (.01, .03), 20: (.015, .05), 21: (.02, .065), 30: (0, -.025),
            31: (-.02, -.055), 32: (-.01, -.035), 33: (0, -.025),
            37: (0, .018), 38: (0, .020), 40: (0, -.022), 41: (0, -.020),
            48: (0, -.01), 49: (0, -.045), 50: (0, -.045), 51: (0, -.03)},
    # upper lip raiser
    "AU10": {31: (-.01, -.02), 48: (-.01, .01), 49: (-.015, -.060), 50: (-.01, -.085),
             51: (0, -.075), 60: (-.01, .005), 61: (0, -.060), 62: (0, -.055)},
    # nasolabial deepener: seen in the furrow alone
    "AU11": {49: (0, -.018)},
    # lip corner puller
    "AU12": {48: (-.100, -.105), 60: (-.092, -.096), 49: (-.065, -.042), 59: (-.078, -.052),
             50: (-.022, -.012), 51: (0, -.008), 58: (-.035, -.016), 57: (0, -.010),
             61: (-.050, -.026), 67: (-.050, -.022), 62: (0, -.012), 66: (0, -.012),
             31: (-.020, -.010)},
    # lip corner depressor
    "AU15": {48: (-.010, .100), 60: (-.010, .088), 49: (0, .025), 59: (-.005, .055),
             58: (0, .012), 61: (0, .012), 67: (0, .012)},
    # chin raiser: pushes the lower lip, and with it the upper one, up
    "AU17": {57: (0, -.055), 58: (0, -.055), 59: (0, -.040), 66: (0, -.035), 67: (0, -.032),
             62: (0, -.035), 61: (0, -.030), 51: (0, -.022), 50: (0, -.020), 49: (0, -.005),
             48: (0, .020), 60: (0, .015), 7: (0, -.025), 8: (0, -.035)},
    # lip stretcher
    "AU20": {48: (-.095, .020), 60: (-.091, .018), 49: (-.080, .012), 59: (-.088, .026),
             50: (-.032, .010), 58: (-.042, .012), 51: (0, .010), 57: (0, .004),
             61: (-.065, .002), 67: (-.070, .016)},
    # lip funneler: the corners are drawn in, the lips turned outwards as if to say "oh"
    "AU22": {48: (.100, .010), 60: (.105, .008), 49: (.060, -.020), 50: (.015, -.035),
             51: (0, -.030), 61: (.040, -.018), 62: (0, -.018), 59: (.060, .050),
             58: (.020, .070), 57: (0, .072), 67: (.040, .050), 66: (0, .055)},
    # lip tightener
    "AU23": {48: (.045, 0), 60: (.045, 0), 49: (.020, .018), 50: (.010, .026), 51: (0, .026),
             57: (0, -.034), 58: (.010, -.034), 59: (.020, -.022)},
    # lip pressor
    "AU24": {48: (.025, 0), 60: (.020, 0), 49: (.010, .028), 50: (0, .042), 51: (0, .042),
             57: (0, -.050), 58: (0, -.050), 59: (.010, -.036)},
    # lips part
    "AU25": {49: (0, -.012), 50: (0, -.020), 51: (0, -.020), 61: (0, -.022), 62: (0, -.022),
             57: (0, .055), 58: (0, .054), 59: (0, .034), 66: (0, .062), 67: (0, .058)},
    # jaw drop
    "AU26": {57: (0, .190), 58: (0, .185), 59: (.020, .115), 66: (0, .190), 67: (.005, .175),
             48: (.050, .050), 60: (.050, .050), 49: (.025, -.004), 50: (0, -.008),
             61: (.005, -.005), 3: (0, .03), 4: (0, .07), 5: (.010, .12), 6: (.015, .15),
             7: (0, .17), 8: (0, .18)},
    # mouth stretch: a jaw drop carried further
    "AU27": {57: (0, .280), 58: (0, .270), 59: (.020, .175), 66: (0, .280), 67: (.005, .260),
             48: (.070, .080), 60: (.070, .080), 49: (.035, -.008), 50: (0, -.014),
             61: (.005, -.012), 3: (.005, .04), 4: (.010, .10), 5: (.020, .16), 6: (.020, .20),
             7: (0, .23), 8: (0, .24)},
}  # fmt: skip

MOVES = {unit: both_sides(moves) for unit, moves in _MOVES.items()}
"""Action unit -> (68, 2) displacement of the landmarks at full intensity."""

FELT = 0.015
"""What a landmark must be moved, at full intensity, for a unit to count as acting on it."""


def acting_elsewhere(units: Iterable[str], than: Iterable[str]) -> set[str]:
    """Return those units that leave alone every landmark that the others act on."""
    felt = {unit: np.abs(moves).max(1) > FELT for unit, moves in MOVES.items()}
    taken = np.any([felt[unit] for unit in than], axis=0)
    return {unit for unit in units if not (felt[unit] & taken).any()}


UPPER_LIP, LOWER_LIP = [61, 62, 63], [67, 66, 65]


def move(points: np.ndarray, units: dict[str, float], lopsided: float = 0.0) -> np.ndarray:
    """Return (68, 2) neutral landmarks moved by action units.

    Parameters
    ----------
    units : action unit -> intensity, 0 to 1.
    lopsided : share by which the left side of the picture moves more, the right side less.
    """
    side = 1 - lopsided * np.sign(points[:, :1])
    moved = points.copy()
    for unit, intensity in units.items():
        # Frontalis holds the brow against its lowerer: with AU1, AU4 mostly draws together.
        yields = 1 - 0.9 * units.get("AU1", 0.0) if unit == "AU4" else 1.0
        moved += side * intensity * MOVES[unit] * [1.0, yields]
    _press(moved, max(units.get("AU23", 0), units.get("AU24", 0)))
    return _keep_order(moved)


def _press(points: np.ndarray, strength: float) -> None:
    """Close the lips as far as they are tightened or pressed."""
    gap = points[LOWER_LIP, 1] - points[UPPER_LIP, 1]
    points[UPPER_LIP, 1] += 0.5 * strength * gap
    points[LOWER_LIP, 1] -= 0.5 * strength * gap


def _keep_order(points: np.ndarray) -> np.ndarray:
    """Return landmarks whose lips and lids do not pass through each other."""
    points = points.copy()
    for upper, lower, least in [
        (UPPER_LIP, LOWER_LIP, 0.0),
        ([37, 38, 43, 44], [41, 40, 47, 46], 0.028),
        ([50, 51, 52], UPPER_LIP, 0.022),
        (LOWER_LIP, [58, 57, 56], 0.03),
    ]:
        lack = np.maximum(0, points[upper, 1] + least - points[lower, 1])
        points[upper, 1] -= lack / 2
        points[lower, 1] += lack / 2
    return points
