"""The face itself, blurred: brightness stays where it was, and what tells expressions goes.

As in Fong and Vedaldi, ICCV 2017.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from facsimile.explain.baselines import Baseline

WIDTH = 18 / 224
"""Standard deviation of the Gaussian, as a share of the face's width."""


@dataclass(frozen=True)
class Blur(Baseline):
    """Hidden parts are those of the blurred face."""

    words = "blurred"

    def image(self, face: np.ndarray, extras: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the face through a Gaussian; beyond its edges it goes on as it ends there."""
        from scipy.ndimage import gaussian_filter

        blurred = gaussian_filter(face.astype(np.float32), WIDTH * len(face), mode="nearest")
        return np.round(blurred).astype(np.uint8)
