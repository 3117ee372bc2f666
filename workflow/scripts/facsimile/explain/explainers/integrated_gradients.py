"""Integrated gradients (Sundararajan, Taly & Yan, ICML 2017), by captum, from the black image."""

from dataclasses import dataclass

from captum.attr import IntegratedGradients

from facsimile.explain.attribution import Attribution, Question, reduced

OWN_DRAWS = False


@dataclass(frozen=True)
class Settings:
    """``steps`` of the integral (Gauss-Legendre)."""

    steps: int = 50


def explain(question: Question, settings: Settings) -> Attribution:
    """Explain the probability of one expression: each pixel's share of its rise from black."""
    forward, before = question.forward, question.forward.passes
    values = IntegratedGradients(forward.probabilities).attribute(
        question.pixels,
        target=question.answer,
        n_steps=settings.steps,
        internal_batch_size=forward.batch,
    )
    return Attribution(samples=forward.passes - before, map=reduced(values[0, 0]))
