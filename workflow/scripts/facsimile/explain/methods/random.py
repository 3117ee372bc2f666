"""A control: weights drawn at random, which know nothing of network or face.

What its heatmaps reach is reached by chance.
"""

from dataclasses import dataclass

from facsimile import EXPRESSIONS
from facsimile.explain.attribution import Attribution
from facsimile.explain.methods import Method
from facsimile.explain.target import Target


@dataclass(frozen=True, kw_only=True)
class Random(Method):
    """There is nothing to set."""

    USES_SUPERPIXELS = True
    OWN_DRAWS = True

    def sentence(self, superpixels: str, baseline: str) -> str:
        """Say that it knows nothing."""
        return (
            f"weights of {superpixels} drawn at random: a control, which knows nothing of network "
            "or face. What it reaches is reached by chance"
        )

    def explain(self, target: Target) -> Attribution:
        """Return standard normal weights of the superpixels, the same for no two networks."""
        weights = target.generator.standard_normal((target.n_superpixels, len(EXPRESSIONS)))
        return Attribution(samples=0, coefficients=weights)
