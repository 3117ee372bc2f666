"""The whole face."""

from typing import TYPE_CHECKING

from facsimile.atlas.rivals import Rival

if TYPE_CHECKING:
    import numpy as np


def draw(landmarks: "np.ndarray") -> "np.ndarray":
    """Return the region inside the jaw and below the jaw's ends moved to the top edge."""
    import numpy as np
    from skimage.draw import polygon

    from facsimile.atlas.canonical import HEIGHT, JAW_POINTS, WIDTH, with_helpers

    points = with_helpers(landmarks, WIDTH, HEIGHT)
    ends = points[[68 + JAW_POINTS - 1, 68]]
    columns, rows = np.vstack([points[:JAW_POINTS], ends]).T
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[polygon(rows, columns, mask.shape)] = True
    return mask


FACE = Rival(name="face", words="the outline of the face: jaw and top edge", draw=draw)
