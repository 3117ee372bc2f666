"""Reliability: how alike would the heatmap of as many other people be?"""

import numpy as np
import pandas as pd

from facsimile.atlas.heatmaps import CarriedFaces
from facsimile.measure.bootstrap import drawn_maps
from facsimile.measure.scoring import mean_defined, standardise
from facsimile.seeds import generator

SPLITS = 50


def pooled_maps(
    faces: CarriedFaces, weights: pd.DataFrame, trainings: np.ndarray | None = None
) -> np.ndarray:
    """Return the heatmap of each sample of people, (samples, pixels): the mean over the repeats.

    NaN where there is no face. ``trainings`` (repeats, samples) is how often each repeat counts;
    each once if it is not given.
    """
    there = np.unique(faces.repeat)
    if not len(there):
        return np.full((weights.shape[1], np.prod(faces.maps.shape[1:], dtype=int)), np.nan)
    repeats = np.array(
        [drawn_maps(faces.only(faces.repeat == repeat), weights) for repeat in there]
    )
    counts = np.isfinite(repeats).astype(np.float32)
    if trainings is not None:
        counts *= trainings[there].astype(np.float32)[:, :, None]
    with np.errstate(invalid="ignore"):
        return np.where(counts > 0, counts * repeats, 0).sum(axis=0) / counts.sum(axis=0)


def halves_of(
    people: np.ndarray, seed: int, splits: int = SPLITS
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return random halves: who is in one, and who in the other; people down, splits across."""
    rng = generator(seed, "halves")
    order = rng.permuted(np.tile(np.arange(len(people)), (splits, 1)), axis=1).T
    half = pd.DataFrame(order < len(people) // 2, index=people)
    return half, ~half


def split_half(faces: CarriedFaces, seed: int, splits: int = SPLITS) -> float:
    """Return the reliability of a heatmap over people, as Spearman and Brown (1910) have it.

    The people are split at random into halves, each with its own heatmap, the mean over its
    repeats; r of these two over their pixels, the mean over the splits, gives 2 r / (1 + r). NaN
    with fewer than two people.
    """
    people = np.unique(faces.person)
    if len(people) < 2:
        return np.nan
    halves = halves_of(people, seed, splits)
    with np.errstate(invalid="ignore"):
        one, other = (standardise(pooled_maps(faces, half)) for half in halves)
    r = float(mean_defined((one * other).sum(axis=1), axis=0))
    return 2 * r / (1 + r)
