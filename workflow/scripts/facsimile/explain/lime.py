"""LIME (Ribeiro, Singh & Guestrin, KDD 2016): which superpixels spoke for an answer.

Superpixels are kept or blacked out at random, the network answers, and a weighted ridge
regression of its probabilities on what was kept gives each superpixel a weight. Settings and
results are those of the package lime 0.2.0.1; here one pass answers for all six expressions.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from facsimile.errors import UserError
from facsimile.networks.architectures import to_pixels


@dataclass(frozen=True)
class Settings:
    """How LIME samples and fits.

    ``samples`` a face, the first of which is the whole face; ``kernel_width`` of the weights of
    samples; ``ridge`` the penalty; ``batch`` images that the network sees together.
    """

    samples: int = 1000
    kernel_width: float = 0.25
    ridge: float = 1.0
    batch: int = 16


@dataclass(frozen=True)
class Surrogate:
    """The fitted linear model of one face.

    ``coefficients`` (superpixels, 6), ``intercept`` (6,) and ``r2`` (6,), the weighted share of
    variance that it explains (NaN where the network's answer never changes).
    """

    coefficients: np.ndarray
    intercept: np.ndarray
    r2: np.ndarray


def explain(
    network: nn.Module,
    face: np.ndarray,
    superpixels: np.ndarray,
    settings: Settings,
    generator: np.random.Generator,
    device: str = "cpu",
) -> Surrogate:
    """Explain a network's six probabilities for one face.

    Parameters
    ----------
    network : takes pixels in [0, 1], (n, 1, size, size); returns logits (n, 6).
    face : (size, size) uint8 grey, at the network's input size.
    superpixels : (size, size) labels counted from zero.
    generator : of the draws.

    Raises
    ------
    UserError
        If the face is a single superpixel, or the network's answer is not a number.
    """
    count = int(superpixels.max()) + 1
    if count < 2:
        raise UserError("The face is a single superpixel: raise superpixels: n_segments.")
    kept = draw_samples(count, settings.samples, generator)
    answers = respond(network, face, superpixels, kept, settings.batch, device)
    if not np.isfinite(answers).all():
        raise UserError("The network's answer is not a number: train it with a lower rate.")
    return fit(kept, answers, proximity(kept, settings.kernel_width), settings.ridge)


def draw_samples(superpixels: int, samples: int, generator: np.random.Generator) -> np.ndarray:
    """Return which superpixels each sample keeps, (samples, superpixels) bool; first: all."""
    kept = generator.random((samples, superpixels)) < 0.5
    kept[0] = True
    return kept


@torch.inference_mode()
def respond(
    network: nn.Module,
    face: np.ndarray,
    superpixels: np.ndarray,
    kept: np.ndarray,
    batch: int,
    device: str,
) -> np.ndarray:
    """Return the network's probabilities for samples of a face, (samples, 6) float64.

    Hidden superpixels are black in pixel space, before any normalisation.
    """
    pixels = to_pixels(face[None], device)
    labels = torch.from_numpy(superpixels.astype(np.int64)).to(device)
    answers = []
    for part in torch.from_numpy(kept).to(device).split(batch):
        samples = pixels * part[:, labels].unsqueeze(1)
        answers.append(network(samples).softmax(dim=1))
    return torch.cat(answers).double().cpu().numpy()


def proximity(kept: np.ndarray, kernel_width: float) -> np.ndarray:
    """Return the weight of each sample, sqrt(exp(-d^2 / width^2)), d = cosine distance to all.

    The cosine of a 0/1 row with k of n ones to the row of ones is sqrt(k / n).
    """
    distance = 1 - np.sqrt(kept.mean(axis=1))
    return np.sqrt(np.exp(-(distance**2) / kernel_width**2))


def fit(kept: np.ndarray, answers: np.ndarray, weights: np.ndarray, ridge: float) -> Surrogate:
    """Fit the weighted ridge regression with an unpenalised intercept, for all answers at once.

    Parameters
    ----------
    kept : (samples, superpixels) of zeros and ones.
    answers : (samples, answers).
    weights : (samples,) of the samples.
    """
    design = kept.astype(np.float64)
    share = weights / weights.sum()
    design_mean, answer_mean = share @ design, share @ answers
    centred, target = design - design_mean, answers - answer_mean
    weighted = centred * weights[:, None]
    normal = weighted.T @ centred + ridge * np.eye(design.shape[1])
    coefficients = np.linalg.solve(normal, weighted.T @ target)
    residual = weights @ (target - centred @ coefficients) ** 2
    total = weights @ target**2
    r2 = 1 - np.divide(residual, total, out=np.full_like(total, np.nan), where=total > 1e-20)
    return Surrogate(coefficients, answer_mean - design_mean @ coefficients, r2)
