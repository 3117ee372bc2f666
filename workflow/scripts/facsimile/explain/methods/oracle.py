"""What an explainer that knew everything could say with one weight a superpixel.

Each superpixel weighs the mean of what was planted there. Of all maps with one weight a superpixel
that is the nearest to the truth in the sense of least squares, so that what an explanation falls
short of it is not the superpixels' doing.
"""

from dataclasses import dataclass

import numpy as np

from facsimile import EXPRESSIONS
from facsimile.explain.attribution import Attribution
from facsimile.explain.methods import Method
from facsimile.explain.target import Target


@dataclass(frozen=True, kw_only=True)
class Oracle(Method):
    """There is nothing to set. It needs faces of which it is known where the evidence lies."""

    USES_SUPERPIXELS = True
    NEEDS = ("evidence",)

    def sentence(self, superpixels: str, baseline: str) -> str:
        """Say that it asks no network."""
        return (
            "the planted evidence itself, as the mean change of grey levels in each of "
            f"{superpixels}: it asks no network, and no map with one weight a superpixel is nearer "
            "to the truth"
        )

    def explain(self, target: Target) -> Attribution:
        """Weigh each superpixel by the mean of the evidence on it, for all six expressions."""
        from PIL import Image

        whole = Image.fromarray(target.extras["evidence"].astype(np.float32))
        labels = target.superpixels
        small = np.asarray(whole.resize(labels.shape[::-1], Image.Resampling.BOX))
        counts = np.bincount(labels.ravel())
        means = np.bincount(labels.ravel(), small.ravel()) / counts
        return Attribution(
            samples=0, coefficients=np.repeat(means[:, None], len(EXPRESSIONS), axis=1)
        )
