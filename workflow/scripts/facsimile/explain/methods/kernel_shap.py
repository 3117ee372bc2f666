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

        def answer(shown: torch.Tensor) -> torch.Tensor:
            return torch.from_numpy(target.predict_masked(shown.bool().numpy()))

        before, whole = target.predictor.passes, torch.ones(1, target.n_superpixels)
        coefficients = np.full((target.n_superpixels, len(EXPRESSIONS)), np.nan)
        # captum draws from PyTorch's global generator.
        torch.manual_seed(int(target.generator.integers(2**63)))
        values = CaptumKernelShap(answer).attribute(
            whole,
            baselines=torch.zeros_like(whole),
            target=target.target,
            n_samples=self.samples,
            perturbations_per_eval=min(target.predictor.batch_size, self.samples),
        )
        coefficients[:, target.target] = values.flatten().double().numpy()
        return Attribution(samples=target.predictor.passes - before, coefficients=coefficients)
