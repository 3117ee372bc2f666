"""Agreement of a heatmap with a reference mask, after Otsu's threshold (IEEE SMC 1979)."""

from dataclasses import dataclass

import numpy as np
from skimage.filters import threshold_otsu

SCORES = ("iou", "precision", "recall", "f1")


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


def agree_over_folds(heatmap: np.ndarray, folds: np.ndarray, mask: np.ndarray) -> list[dict]:
    """Return one row a score: that of the pooled heatmap, and mean and spread over the folds'.

    Parameters
    ----------
    heatmap : (275, 224), pooled over all faces.
    folds : (folds, 275, 224); folds without a face are left out of mean and spread.
    mask : (275, 224) bool.

    Returns
    -------
    Rows of score, value, fold_mean, fold_std (sample standard deviation), folds (how many are in
    the mean), threshold and reason.
    """
    pooled = agree(heatmap, mask)
    single = [agree(fold, mask) for fold in folds]
    single = [fold for fold in single if not fold.reason]
    rows = []
    for score in SCORES:
        values = np.array([fold.value[score] for fold in single])
        rows.append(
            {
                "score": score,
                "value": pooled.value[score],
                "fold_mean": values.mean() if len(values) else np.nan,
                "fold_std": values.std(ddof=1) if len(values) > 1 else np.nan,
                "folds": len(values),
                "threshold": pooled.threshold,
                "reason": pooled.reason,
            }
        )
    return rows


def _undefined(heatmap: np.ndarray, mask: np.ndarray) -> str:
    """Return why no score exists, or an empty string."""
    if np.isnan(heatmap).all():
        return "no face explained"
    if np.isnan(heatmap).any():
        return "heatmap with undefined pixels"
    if heatmap.max() == heatmap.min():
        return "constant heatmap"
    if not mask.any():
        return "empty mask"
    return ""
