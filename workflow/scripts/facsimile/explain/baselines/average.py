"""The average face of the study, brought onto this face and lit as it is."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from facsimile.explain.baselines import Baseline


@dataclass(frozen=True, kw_only=True)
class Average(Baseline):
    """Hidden parts are those of the average face."""

    NEEDS = ("average",)
    words = "replaced by the average face"

    def image(self, face: np.ndarray, extras: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the average face."""
        return extras["average"]
