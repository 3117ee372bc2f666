"""LIME (Ribeiro, Singh & Guestrin, KDD 2016): which superpixels spoke for an answer.

Superpixels are kept or blacked out at random, the network answers, and a weighted ridge
regression of its probabilities on what was kept gives each superpixel a weight. Given the same
draws, coefficients and intercept are those of the package lime 0.2.0.1; here one pass answers for
all six expressions, and nothing that grows with the number of samples is held.
"""

from dataclasses import dataclass

import numpy as np

from facsimile.explain.attribution import Attribution, Question
from facsimile.explain.explainers.surrogate import Moments, fit, proximity

OWN_DRAWS = False

DRAWS = ("independent", "paired")

ROUND = 100
"""Samples between two looks at the stopping rule."""

BLOCK = 1000
"""Samples whose draws and answers are held together."""


@dataclass(frozen=True)
class Settings:
    """How LIME samples and fits.

    ``samples`` a face at most, the first of which is the whole face; ``kernel_width`` of the
    weights of samples; ``ridge`` the penalty; ``draws`` independent, or paired with their
    complements; ``tolerance`` the standard error of the explained expression's coefficients at
    which a face has had enough samples (0: never).
    """

    samples: int = 1000
    kernel_width: float = 0.25
    ridge: float = 1.0
    draws: str = "independent"
    tolerance: float = 0.0


def explain(question: Question, settings: Settings) -> Attribution:
    """Explain a network's six probabilities for one face.

    Raises
    ------
    UserError
        If the face is a single superpixel, or the network's answer is not a number.
    """
    count = question.pieces
    halves = [Moments.zero(count), Moments.zero(count)]
    step = ROUND if settings.tolerance else BLOCK
    for first in range(0, settings.samples, step):
        numbers = np.arange(first, min(first + step, settings.samples))
        kept = draw(count, numbers, settings.draws, question.generator)
        answers = question.answers(kept)
        weights = proximity(kept, settings.kernel_width)
        for half in (0, 1):
            here = half_of(numbers) == half
            halves[half] += Moments.of(kept[here], answers[here], weights[here])
        if settings.tolerance and numbers[-1] + 1 < settings.samples:
            error = fit(halves[0] + halves[1], settings.ridge).standard_error[:, question.answer]
            if error.max() < settings.tolerance:
                break
    return attribute(halves, settings.ridge)


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


def draw(
    superpixels: int, numbers: np.ndarray, draws: str, generator: np.random.Generator
) -> np.ndarray:
    """Return which superpixels some samples keep, (len(numbers), superpixels) bool.

    Asked for successive samples, a generator goes on where it stood, whatever the sizes asked
    for, as long as each begins with an even number.

    Parameters
    ----------
    numbers : successive numbers of samples; number 0 keeps all.
    draws : ``independent``, or ``paired``: each odd number is the complement of the one before
        it (antithetic draws), but for number 1, whose partner would be the blank face.
    """
    if draws == "independent":
        kept = generator.random((len(numbers), superpixels)) < 0.5
    else:
        drawn = generator.random((-(-len(numbers) // 2), superpixels)) < 0.5
        kept = np.stack([drawn, ~drawn], axis=1).reshape(-1, superpixels)[: len(numbers)]
    kept[numbers == 0] = True
    return kept


def half_of(numbers: np.ndarray) -> np.ndarray:
    """Return in which half of the samples some are, 0 or 1; the two of a pair stay together."""
    return numbers // 2 % 2
