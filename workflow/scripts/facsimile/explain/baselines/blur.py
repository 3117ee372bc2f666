"""The face itself, blurred: brightness stays where it was, and what tells expressions goes.

As in Fong and Vedaldi, ICCV 2017.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from facsimile.explain.baselines import Baseline
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class Blur(Baseline):
    """Hidden parts are those of the blurred face."""

    words = "blurred"

    width: float = option(
        "Standard deviation of the Gaussian, as a share of the face's width.", 0.08, gt=0, le=1
    )

    def image(self, face: np.ndarray, extras: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the face through a Gaussian; beyond its edges it goes on as it ends there."""
        from scipy.ndimage import gaussian_filter

        width = self.width * len(face)
        sigma = (width, width, 0)[: face.ndim]
        blurred = gaussian_filter(face.astype(np.float32), sigma, mode="nearest")
        return np.round(blurred).astype(np.uint8)
