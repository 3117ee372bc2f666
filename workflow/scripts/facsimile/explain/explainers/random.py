"""A control: weights drawn at random, which know nothing of network or face.

What its heatmaps reach is reached by chance.
"""

from dataclasses import dataclass

from facsimile.explain.attribution import Attribution, Question

OWN_DRAWS = True


@dataclass(frozen=True)
class Settings:
    """There is nothing to set."""


def explain(question: Question, settings: Settings) -> Attribution:
    """Return standard normal weights of the superpixels, the same for no two networks."""
    weights = question.generator.standard_normal((question.pieces, 6))
    return Attribution(samples=0, coefficients=weights)
