"""Does a heatmap change with what matters, and with nothing else?

The heatmap of a few faces is correlated with that of the same faces, explained again. Other draws
give the most that can be expected; a heatmap that is as much like that of a network which has
forgotten what it learned, or of another expression, does not show what this one says of this one.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from facsimile.atlas.again import CarriedAgain
from facsimile.explain.ways import AGAIN, AS_BEFORE, FORGOTTEN, MIRRORED, OTHER, SHIFTED
from facsimile.measure.faith import told
from facsimile.measure.intervals import estimate_mean

WAYS = (AGAIN, SHIFTED, MIRRORED, *FORGOTTEN)
OTHERS = "other_expression"
LOST, SPECIFIC = "lost", "specific"
"""By how much the heatmap is less like that of the network which has forgotten all, and like those
of other expressions, than like that from other draws."""


def sanity(carried: CarriedAgain, weights: pd.DataFrame) -> dict:
    """Return how much a heatmap is like those of the same faces, explained again.

    Parameters
    ----------
    weights : how often each person counts in each bootstrap sample; see ``draw_people``.

    Returns
    -------
    ``n_again`` faces; of each of ``WAYS`` and ``OTHERS`` Pearson's r, mean over expressions, with
    ``_low`` and ``_high``, 95 % over people; ``LOST`` and ``SPECIFIC`` likewise. NaN where
    something was not asked, or a heatmap is constant.
    """
    found = _correlations(carried, weights)
    none = np.full(1 + weights.shape[1], np.nan)
    own = {way: found.get(way, none) for way in WAYS}
    own[OTHERS] = np.mean([found.get(way, none) for way in OTHER], axis=0)
    own[LOST] = own[AGAIN] - own["forgotten_all"]
    own[SPECIFIC] = own[AGAIN] - own[OTHERS]
    dof = len(set(carried.person)) - 1
    numbers: dict[str, float] = {"n_again": len(carried.id)}
    for way, values in own.items():
        most = 2.0 if way in (LOST, SPECIFIC) else 1.0
        value, samples = values[:1], values[None, 1:]
        numbers |= told(way, estimate_mean(value, samples, dof, (-most, most), value))
    return numbers


def _correlations(carried: CarriedAgain, weights: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return r of each way with how it was before, (1 + samples,): of all, and of each sample."""
    by_expression = []
    for expression in dict.fromkeys(carried.expression.tolist()):
        rows = carried.expression == expression
        counts = weights.loc[carried.person[rows]].to_numpy()
        counts = np.column_stack([np.ones(len(counts)), counts]).T
        maps = carried.maps[:, rows].reshape(len(carried.way), rows.sum(), -1).astype(np.float64)
        maps -= maps.mean(axis=2, keepdims=True)
        heatmaps = dict(zip(carried.way.tolist(), maps, strict=True))
        before = heatmaps.pop(AS_BEFORE)
        by_expression.append({way: _of_means(counts, before, m) for way, m in heatmaps.items()})
    if not by_expression:
        return {}
    return {
        way: pd.DataFrame([one[way] for one in by_expression]).mean().to_numpy()
        for way in by_expression[0]
    }


def _of_means(counts: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return r of two means of maps, in each sample, (samples,), by products of single maps.

    Parameters
    ----------
    counts : (samples, faces), how often each counts.
    one, other : (faces, pixels), each less its mean.
    """

    def products(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return ((counts @ (first @ second.T)) * counts).sum(axis=1)

    with np.errstate(invalid="ignore", divide="ignore"):
        return products(one, other) / np.sqrt(products(one, one) * products(other, other))


def pearson(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return r of maps in rows, (n, pixels), with others; NaN where either is constant."""
    first, second = (maps - maps.mean(axis=1, keepdims=True) for maps in (one, other))
    with np.errstate(invalid="ignore", divide="ignore"):
        norm = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
        return (first * second).sum(axis=1) / norm


def trainings(
    repeats: Mapping[str, np.ndarray], untrained: Mapping[str, np.ndarray]
) -> dict[str, float]:
    """Return how much heatmaps of trainings are alike, and like those of untrained networks.

    Parameters
    ----------
    repeats : expression to the heatmap of each training, (trainings, rows, columns); NaN where no
        face was explained.
    untrained : likewise of each draw; empty where there are none.

    Returns
    -------
    ``trainings`` and ``untrained``: mean r over pairs and expressions; NaN where there is no pair.
    """
    among, beside = [], []
    for expression, maps in repeats.items():
        pairs = np.triu_indices(len(maps), k=1)
        among.append(_mean_r([(maps[a], maps[b]) for a, b in zip(*pairs, strict=True)]))
        others = untrained.get(expression, ())
        beside.append(_mean_r([(one, other) for one in maps for other in others]))
    return {"trainings": _mean(among), "untrained": _mean(beside)}


def _mean_r(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    return _mean([float(pearson(a.reshape(1, -1), b.reshape(1, -1))[0]) for a, b in pairs])


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else np.nan
