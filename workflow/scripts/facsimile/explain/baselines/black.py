"""Black, as in the paper."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from facsimile.explain.baselines import Baseline


@dataclass(frozen=True, kw_only=True)
class Black(Baseline):
    """Hidden parts are black."""

    words = "blacked out"

    def image(self, face: np.ndarray, extras: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return a black picture."""
        return np.zeros_like(face)
