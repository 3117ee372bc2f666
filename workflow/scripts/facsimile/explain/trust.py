"""How far explanations can be trusted: does the surrogate fit, would other samples say the same?"""

import logging

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.explain.explanations import Explanations

log = logging.getLogger(__name__)

POOR_FIT = 0.5
"""Share of variance explained under which a surrogate does not describe its network."""

SCORES = ("r2", "split_half", "standard_error", "effective_samples", "samples")


def face_scores(explanations: Explanations, expression: str) -> pd.DataFrame:
    """Return a row a face: id, fold, and ``SCORES`` for the explained expression.

    ``r2`` is the weighted share of the answer's variance that the surrogate explains;
    ``split_half`` Pearson's correlation between the coefficients from either half of the samples;
    ``standard_error`` of the coefficients, as the root of its mean square over superpixels and
    over the standard deviation of the coefficients: noise over signal; ``effective_samples`` after
    Kish; ``samples`` the passes through the network.
    """
    target = EXPRESSIONS.index(expression)
    noise = np.full(len(explanations.id), np.nan)
    if explanations.standard_error.size:
        for row, count in enumerate(explanations.superpixels):
            weights = explanations.coefficients[row, :count, target]
            error = explanations.standard_error[row, :count, target]
            if weights.std() > 0:
                noise[row] = np.sqrt((error**2).mean()) / weights.std()
    return pd.DataFrame(
        {
            "id": explanations.id,
            "fold": explanations.fold,
            "r2": explanations.r2[:, target],
            "split_half": explanations.split_half[:, target],
            "standard_error": noise,
            "effective_samples": explanations.effective_samples,
            "samples": explanations.samples,
        }
    )


def summary(scores: pd.DataFrame) -> dict[str, float]:
    """Return medians over faces, quartiles of r2 and split_half, and the share of poor fits."""
    row = {"faces": len(scores), **scores[list(SCORES)].median()}
    for name in ("r2", "split_half"):
        row |= {f"{name}_low": scores[name].quantile(0.25)}
        row |= {f"{name}_high": scores[name].quantile(0.75)}
    known = scores["r2"].dropna()
    row["poor_fit"] = (known < POOR_FIT).mean() if len(known) else np.nan
    return row


def warn(explanations: Explanations, expression: str) -> None:
    """Say in the log where the surrogate fits poorly, or the answer never changes."""
    scores = face_scores(explanations, expression)
    poor = scores[scores["r2"] < POOR_FIT]
    if len(poor):
        worst = poor.iloc[int(poor["r2"].argmin())]
        log.warning(
            "poor fit: of %d faces, %d have a surrogate with R² under %.1f; the worst is %s, %.2f",
            len(scores), len(poor), POOR_FIT, worst["id"], worst["r2"],
        )  # fmt: skip
    flat = np.isfinite(explanations.effective_samples) & scores["r2"].isna()
    if flat.any():
        log.warning("for %d of %d faces the answer never changes", flat.sum(), len(scores))
