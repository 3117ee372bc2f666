"""Scores of heatmaps against references, many of each at once.

A reference is a *region* (bool: where to look) or a *density* (float: how much to look where).
Heatmaps come as rows, references as columns, and each score is an array (heatmaps, references):
so bootstrap draws, shifted references and the other expressions' references cost a few matrix
products.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata
from skimage.filters import threshold_otsu

THRESHOLDED = ("iou", "precision", "recall", "f1")
REGION_SCORES = (*THRESHOLDED, "auroc", "average_precision", "energy", "pointing")
DENSITY_SCORES = ("pearson", "spearman", "sim", "kl", "nss")
SCORES = (*REGION_SCORES, *DENSITY_SCORES)

ROUGH = {*THRESHOLDED, "pointing", "average_precision"}
"""Scores that jump when a heatmap changes a little: a threshold moves, a hot pixel drops out."""

LIMITS = dict.fromkeys((*REGION_SCORES, "sim"), (0.0, 1.0)) | {
    "pearson": (-1.0, 1.0),
    "spearman": (-1.0, 1.0),
    "kl": (0.0, np.inf),
    "nss": (-np.inf, np.inf),
}

SIGN = {score: -1 if score == "kl" else 1 for score in SCORES}
"""1 where more is better, -1 where less is."""

# Keeps the logarithm finite where a heatmap is zero; the value of the MIT saliency benchmark.
EPSILON = np.finfo(float).eps


@dataclass(frozen=True)
class Maps:
    """Heatmaps made ready for scoring.

    ``values`` (maps, pixels); ``found`` the same, bool: above the threshold; ``ranks`` of the
    values within each map, ties at their mean; ``threshold`` (maps,) on the scale 0..255.
    """

    values: np.ndarray
    found: np.ndarray
    ranks: np.ndarray
    threshold: np.ndarray

    @classmethod
    def of(cls, maps: np.ndarray) -> "Maps":
        """Prepare maps, (maps, ...), none of them constant or undefined."""
        values = np.asarray(maps, np.float64).reshape(len(maps), -1)
        stretched = stretch(values)
        threshold = np.array([threshold_otsu(row) for row in stretched], float)
        return cls(values, stretched > threshold[:, None], rankdata(values, axis=1), threshold)

    @classmethod
    def of_region(cls, region: np.ndarray) -> "Maps":
        """Prepare one region as if it were a heatmap: what it marks is what it finds."""
        values = np.asarray(region, float).reshape(1, -1)
        return cls(values, values > 0, rankdata(values, axis=1), np.array([np.nan]))


@dataclass(frozen=True)
class Densities:
    """Graded references made ready: ``values`` (pixels, references) and their ``ranks``."""

    values: np.ndarray
    ranks: np.ndarray

    @classmethod
    def of(cls, maps: np.ndarray) -> "Densities":
        """Prepare densities, (references, ...), none of them constant, undefined or negative."""
        values = np.asarray(maps, np.float64).reshape(len(maps), -1)
        return cls(values.T, rankdata(values, axis=1).T)


def stretch(maps: np.ndarray) -> np.ndarray:
    """Return maps, (maps, pixels), each stretched from its minimum and maximum to 0..255, uint8."""
    low, high = maps.min(axis=1, keepdims=True), maps.max(axis=1, keepdims=True)
    return np.round((maps - low) / (high - low) * 255).astype(np.uint8)


def region_scores(maps: Maps, regions: np.ndarray) -> dict[str, np.ndarray]:
    """Score maps against regions, (pixels, regions) bool, none of them empty or full.

    Returns
    -------
    Each of ``REGION_SCORES``, (maps, regions), from 0 to 1:

    iou, precision, recall, f1 : of the part above Otsu's threshold (IEEE SMC 1979).
    auroc : probability that a pixel of the region is hotter than one outside it.
    average_precision : mean over the region's pixels of the share of the region among the pixels
        that are at least as hot.
    energy : share of the map's sum that lies in the region (Wang et al. 2020, Score-CAM).
    pointing : share of the hottest pixels that lie in the region (Zhang et al. 2018): 0 or 1
        where one pixel is the hottest.
    """
    wanted = regions.astype(np.float64)
    area, pixels = wanted.sum(axis=0), len(wanted)
    both, found = maps.found @ wanted, maps.found.sum(axis=1, keepdims=True)
    peaks = maps.values == maps.values.max(axis=1, keepdims=True)
    precise = [average_precision(row, regions) for row in maps.values]
    return {
        "iou": both / (found + area - both),
        "precision": both / found,
        "recall": both / area,
        "f1": 2 * both / (found + area),
        "auroc": (maps.ranks @ wanted - area * (area + 1) / 2) / (area * (pixels - area)),
        "average_precision": np.reshape(precise, both.shape),
        "energy": maps.values @ wanted / maps.values.sum(axis=1, keepdims=True),
        "pointing": peaks @ wanted / peaks.sum(axis=1, keepdims=True),
    }


def average_precision(values: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """Return the average precision of one map, (pixels,), for regions, (pixels, regions)."""
    order = np.argsort(-values, kind="stable")
    # Equal pixels are found together.
    found = rankdata(-values[order], "max").astype(int)
    wanted = regions[order]
    hits = wanted.cumsum(axis=0, dtype=np.int32)
    precision = hits[found - 1] / found[:, None]
    return np.einsum("pr,pr->r", precision, wanted) / hits[-1]


def density_scores(maps: Maps, references: Densities) -> dict[str, np.ndarray]:
    """Score maps against densities.

    Returns
    -------
    Each of ``DENSITY_SCORES``, (maps, references); the last three, and Pearson's r under the name
    CC, as Bylinskii et al. (2019, IEEE TPAMI 41) define them, with the density for fixations:

    pearson, spearman : correlation over pixels, of values and of ranks.
    sim : sum over pixels of the smaller of the two, each of sum 1.
    kl : Kullback-Leibler divergence of the map from the density; 0 is best.
    nss : mean of the map, in its own standard deviations, where the density lies.
    """
    shares = maps.values / maps.values.sum(axis=1, keepdims=True)
    wanted = references.values / references.values.sum(axis=0)
    entropy = np.sum(wanted * np.log(np.where(wanted > 0, wanted, 1)), axis=0)
    centred = standardise(maps.values)
    return {
        "pearson": centred @ standardise(references.values, axis=0),
        "spearman": standardise(maps.ranks) @ standardise(references.ranks, axis=0),
        "sim": np.stack(list(_overlaps(shares, wanted))),
        "kl": entropy - np.log(shares + EPSILON) @ wanted,
        "nss": centred * np.sqrt(centred.shape[1]) @ wanted,
    }


def _overlaps(shares: np.ndarray, wanted: np.ndarray) -> Iterator[np.ndarray]:
    for share in shares:
        yield np.minimum(share[:, None], wanted).sum(axis=0)


def standardise(values: np.ndarray, axis: int = 1) -> np.ndarray:
    """Return values with mean 0 and norm 1 along an axis, so that a product is Pearson's r."""
    centred = values - values.mean(axis=axis, keepdims=True)
    return centred / np.linalg.norm(centred, axis=axis, keepdims=True)


