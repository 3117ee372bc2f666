"""Specificity: does a heatmap fit its own expression's reference better than the others'?

If it does not, the labels of the references can be exchanged: all orders of the expressions are
tried, and p is the share of orders that fit at least as well as the true one.
"""

from itertools import permutations

import numpy as np
from scipy.stats import false_discovery_control

from facsimile.measure.scores import SIGN


def contrast(scores: np.ndarray) -> np.ndarray:
    """Return own less the mean of the others, for each heatmap.

    Parameters
    ----------
    scores : (..., expressions, expressions), heatmaps down and references across.

    Returns
    -------
    (..., expressions).
    """
    own = np.diagonal(scores, axis1=-2, axis2=-1)
    return own - (scores.sum(axis=-1) - own) / (scores.shape[-1] - 1)


def permute_labels(scores: np.ndarray, score: str) -> tuple[float, float]:
    """Return the mean score when labels are exchanged at random, and p.

    Parameters
    ----------
    scores : (expressions, expressions), heatmaps down and references across; three or more.
    score : its name.
    """
    count = len(scores)
    orders = np.array(list(permutations(range(count))))
    means = scores[np.arange(count), orders].mean(axis=1)
    # The first order is the true one; equal means may differ in their last digits.
    return float(means.mean()), float(np.mean(SIGN[score] * (means - means[0]) >= -1e-9))


def false_discovery(p: np.ndarray) -> np.ndarray:
    """Return q after Benjamini and Hochberg (1995) over all p that are defined."""
    q, defined = np.full(len(p), np.nan), np.isfinite(p)
    if defined.any():
        q[defined] = false_discovery_control(p[defined])
    return q
