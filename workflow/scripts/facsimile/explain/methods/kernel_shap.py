"""Kernel SHAP (Lundberg & Lee, NeurIPS 2017), by captum: Shapley values of superpixels.

A superpixel's value is its mean contribution to the probability over all orders in which the
superpixels may come in, from the baseline to the face.
"""

from dataclasses import dataclass

import numpy as np

from facsimile import EXPRESSIONS
from facsimile.explain.attribution import Attribution
from facsimile.explain.methods import Method
from facsimile.explain.target import Target
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class KernelShap(Method):
    """How many samples kernel SHAP takes."""

    USES_SUPERPIXELS = True
    USES_BASELINE = True

    samples: int = option("Perturbed images a face.", 1000, ge=2)

    def sentence(self, superpixels: str, baseline: str) -> str:
        """Say whose values, from how many samples, and what is seen of those left out."""
        return (
            f"kernel SHAP (Lundberg and Lee 2017): Shapley values of {superpixels}, from "
            f"{self.samples} samples a face; those that a sample leaves out are {baseline}. Shown "
            "are the positive ones"
        )

    def explain(self, target: Target) -> Attribution:
        """Explain the probability of one expression by superpixels."""
        import torch
        from captum.attr import KernelShap as CaptumKernelShap

        predictor, before = target.predictor, target.predictor.passes
        coefficients = np.full((target.n_superpixels, len(EXPRESSIONS)), np.nan)
        # captum draws from PyTorch's global generator.
        torch.manual_seed(int(target.generator.integers(2**63)))
        with torch.inference_mode():
            values = CaptumKernelShap(predictor.probabilities).attribute(
                target.pixels,
                baselines=target.baseline_pixels,
                target=target.target,
                feature_mask=target.labels[None, None],
                n_samples=self.samples,
                perturbations_per_eval=min(predictor.batch_size, self.samples),
                return_input_shape=False,
            )
        coefficients[:, target.target] = values.flatten().double().cpu().numpy()
        return Attribution(samples=predictor.passes - before, coefficients=coefficients)
