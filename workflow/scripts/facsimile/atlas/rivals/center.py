"""The middle of the frame."""

from typing import TYPE_CHECKING

from facsimile.atlas.rivals import Rival

if TYPE_CHECKING:
    import numpy as np


def draw(landmarks: "np.ndarray") -> "np.ndarray":
    """Return the Gaussian in the middle, whatever the landmarks."""
    import numpy as np

    from facsimile.atlas.canonical import HEIGHT, WIDTH

    down = np.arange(HEIGHT)[:, None] - (HEIGHT - 1) / 2
    across = np.arange(WIDTH) - (WIDTH - 1) / 2
    squares = (down / (HEIGHT / 4)) ** 2 + (across / (WIDTH / 4)) ** 2
    return np.exp(-squares / 2).astype(np.float32)


CENTER = Rival(
    name="center",
    words="a Gaussian in the middle of the frame, a quarter of its width and height wide (standard "
    "deviations)",
    draw=draw,
)
