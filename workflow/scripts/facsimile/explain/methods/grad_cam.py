"""Grad-CAM (Selvaraju et al., ICCV 2017), by captum, on the last features before the head.

The map is as coarse as those features: 7 x 7 where a backbone halves an image of 224 five times.
"""

from dataclasses import dataclass

from facsimile.explain.attribution import Attribution, reduced
from facsimile.explain.methods import Method
from facsimile.explain.target import Target


@dataclass(frozen=True, kw_only=True)
class GradCam(Method):
    """There is nothing to set."""

    USES_GRADIENTS = True

    def sentence(self, superpixels: str, baseline: str) -> str:
        """Say where it looks."""
        return (
            "Grad-CAM (Selvaraju et al. 2017) on the last features before the head, which are as "
            "coarse as the maps"
        )

    def explain(self, target: Target) -> Attribution:
        """Explain the logit of one expression by the backbone's features."""
        from captum.attr import LayerGradCam

        from facsimile.networks.network import last_features

        predictor, before = target.predictor, target.predictor.passes
        layer = last_features(predictor.network, target.pixels)
        values = LayerGradCam(predictor.logits, layer).attribute(
            target.pixels, target=target.target, relu_attributions=True
        )
        return Attribution(samples=predictor.passes - before, map=reduced(values[0]))
