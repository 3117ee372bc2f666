"""LIME's surrogate: a weighted ridge regression, from sums over samples alone.

With z = (1, x), x the 0/1 row of a sample, w its weight and y the network's answers, everything
follows from the sums of w zz', w zy', w y² and w² zz'. So samples need not be kept, and parts add.
"""

from dataclasses import dataclass

import numpy as np

CONSTANT = 1e-12
"""Variance of an answer under which it counts as constant: what is left is rounding."""


@dataclass(frozen=True)
class Moments:
    """Sums over samples.

    ``gram`` and ``gram2`` (superpixels + 1, superpixels + 1) of w zz' and w² zz', ``cross``
    (superpixels + 1, 6) of w zy', ``square`` (6,) of w y², ``samples`` their number.
    """

    gram: np.ndarray
    gram2: np.ndarray
    cross: np.ndarray
    square: np.ndarray
    samples: int

    @classmethod
    def zero(cls, superpixels: int, answers: int = 6) -> "Moments":
        """Return the sums over no sample."""
        size = superpixels + 1
        none = np.zeros((size, size))
        return cls(none, none, np.zeros((size, answers)), np.zeros(answers), 0)

    @classmethod
    def of(cls, masks: np.ndarray, answers: np.ndarray, weights: np.ndarray) -> "Moments":
        """Return the sums over some samples.

        Parameters
        ----------
        masks : (samples, superpixels) of zeros and ones.
        answers : (samples, answers).
        weights : (samples,).
        """
        design = np.column_stack([np.ones(len(masks)), masks])
        weighted = design * weights[:, None]
        return cls(
            weighted.T @ design,
            weighted.T @ weighted,
            weighted.T @ answers,
            weights @ answers**2,
            len(masks),
        )

    def __add__(self, other: "Moments") -> "Moments":
        """Return the sums over both."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Moments(*(mine + others for mine, others in pairs))


@dataclass(frozen=True)
class Fit:
    """The surrogate of one face.

    ``coefficients`` and ``standard_error`` (superpixels, answers), ``intercept`` and ``r2``
    (answers,): the weighted share of variance explained, NaN where the answer never changes;
    ``effective_samples`` after Kish, (sum of w)² over sum of w²; ``samples`` how many there were.
    """

    coefficients: np.ndarray
    standard_error: np.ndarray
    intercept: np.ndarray
    r2: np.ndarray
    effective_samples: float
    samples: int


def proximity(masks: np.ndarray, kernel_width: float) -> np.ndarray:
    """Return the weight of each sample, sqrt(exp(-d² / width²)), d = cosine distance to all.

    The cosine of a 0/1 row with k of n ones to the row of ones is sqrt(k / n).
    """
    distance = 1 - np.sqrt(masks.mean(axis=1))
    return np.sqrt(np.exp(-(distance**2) / kernel_width**2))


def fit(moments: Moments, ridge: float) -> Fit:
    """Fit the ridge regression with an unpenalised intercept, for all answers at once.

    The standard error is that of weighted least squares with errors of one variance s², which the
    weights do not stand for: s² A⁻¹ (sum of w² xx') A⁻¹, with A = sum of w xx' + ridge, x centred.
    """
    total = moments.gram[0, 0]
    mean, answer_mean = moments.gram[0, 1:] / total, moments.cross[0] / total
    normal = moments.gram[1:, 1:] - total * np.outer(mean, mean)
    target = moments.cross[1:] - total * np.outer(mean, answer_mean)
    penalised = normal + ridge * np.eye(len(mean))
    coefficients = np.linalg.solve(penalised, target)
    variance = moments.square - total * answer_mean**2
    residual = variance - np.einsum("fa,fa->a", coefficients, 2 * target - normal @ coefficients)
    changes = variance > CONSTANT * total
    r2 = 1 - np.divide(residual, variance, out=np.full_like(variance, np.nan), where=changes)
    effective = total**2 / moments.gram2[0, 0]
    return Fit(
        coefficients,
        _standard_error(moments, mean, penalised, residual / total, effective),
        answer_mean - mean @ coefficients,
        r2,
        float(effective),
        moments.samples,
    )


def _standard_error(
    moments: Moments,
    mean: np.ndarray,
    penalised: np.ndarray,
    residual: np.ndarray,
    effective: float,
) -> np.ndarray:
    dof = effective - len(mean) - 1
    if dof <= 0:
        return np.full((len(mean), len(residual)), np.inf)
    gram2 = moments.gram2
    square = (
        gram2[1:, 1:]
        - np.outer(mean, gram2[0, 1:])
        - np.outer(gram2[0, 1:], mean)
        + gram2[0, 0] * np.outer(mean, mean)
    )
    spread = np.linalg.solve(penalised, np.linalg.solve(penalised, square).T)
    noise = np.maximum(residual, 0) * effective / dof
    return np.sqrt(np.outer(np.diag(spread), noise))
