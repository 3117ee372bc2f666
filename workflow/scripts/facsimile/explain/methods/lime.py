"""LIME (Ribeiro, Singh & Guestrin, KDD 2016): which superpixels spoke for an answer.

Superpixels are shown or hidden at random, the network answers, and a weighted ridge regression of
its probabilities on what was shown gives each superpixel a weight. Given the same draws,
coefficients and intercept are those of the package lime 0.2.0.1; here one pass answers for all six
expressions, and nothing that grows with the number of samples is held.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from facsimile.explain.attribution import Attribution
from facsimile.explain.methods import Method
from facsimile.explain.surrogate.ridge import Moments, fit, proximity
from facsimile.explain.surrogate.sampling import draws, half_of
from facsimile.explain.target import Target
from facsimile.options import option

ROUND = 100
"""Samples between two looks at the stopping rule."""

BLOCK = 1000
"""Samples whose draws and answers are held together."""


@dataclass(frozen=True, kw_only=True)
class Lime(Method):
    """How LIME samples and fits."""

    USES_SUPERPIXELS = True
    USES_BASELINE = True
    AFTER = ("contrast",)

    samples: int = option("Perturbed images a face; the first is the whole face.", 1000, ge=2)
    kernel_width: float = option(
        "Width of the kernel that weighs samples by their cosine distance to the face.", 0.25, gt=0
    )
    ridge: float = option("Penalty of the ridge regression.", 1.0, gt=0)
    sampling: Literal["independent", "paired", "stratified", "orthogonal", "sobol"] = option(
        "How the samples of a face complement each other. independent: not at all, as in the "
        "study; paired: each is followed by its complement; stratified: they show as many "
        "superpixels as chance would, spread evenly; orthogonal: by arrays in which any three "
        "superpixels are shown together equally often; sobol: by scrambled Sobol points. "
        "docs/explainers.md says what each saves.",
        "independent",
    )
    tolerance: float = option(
        "Stop sampling a face when the largest standard error of the explained expression's "
        "coefficients is under this; 0 is never.",
        0.0,
        ge=0,
    )
    contrast: bool = option(
        "Show by how much a superpixel's coefficient is above the largest of the other five "
        "expressions'. Read from the same explanations, at no further cost.",
        False,
    )

    def sentence(self, superpixels: str, baseline: str) -> str:
        """Say how much is hidden, by what, and what of the coefficients is shown."""
        shown = (
            "by how much a superpixel's coefficient is above the largest of the other five "
            "expressions'"
            if self.contrast
            else "the positive coefficients, painted on their superpixels"
        )
        verb = "is" if self.contrast else "are"
        return (
            f"LIME (Ribeiro et al. 2016): {self.samples} samples a face, in each of which about "
            f"half of {superpixels} are {baseline}. Shown {verb} {shown}"
        )

    def explain(self, target: Target) -> Attribution:
        """Explain a network's six probabilities for one face.

        Raises
        ------
        UserError
            If the face is a single superpixel, or the network's answer is not a number.
        """
        count = target.n_superpixels
        halves = [Moments.zero(count), Moments.zero(count)]
        step = ROUND if self.tolerance else BLOCK
        draw = draws(count, self.samples, self.sampling, target.generator)
        for first in range(0, self.samples, step):
            numbers = np.arange(first, min(first + step, self.samples))
            masks = draw(numbers)
            answers = target.predict_masked(masks)
            weights = proximity(masks, self.kernel_width)
            for half in (0, 1):
                here = half_of(numbers) == half
                halves[half] += Moments.of(masks[here], answers[here], weights[here])
            if self.tolerance and numbers[-1] + 1 < self.samples:
                error = fit(halves[0] + halves[1], self.ridge).standard_error[:, target.target]
                if error.max() < self.tolerance:
                    break
        return attribute(halves, self.ridge)


def attribute(halves: list[Moments], ridge: float) -> Attribution:
    """Return the fit on all samples, with the correlation between the fits on either half."""
    whole, *parts = (fit(moments, ridge) for moments in (halves[0] + halves[1], *halves))
    first, second = (part.coefficients - part.coefficients.mean(axis=0) for part in parts)
    norm = np.linalg.norm(first, axis=0) * np.linalg.norm(second, axis=0)
    split_half = np.divide(
        (first * second).sum(axis=0), norm, out=np.full_like(norm, np.nan), where=norm > 0
    )
    return Attribution(
        coefficients=whole.coefficients,
        intercept=whole.intercept,
        r2=whole.r2,
        standard_error=whole.standard_error,
        split_half=split_half,
        effective_samples=whole.effective_samples,
        samples=whole.samples,
    )
