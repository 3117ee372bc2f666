"""Agreement of a heatmap with a reference mask, after Otsu's threshold (IEEE SMC 1979)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from skimage.filters import threshold_otsu

SCORES = ("iou", "precision", "recall", "f1")

Cell = tuple[str, str, str]
"""Explainer, network, expression."""


@dataclass(frozen=True)
class Agreement:
    """Scores of one heatmap against one mask; ``value`` is NaN where ``reason`` says why."""

    value: dict[str, float]
    threshold: float
    reason: str = ""


def stretch(heatmap: np.ndarray) -> np.ndarray:
    """Return a map stretched from its minimum and maximum to 0..255, uint8."""
    low, high = heatmap.min(), heatmap.max()
    return np.round((heatmap - low) / (high - low) * 255).astype(np.uint8)


def agree(heatmap: np.ndarray, mask: np.ndarray) -> Agreement:
    """Score the part of a heatmap above Otsu's threshold against a mask.

    Parameters
    ----------
    heatmap : (275, 224) float; NaN if it is the mean of no face.
    mask : (275, 224) bool.

    Returns
    -------
    Intersection over union, precision, recall and F1, and the threshold on the 0..255 scale.
    """
    reason = _undefined(heatmap, mask)
    if reason:
        return Agreement(dict.fromkeys(SCORES, np.nan), np.nan, reason)
    stretched = stretch(heatmap)
    threshold = float(threshold_otsu(stretched))
    found = stretched > threshold
    both, area, wanted = (found & mask).sum(), found.sum(), mask.sum()
    value = {
        "iou": both / (area + wanted - both),
        "precision": both / area,
        "recall": both / wanted,
        "f1": 2 * both / (area + wanted),
    }
    return Agreement({name: float(number) for name, number in value.items()}, threshold)


def agreement_table(
    heatmaps: Mapping[Cell, np.ndarray],
    folds: Mapping[Cell, np.ndarray],
    faces: Mapping[Cell, int],
    masks: Mapping[tuple[str, str], np.ndarray],
) -> pd.DataFrame:
    """Score every heatmap against its expression's mask in every reference.

    Parameters
    ----------
    heatmaps : (explainer, network, expression) to (275, 224), pooled over all faces.
    folds : the same to (folds, 275, 224), each fold's own.
    faces : the same to the number of faces explained.
    masks : (reference, expression) to (275, 224) bool.

    Returns
    -------
    Rows of explainer, network, expression, reference, score, value, fold_mean, fold_std (sample
    standard deviation), folds (how many the mean is of), threshold, faces, reason.
    """
    rows = []
    for (explainer, network, expression), heatmap in heatmaps.items():
        cell = (explainer, network, expression)
        for (reference, drawn_for), mask in masks.items():
            if drawn_for != expression:
                continue
            names = {"explainer": explainer, "network": network, "expression": expression}
            for scores in _over_folds(heatmap, folds[cell], mask):
                rows.append({**names, "reference": reference, **scores, "faces": faces[cell]})
    table = pd.DataFrame(rows)
    return table[[*(column for column in table if column != "reason"), "reason"]]


def _over_folds(heatmap: np.ndarray, folds: np.ndarray, mask: np.ndarray) -> Iterator[dict]:
    """Yield one row a score; folds without a heatmap are left out of mean and spread."""
    pooled = agree(heatmap, mask)
    single = [fold for fold in (agree(fold, mask) for fold in folds) if not fold.reason]
    for score in SCORES:
        values = np.array([fold.value[score] for fold in single])
        yield {
            "score": score,
            "value": pooled.value[score],
            "fold_mean": values.mean() if len(values) else np.nan,
            "fold_std": values.std(ddof=1) if len(values) > 1 else np.nan,
            "folds": len(values),
            "threshold": pooled.threshold,
            "reason": pooled.reason,
        }


def _undefined(heatmap: np.ndarray, mask: np.ndarray) -> str:
    """Return why no score exists, or an empty string."""
    if np.isnan(heatmap).all():
        return "no face explained"
    if not np.isfinite(heatmap).all():
        return "heatmap with undefined pixels"
    if heatmap.max() == heatmap.min():
        return "constant heatmap"
    if not mask.any():
        return "empty mask"
    return ""
