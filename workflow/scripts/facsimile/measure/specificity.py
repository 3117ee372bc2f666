"""Specificity: does a heatmap fit its own expression's reference better than the others'?

If it does not, the labels of the references can be exchanged: all orders of the expressions are
tried, and p is the share of orders that fit at least as well as the true one.
"""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from facsimile.measure.scores import scores


def contrast(table: np.ndarray) -> np.ndarray:
    """Return own less the mean of the others, for each heatmap.

    Parameters
    ----------
    table : a score, (..., expressions, expressions), heatmaps down and references across.

    Returns
    -------
    (..., expressions).
    """
    own = np.diagonal(table, axis1=-2, axis2=-1)
    return own - (table.sum(axis=-1) - own) / (table.shape[-1] - 1)


def permute_labels(table: np.ndarray, score: str) -> tuple[float, float]:
    """Return the mean score when labels are exchanged at random, and p.

    Parameters
    ----------
    table : a score, (expressions, expressions), heatmaps down and references across; three or more.
    score : its name.
    """
    count = len(table)
    orders = np.array(list(permutations(range(count))))
    means = table[np.arange(count), orders].mean(axis=1)
    sign = scores()[score].sign
    # The first order is the true one; equal means may differ in their last digits.
    return float(means.mean()), float(np.mean(sign * (means - means[0]) >= -1e-9))


def false_discovery(table: pd.DataFrame, families: Sequence[str]) -> pd.Series:
    """Return q after Benjamini and Hochberg (1995), among the rows that share their families.

    Parameters
    ----------
    table : with a column p, NaN where there is none.
    families : columns; rows that agree in all of them are tested together.
    """

    def adjust(p: pd.Series) -> pd.Series:
        known = p.dropna()
        if known.empty:
            return p
        return pd.Series(false_discovery_control(known), known.index).reindex(p.index)

    return table.groupby(list(families), sort=False)["p"].transform(adjust).astype(float)
