"""Is what an explainer says of a network true of it? The areas of deletion and insertion.

Areas do not compare between networks: one answers .99 where another answers .4, for the same face.
So they are divided by how far the network's answers reach on the way, from the lowest to the
highest. The whole and the hidden face are no measure of that: a network may answer alike for both,
and otherwise between them.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from facsimile.atlas.heatmaps import persons
from facsimile.measure.intervals import Estimate, estimate_mean

ROLES = ("own", "other")
"""Baselines that an explainer is judged with: its row's, and one that did not shape its answer."""

RATIOS = {
    "faith": ("insertion", "deletion"),
    "deletion": ("random", "deletion"),
    "insertion": ("insertion", "random"),
}
"""Number to the two areas whose difference it is: against the reverse order, and a random one."""


def faithfulness(
    areas: pd.DataFrame, baselines: Sequence[str], faces: pd.DataFrame, weights: pd.DataFrame
) -> dict:
    """Return how true an explainer is of a network, for each of ``ROLES``.

    Parameters
    ----------
    areas : rows of ``explain.faithfulness.follow_faces``.
    baselines : in the order of ``ROLES``.
    faces : of the study: id, corpus, subject.
    weights : how often each person counts in each bootstrap sample; see ``draw_people``.

    Returns
    -------
    For each role its ``baseline``; ``range``, the mean difference between the highest and lowest
    answer on the way; and ``RATIOS``, as shares of that range, at most 1. All with ``_low`` and
    ``_high``, 95 % over people and trainings; NaN where there is no face, or nothing changes.
    """
    found: dict = {"n_followed": areas["id"].nunique()}
    for role, baseline in zip(ROLES, baselines, strict=True):
        part = areas[areas["baseline"] == baseline]
        changes = part["highest"] - part["lowest"]
        one = pd.Series(1.0, part.index)
        numbers = {"range": _ratio(changes, one, part, faces, weights, (0.0, 1.0))}
        for name, (more, less) in RATIOS.items():
            difference = part[more] - part[less]
            numbers[name] = _ratio(difference, changes, part, faces, weights, (-1.0, 1.0))
        found |= {f"baseline_{role}": baseline}
        for name, about in numbers.items():
            found |= told(f"{name}_{role}", about)
    return found


def told(name: str, about: Estimate) -> dict[str, float]:
    """Return a number under its name, and the ends of its interval."""
    low, high = about.bounds
    return {name: about.value, f"{name}_low": low, f"{name}_high": high}


def _ratio(
    above: pd.Series,
    below: pd.Series,
    rows: pd.DataFrame,
    faces: pd.DataFrame,
    weights: pd.DataFrame,
    limits: tuple[float, float],
) -> Estimate:
    """Return the ratio of two sums over faces, its mean over repeats.

    Parameters
    ----------
    above, below : a number a face, in the order of ``rows`` (id, repeat).
    """
    people = persons(faces.set_index("id", drop=False).loc[rows["id"]]).to_numpy()
    values, draws = [], []
    for repeat in sorted(set(rows["repeat"])):
        here = (rows["repeat"] == repeat).to_numpy()
        sums = np.array([above[here], below[here]])
        counts = weights.loc[people[here]].to_numpy()
        with np.errstate(invalid="ignore", divide="ignore"):
            values.append(np.divide(*sums.sum(axis=1)))
            draws.append(np.divide(*(sums @ counts)))
    samples = np.reshape(draws, (len(values), weights.shape[1]))
    return estimate_mean(np.array(values), samples, len(set(people)) - 1, limits)
