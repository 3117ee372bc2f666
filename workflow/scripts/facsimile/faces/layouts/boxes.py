"""Where in its image the labelled face is, as tables say it in columns."""

import math
import re
from collections.abc import Mapping

from facsimile.faces.records import UnreadableImage

SIDE = "left|top|right|bottom|width|height|[xy][_ ]?(?:min|max|[0-9])|[xywh]|landmarks?"
PREFIX = "(?:(?:face|facial|bb|bbox|box|rect|roi|crop)[_ ]?)*"
BOX = re.compile(rf"{PREFIX}(?P<side>{SIDE})|bbox|box", re.I)
"""Columns that say where in an image the face is."""

NUMBERED = re.compile(r"[xy][_ ]?(\d+)$", re.I)

SIDES = {"x": "left", "xmin": "left", "y": "top", "ymin": "top", "xmax": "right", "ymax": "bottom",
         "w": "width", "h": "height"}  # fmt: skip
"""Other names of a box's sides."""

UNKNOWN = frozenset(("", "nan", "na", "n/a", "none", "null", "-"))

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels of the image."""


def box_of(cells: Mapping[str, object]) -> Box | None:
    """Return the box that a row's columns say, or None where they say none.

    Known are left and top (or x and y, x_min and y_min, x1 and y1) with right and bottom (x_max,
    x2) or width and height (w, h), with words such as ``face_`` before them. Other ways of saying
    where a face is are not read: of several faces, the largest is then taken.

    Raises
    ------
    UnreadableImage
        If a side is no number, or the box has no area.
    """
    numbers = {int(match[1]) for name in cells if (match := NUMBERED.search(name))}
    found = {
        _side(match["side"], numbers): str(text).strip()
        for name, text in cells.items()
        if (match := BOX.fullmatch(name)) and match["side"]
    }
    for far in (("right", "bottom"), ("width", "height")):
        sides = [found.get(side, "") for side in ("left", "top", *far)]
        if not any(side.casefold() in UNKNOWN for side in sides):
            return _box(sides, sized=far[0] == "width")
    return None


def _side(written: str, numbers: set[int]) -> str:
    """Return the side that a column means: of two numbered points, corners; of more, none."""
    side = re.sub("[_ ]", "", written.lower())
    if side[1:].isdigit():
        far = int(side[1:]) > min(numbers)
        corner = {"x": ("left", "right"), "y": ("top", "bottom")}[side[0]][far]
        return corner if numbers in ({0, 1}, {1, 2}) else side
    return SIDES.get(side, side)


def _box(sides: list[str], sized: bool) -> Box:
    try:
        left, top, right, bottom = map(float, sides)
    except ValueError:
        raise UnreadableImage("the sides of its box are no numbers") from None
    if sized:
        right, bottom = left + right, top + bottom
    if not (math.isfinite(left + top + right + bottom) and right > left and bottom > top):
        raise UnreadableImage("its box has no area")
    return left, top, right, bottom
