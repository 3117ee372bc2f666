"""The same face at rest, known of drawn faces alone: only what was planted goes with a part."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from facsimile.explain.baselines import Baseline


@dataclass(frozen=True, kw_only=True)
class Neutralised(Baseline):
    """Hidden parts are those of the same face without its units."""

    NEEDS = ("neutralised",)
    words = "replaced by the same face at rest, without its units"

    def image(self, face: np.ndarray, extras: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the face at rest."""
        return extras["neutralised"]
