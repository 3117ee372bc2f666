"""Integrated gradients (Sundararajan, Taly & Yan, ICML 2017), by captum, from the baseline."""

from dataclasses import dataclass

from facsimile.explain.attribution import Attribution, reduced
from facsimile.explain.methods import Method
from facsimile.explain.target import Target
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class IntegratedGradients(Method):
    """How finely the way from the baseline to the face is cut."""

    USES_BASELINE = True
    USES_GRADIENTS = True

    steps: int = option("Steps of the integral (Gauss-Legendre).", 50, ge=2)

    def sentence(self, superpixels: str, baseline: str) -> str:
        """Say where the way begins and what is shown."""
        return (
            "integrated gradients (Sundararajan et al. 2017): gradients of the probability, summed "
            f"up on the way to the face from a picture in which all of it is {baseline}. Shown are "
            "the positive ones"
        )

    def explain(self, target: Target) -> Attribution:
        """Explain the probability of one expression: each pixel's share of its rise."""
        from captum.attr import IntegratedGradients as CaptumIntegratedGradients

        predictor, before = target.predictor, target.predictor.passes
        values = CaptumIntegratedGradients(predictor.probabilities).attribute(
            target.pixels,
            baselines=target.baseline_pixels,
            target=target.target,
            n_steps=self.steps,
            internal_batch_size=predictor.batch_size,
        )
        return Attribution(samples=predictor.passes - before, map=reduced(values[0]))
