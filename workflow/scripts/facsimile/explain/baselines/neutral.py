"""The same person's neutral picture, brought onto this face and lit as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from facsimile.explain.baselines import Baseline, load_baseline
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class Neutral(Baseline):
    """Hidden parts are those of the neutral picture."""

    NEEDS = ("neutral",)
    MAY_LACK = True
    words = "replaced by the same person's neutral face"

    otherwise: Literal["leave_out", "black", "blur", "grey"] = option(
        "What becomes of faces of whose person the corpus has no neutral picture: they are left "
        "out, or get another baseline.",
        "leave_out",
    )

    def image(self, face: np.ndarray, extras: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the neutral picture, or what stands for it."""
        if extras["neutral"].any():
            return extras["neutral"]
        return load_baseline(self.otherwise).image(face, extras)

    def covers(self, extras: Mapping[str, np.ndarray]) -> bool:
        """Return whether there is a neutral picture, or something that stands for it."""
        return self.otherwise != "leave_out" or bool(extras["neutral"].any())
