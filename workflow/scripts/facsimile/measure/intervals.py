"""Intervals: what would other people have given?

The bootstrap draws people, not faces, within each fold: the faces of one person are alike, and
the networks of the folds differ. Of the n people of a fold n - 1 are drawn, and each counts
n / (n - 1) times, so that the spread is right for few people too (Rao and Wu, JASA 83, 1988).
The same draws serve all networks and expressions, so that differences are between like and like.
"""

import numpy as np
import pandas as pd
from scipy import stats

from facsimile.atlas.heatmaps import CarriedFaces, persons
from facsimile.measure.scores import scores
from facsimile.seeds import generator

LEVEL = 0.95


def draw_people(faces: pd.DataFrame, bootstrap_samples: int, seed: int) -> pd.DataFrame:
    """Return how often each person counts in each draw: people down, draws across.

    Parameters
    ----------
    faces : all faces of the study: id, corpus, subject, fold.
    bootstrap_samples : how many draws.
    seed : of the study.
    """
    fold_of = faces["fold"].groupby(persons(faces).to_numpy()).first().sort_index()
    weights = pd.DataFrame(1.0, index=fold_of.index, columns=range(bootstrap_samples))
    for fold, names in fold_of.groupby(fold_of).groups.items():
        n = len(names)
        if n > 1:
            rng = generator(seed, "bootstrap", fold)
            counts = rng.multinomial(n - 1, np.full(n, 1 / n), bootstrap_samples)
            weights.loc[names] = counts.T * n / (n - 1)
    return weights


def drawn_maps(faces: CarriedFaces, weights: pd.DataFrame) -> np.ndarray:
    """Return the mean map of each draw, (draws, pixels); NaN where nobody of these was drawn."""
    counts = weights.loc[faces.person].to_numpy(np.float32)
    # Spelt out, since NumPy cannot guess a side where there is no face at all.
    maps = faces.maps.reshape(len(faces.maps), np.prod(faces.maps.shape[1:], dtype=int))
    with np.errstate(invalid="ignore"):
        return (counts.T @ maps) / counts.sum(axis=0)[:, None]


def dof_of(faces: CarriedFaces) -> int:
    """Return the degrees of freedom: people less folds, of those with a face here."""
    return len(set(faces.person)) - len(set(faces.fold))


def resampling_unit(faces: CarriedFaces | None) -> str:
    """Return what an interval resamples: subjects, faces, both, or nothing."""
    if faces is None:
        return "no faces: no interval"
    if not len(faces.id):
        return ""
    if dof_of(faces) < 1:
        return "one subject a fold: no interval"
    if faces.known.all():
        return "subjects"
    return "subjects and faces" if faces.known.any() else "faces"


def interval(
    value: float,
    coarse: float,
    bootstrap: np.ndarray,
    dof: int,
    score: str,
    difference: bool = False,
) -> tuple[float, float]:
    """Return the 95 % interval of a score, from its bootstrap draws.

    Its half width is Student's t times the draws' standard deviation. A mean of noisy maps scores
    lower than a mean without noise, and the draws show by how much: the interval's centre is
    moved by that, so that it is about the heatmap without noise. Not so for rough scores, where
    that shift is itself mostly noise: their interval is about what studies of this size find. The
    interval always holds the value. ``tests/test_simulations.py`` shows the coverage.

    Parameters
    ----------
    value : of the score.
    coarse : the same from the coarse maps that the draws are made of.
    bootstrap : the same from each of these draws, (bootstrap samples,); NaN where undefined.
    dof : degrees of freedom.
    difference : whether the value is a difference of two scores: those have other limits.
    """
    centre, half = _centre(value, coarse, bootstrap, dof, score)
    low, high = scores()[score].limits
    if difference:
        low, high = low - high, high - low
    ends = np.minimum(value, centre - half), np.maximum(value, centre + half)
    bounds = np.clip(ends, low, high)
    return float(bounds[0]), float(bounds[1])


def p_of_zero(value: float, coarse: float, bootstrap: np.ndarray, dof: int, score: str) -> float:
    """Return the two-sided p of the hypothesis that a value is zero; see ``interval``."""
    centre, half = _centre(value, coarse, bootstrap, dof, score)
    if not half > 0:
        return np.nan
    error = half / stats.t.ppf((1 + LEVEL) / 2, dof)
    return float(2 * stats.t.sf(abs(centre) / error, dof))


def _centre(
    value: float, coarse: float, bootstrap: np.ndarray, dof: int, score: str
) -> tuple[float, float]:
    """Return the centre of an interval and its half width, NaN where there is none."""
    draws = bootstrap[np.isfinite(bootstrap)]
    if dof < 1 or len(draws) < 2:
        return np.nan, np.nan
    shift = 0.0 if scores()[score].rough else coarse - draws.mean()
    return value + shift, stats.t.ppf((1 + LEVEL) / 2, dof) * draws.std(ddof=1)


def over_networks(values: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of the mean of networks' values, by Student's t."""
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return np.nan, np.nan
    half = stats.t.ppf((1 + LEVEL) / 2, len(values) - 1) * stats.sem(values)
    return float(values.mean() - half), float(values.mean() + half)
