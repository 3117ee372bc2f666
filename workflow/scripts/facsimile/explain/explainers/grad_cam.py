"""Grad-CAM (Selvaraju et al., ICCV 2017), by captum, on the last features before the head.

The map is as coarse as those features: 7 x 7 where a trunk halves an image of 224 five times.
"""

from dataclasses import dataclass

from captum.attr import LayerGradCam

from facsimile.explain.attribution import Attribution, Question, reduced

OWN_DRAWS = False


@dataclass(frozen=True)
class Settings:
    """There is nothing to set."""


def explain(question: Question, settings: Settings) -> Attribution:
    """Explain the logit of one expression by the trunk's features."""
    forward, before = question.forward, question.forward.passes
    values = LayerGradCam(forward.logits, forward.network.trunk).attribute(
        question.pixels, target=question.answer, relu_attributions=True
    )
    return Attribution(samples=forward.passes - before, map=reduced(values[0, 0]))
