"""Equal rectangles: follow nothing."""

from dataclasses import dataclass

import numpy as np

from facsimile.explain.superpixels import Superpixels
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class Grid(Superpixels):
    """How finely a face is cut."""

    n_segments: int = option("Rectangles wanted; there are about as many.", 30, ge=2, le=4096)

    def words(self) -> str:
        """Return about how many."""
        return f"about {self.n_segments} equal rectangles"

    def cut(self, face: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
        """Return the rectangles, counted row by row; face and landmarks are not looked at."""
        size = len(face)
        rows = max(1, round(np.sqrt(self.n_segments)))
        columns = max(1, round(self.n_segments / rows))
        place = np.arange(size)
        labels = (place * rows // size)[:, None] * columns + place * columns // size
        return labels.astype(np.uint16)
