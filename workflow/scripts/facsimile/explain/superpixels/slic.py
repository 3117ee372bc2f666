"""SLIC (Achanta et al., PAMI 2012): follows edges of brightness. The paper's."""

from dataclasses import dataclass

import numpy as np

from facsimile.explain.superpixels import Superpixels, counted
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class Slic(Superpixels):
    """How finely a face is cut, and how evenly."""

    n_segments: int = option("Superpixels wanted; SLIC finds about as many.", 30, ge=2, le=4096)
    compactness: float = option("Weight of nearness over likeness of brightness.", 20.0, gt=0)

    def words(self) -> str:
        """Return how many, and by whom."""
        return f"some {self.n_segments} SLIC superpixels (Achanta et al. 2012)"

    def cut(self, face: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
        """Return the superpixels of one face; landmarks are not looked at."""
        from skimage.segmentation import slic

        # As colour, since compactness weighs against distances in CIELAB.
        colour = np.repeat(face[:, :, None], 3, axis=2)
        return counted(
            slic(colour, n_segments=self.n_segments, compactness=self.compactness, start_label=0)
        )
