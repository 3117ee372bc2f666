"""Kernel SHAP (Lundberg & Lee, NeurIPS 2017), by captum: Shapley values of superpixels.

A superpixel's value is its mean contribution to the probability over all orders in which the
superpixels may come in, from the black image to the face.
"""

from dataclasses import dataclass

import numpy as np
import torch
from captum.attr import KernelShap

from facsimile.explain.attribution import Attribution, Question

OWN_DRAWS = False


@dataclass(frozen=True)
class Settings:
    """``samples`` a face."""

    samples: int = 1000


@torch.inference_mode()
def explain(question: Question, settings: Settings) -> Attribution:
    """Explain the probability of one expression by superpixels."""
    forward, before = question.forward, question.forward.passes
    coefficients = np.full((question.pieces, 6), np.nan)
    # captum draws from PyTorch's global generator.
    torch.manual_seed(int(question.generator.integers(2**63)))
    values = KernelShap(forward.probabilities).attribute(
        question.pixels,
        target=question.answer,
        feature_mask=question.labels[None, None],
        n_samples=settings.samples,
        perturbations_per_eval=min(forward.batch, settings.samples),
        return_input_shape=False,
    )
    coefficients[:, question.answer] = values.flatten().double().cpu().numpy()
    return Attribution(samples=forward.passes - before, coefficients=coefficients)
