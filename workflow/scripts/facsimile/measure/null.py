"""The empirical null: what networks that know nothing of expressions score, by the same way.

A network's trainings are held against untrained networks, and against networks trained on labels
without meaning. If it knew as little as they, its trainings could be exchanged with theirs: all
orders are tried. Both kinds must be told apart from it, so the larger p counts (Berger,
Technometrics 24, 1982).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from facsimile.measure.permutations import UNTESTED, exchange_groups, orders_of_groups
from facsimile.measure.scores import scores
from facsimile.measure.scoring import Reference, References, Scored
from facsimile.names import NULL_KINDS
from facsimile.seeds import generator

NO_NULL = "no networks that know nothing to compare with: no p"
FEW_NETWORKS = "fewer than three networks, or draws of those that know nothing: no p"

LEAST = 3
"""Networks, and draws of either kind, of which a mean over networks has a p."""


@dataclass(frozen=True)
class NullLevel(Scored):
    """Scores of heatmaps of networks that know nothing, of one explainer and input size.

    kind : (draws,) of each draw, one of ``NULL_KINDS``: a draw is a training with all its folds.
    value : (scores, draws, heatmaps, references); NaN where a score is not defined.
    """

    kind: np.ndarray
    value: np.ndarray


def measure_null(
    heatmaps: Mapping[str, np.ndarray],
    kind: Sequence[str],
    references: Mapping[Reference, np.ndarray],
) -> NullLevel:
    """Score the heatmaps of networks that know nothing.

    Parameters
    ----------
    heatmaps : expression to (draws, 275, 224), NaN where no face was explained.
    kind : of each draw.
    references : (name, expression) to (275, 224), bool or float.
    """
    stacked = References(references)
    return NullLevel(
        score=np.array(list(scores())),
        kind=np.array(kind),
        expression=np.array(list(heatmaps)),
        reference=np.array(list(references)),
        value=np.stack([stacked.score_defined(images) for images in heatmaps.values()], axis=2),
    )


def null_of_networks(
    found: Mapping[tuple[str, str], NullLevel], sizes: Mapping[str, int]
) -> dict[tuple[str, str], NullLevel]:
    """Return the level that each network is held against, by explainer and network.

    Parameters
    ----------
    found : by explainer and input size, as text.
    sizes : network to its input size.
    """
    return {
        (explainer, network): level
        for (explainer, size), level in found.items()
        for network, own in sizes.items()
        if str(own) == size
    }


def levels(null: np.ndarray, kind: np.ndarray) -> dict[str, float]:
    """Return the mean level of each kind, NaN where it has no draw with a score."""
    return {name: float(part.mean()) if len(part) else np.nan for name, part in _kinds(null, kind)}


def _kinds(null: np.ndarray, kind: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Return the defined draws of each kind."""
    return [(name, null[(kind == name) & np.isfinite(null)]) for name in NULL_KINDS]


def compare_trainings(values: np.ndarray, null: np.ndarray, kind: np.ndarray, seed: int) -> dict:
    """Return whether a network's trainings score otherwise than networks that know nothing.

    Parameters
    ----------
    values : (trainings,) of the network; NaN where one has no score.
    null, kind : (draws,) of the null.
    seed : for orders that are drawn, where there are too many to try.

    Returns
    -------
    ``untrained``, ``shuffled``: mean level of each kind; ``chance``: the level that p is about;
    p and p_min: the larger of both kinds', NaN where one has no draw.
    """
    values = values[np.isfinite(values)]
    tests = {}
    for name, draws in _kinds(null, kind):
        tests[name] = UNTESTED
        if len(values) and len(draws):
            rng = generator(seed, "null", name)
            orders = orders_of_groups(len(values), len(draws), 0, rng)
            tests[name] = exchange_groups(np.concatenate([values, draws]), orders)
    return _nearest(levels(null, kind), {name: (one.p, one.p_min) for name, one in tests.items()})


def compare_networks(values: np.ndarray, null: np.ndarray, kind: np.ndarray) -> dict:
    """Return the same for the mean over networks, by Welch's t test: ``p_min`` is NaN.

    Parameters
    ----------
    values : (networks,) of each the mean over its trainings, which no draw can be exchanged with.
    """
    tests = {}
    for name, draws in _kinds(null, kind):
        tests[name] = (np.nan, np.nan)
        if min(len(values), len(draws)) >= LEAST:
            tests[name] = (float(stats.ttest_ind(values, draws, equal_var=False).pvalue), np.nan)
    return _nearest(levels(null, kind), tests)


def _nearest(level: dict[str, float], tests: dict[str, tuple[float, float]]) -> dict:
    """Return the levels, and of the kind with the larger p its level, p and p_min."""
    if np.isnan([p for p, _ in tests.values()]).any():
        return {**level, "chance": np.nan, "p": np.nan, "p_min": np.nan}
    nearest = max(tests, key=lambda name: tests[name][0])
    p, p_min = tests[nearest]
    return {**level, "chance": level[nearest], "p": p, "p_min": p_min}