Reference = tuple[str, str]
"""Name of the reference and its expression."""


class References:
    """References of both kinds, stacked for scoring; ``keys`` says which is which."""

    def __init__(self, maps: Mapping[Reference, np.ndarray]) -> None:
        """Stack references: (name, expression) to a map; all of one shape, all usable."""
        self.keys: Sequence[Reference] = list(maps)
        self._regions = [at for at, image in enumerate(maps.values()) if image.dtype == bool]
        self._densities = [at for at, image in enumerate(maps.values()) if image.dtype != bool]
        images = [image.ravel() for image in maps.values()]
        if self._regions:
            self._region = np.stack([images[at] for at in self._regions], axis=1)
        if self._densities:
            self._density = Densities.of(np.stack([images[at] for at in self._densities]))

    def score(self, maps: Maps) -> np.ndarray:
        """Return all scores, (len(SCORES), maps, references); NaN where one does not apply."""
        table = np.full((len(SCORES), len(maps.values), len(self.keys)), np.nan)
        parts = []
        # A constant map, which a baseline may be, has no correlation.
        with np.errstate(invalid="ignore", divide="ignore"):
            if self._regions:
                parts.append((self._regions, region_scores(maps, self._region)))
            if self._densities:
                parts.append((self._densities, density_scores(maps, self._density)))
        for columns, scores in parts:
            for score, values in scores.items():
                table[SCORES.index(score)][:, columns] = values
        return table


def applicable(reference: np.ndarray) -> tuple[str, ...]:
    """Return the scores that apply to a reference of its kind."""
    return REGION_SCORES if reference.dtype == bool else DENSITY_SCORES


def flaw(heatmap: np.ndarray, absent: str = "no face explained") -> str:
    """Return why a heatmap has no score, or an empty string; ``absent`` if it is NaN all over."""
    if np.isnan(heatmap).all():
        return absent
    if not np.isfinite(heatmap).all():
        return "heatmap with undefined pixels"
    if heatmap.max() == heatmap.min():
        return "constant heatmap"
    return ""


def flaw_of_reference(reference: np.ndarray) -> str:
    """Return why nothing can be scored against a reference, or an empty string."""
    if reference.dtype == bool:
        return "" if 0 < reference.mean() < 1 else f"{'full' if reference.any() else 'empty'} mask"
    if not np.isfinite(reference).all():
        return "reference with undefined pixels"
    if reference.min() < 0:
        return "reference with negative pixels"
    return "constant reference" if reference.max() == reference.min() else ""
