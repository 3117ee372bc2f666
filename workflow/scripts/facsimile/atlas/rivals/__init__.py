"""Rivals, one a file: maps that know nothing of expressions, which a network must beat.

Found by name: add a file, and the study has one more.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facsimile.plugins import load, names

if TYPE_CHECKING:
    import numpy as np


LOOKS = ("average", "spread", "motion")
"""What a study's faces look like on the canonical face, (275, 224) float32 each: on average; by how
much they differ; by how much they differ from the same at rest."""


@dataclass(frozen=True, kw_only=True)
class Rival:
    """One rival.

    Attributes
    ----------
    name : that of its file.
    words : what it is.
    draw : gives the map, (275, 224), bool for a region or float32, from the canonical landmarks,
        (68, 2), and what it needs, in that order.
    needs : of ``LOOKS``: a study whose faces do not tell has no such rival.
    """

    name: str
    words: str
    draw: "Callable[..., np.ndarray]"
    needs: tuple[str, ...] = ()


def rivals() -> dict[str, Rival]:
    """Return all rivals by their names, in alphabetical order."""
    return {name: load(__name__, name, Rival, "rival") for name in names(__name__)}


def rivals_of(looks: Collection[str]) -> list[str]:
    """Return the names of the rivals that can be drawn where so much is known of ``LOOKS``."""
    return [name for name, rival in rivals().items() if set(rival.needs) <= set(looks)]
