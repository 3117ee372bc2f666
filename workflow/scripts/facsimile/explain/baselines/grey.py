"""The mean grey of the face, which is nearer to what a network has met than black is."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from facsimile.explain.baselines import Baseline


@dataclass(frozen=True, kw_only=True)
class Grey(Baseline):
    """Hidden parts have the mean grey of the face."""

    words = "covered by the face's mean grey"

    def image(self, face: np.ndarray, extras: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return a picture of one grey: the rounded mean of the whole face."""
        return np.full_like(face, np.round(face.mean()))
