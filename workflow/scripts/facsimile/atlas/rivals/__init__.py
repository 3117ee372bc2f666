"""Rivals, one a file: maps that know nothing of expressions, which a network must beat.

Found by name: add a file, and the study has one more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facsimile.plugins import load, names

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, kw_only=True)
class Rival:
    """One rival.

    Attributes
    ----------
    name : that of its file.
    words : what it is.
    draw : gives the map, (275, 224), bool for a region or float32, from the canonical landmarks,
        (68, 2).
    """

    name: str
    words: str
    draw: "Callable[[np.ndarray], np.ndarray]"


def rivals() -> dict[str, Rival]:
    """Return all rivals by their names, in alphabetical order."""
    return {name: load(__name__, name, Rival, "rival") for name in names(__name__)}
