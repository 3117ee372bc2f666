"""Where expressions change a face, all expressions together."""

from typing import TYPE_CHECKING

from facsimile.atlas.rivals import Rival

if TYPE_CHECKING:
    import numpy as np


def draw(landmarks: "np.ndarray", motion: "np.ndarray") -> "np.ndarray":
    """Return how much faces differ from the same faces at rest, mean over all expressions."""
    return motion


MOTION = Rival(
    name="motion",
    words="where the study's faces differ from the same people's faces at rest, mean over all "
    "expressions; where such pictures are there",
    draw=draw,
    needs=("motion",),
)
