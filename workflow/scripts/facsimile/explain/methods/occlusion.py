"""Occlusion (Zeiler & Fergus, ECCV 2014), by captum: what a hidden square takes from the answer."""

from dataclasses import dataclass

from facsimile.explain.attribution import Attribution, reduced
from facsimile.explain.methods import Method
from facsimile.explain.target import Target
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class Occlusion(Method):
    """The square that slides over the face."""

    USES_BASELINE = True

    window: float = option("Side of the square, as a share of the face's width.", 0.2, gt=0, le=1)
    stride: float = option("Step of the square, as a share of the face's width.", 0.1, gt=0, le=1)

    def sentence(self, superpixels: str, baseline: str) -> str:
        """Say what is hidden and what is measured."""
        return (
            "occlusion (Zeiler and Fergus 2014): what it takes from the probability if a square, "
            f"sliding over the face, is {baseline}. Shown are the losses"
        )

    def explain(self, target: Target) -> Attribution:
        """Explain the probability of one expression: its mean loss over the squares on a pixel."""
        import torch
        from captum.attr import Occlusion as CaptumOcclusion

        predictor, before = target.predictor, target.predictor.passes
        size, channels = len(target.face), target.pixels.shape[1]
        window, stride = (max(1, round(part * size)) for part in (self.window, self.stride))
        with torch.inference_mode():
            values = CaptumOcclusion(predictor.probabilities).attribute(
                target.pixels,
                sliding_window_shapes=(channels, window, window),
                strides=(channels, min(stride, window), min(stride, window)),
                baselines=target.baseline_pixels,
                target=target.target,
                perturbations_per_eval=predictor.batch_size,
            )
        return Attribution(samples=predictor.passes - before, map=reduced(values[0]))
