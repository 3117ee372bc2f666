"""Where aligned faces differ, people and expressions together."""

from typing import TYPE_CHECKING

from facsimile.atlas.rivals import Rival

if TYPE_CHECKING:
    import numpy as np


def draw(landmarks: "np.ndarray", spread: "np.ndarray") -> "np.ndarray":
    """Return how much the study's faces differ, pixel by pixel."""
    return spread


VARIANCE = Rival(
    name="variance",
    words="where the study's faces differ on the canonical face: the standard deviation of each "
    "pixel over people and expressions",
    draw=draw,
    needs=("spread",),
)
