"""Where the average face has edges."""

from typing import TYPE_CHECKING

from facsimile.atlas.rivals import Rival

if TYPE_CHECKING:
    import numpy as np


def draw(landmarks: "np.ndarray", average: "np.ndarray") -> "np.ndarray":
    """Return the magnitude of Sobel's gradient of the average face."""
    import numpy as np
    from skimage.filters import sobel

    return sobel(average).astype(np.float32)


EDGES = Rival(
    name="edges",
    words="the edges of the study's average face: magnitude of Sobel's gradient",
    draw=draw,
    needs=("average",),
)
