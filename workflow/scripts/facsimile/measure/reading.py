"""May a heatmap be read? What is known of each network and explainer, in one table."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from facsimile.atlas.again import CarriedAgain
from facsimile.atlas.heatmaps import coarsen
from facsimile.explain.ways import AGAIN, MIRRORED, SHIFTED
from facsimile.measure.faith import ROLES, faithfulness
from facsimile.measure.sanity import sanity, trainings

STABLE = 0.7
"""Correlation under which a heatmap counts as another."""

FAINT = 0.25
"""Mean range of answers, in probability, under which there is little to explain."""

ALIKE = 0.5
"""Mean correlation among the heatmaps of a network's trainings under which they tell no one story.

Lower than ``STABLE``, since other faces and the noise of few draws come in, too.
"""

UNSTABLE = {AGAIN: "another seed", SHIFTED: "a shift by two pixels", MIRRORED: "mirroring"}

Reading = Literal["yes", "with care", "no"]
"""May a heatmap be read?"""


def reading(row: Mapping[str, Any], learned: bool) -> tuple[Reading, str]:
    """Return whether the heatmaps of a network and explainer may be read, and why not.

    Parameters
    ----------
    row : the numbers of ``faithfulness``, ``sanity.sanity`` and ``sanity.trainings``.
    learned : whether the network did.
    """
    against = [] if learned else ["the network did not learn"]
    care = []
    for role in ROLES:
        low, baseline = row[f"faith_{role}_low"], row[f"baseline_{role}"]
        if np.isnan(low):
            care.append(f"not held against the network with {baseline}")
        elif low <= 0:
            against.append(f"with {baseline}, its order is not shown to be the network's")
    if np.isnan(row["lost_low"]):
        care.append("not held against the network with random weights")
    elif row["lost_low"] <= 0:
        against.append("it is not shown to change when the network's weights are random")
    faint = min(row[f"range_{role}"] for role in ROLES)
    if faint < FAINT:
        care.append(f"whatever is hidden, the answer changes by no more than {faint:.2f}")
    for way, words in UNSTABLE.items():
        if row[way] < STABLE:
            care.append(f"{words} gives another (r {row[way]:.2f})")
    if row["trainings"] < ALIKE:
        care.append(f"its trainings give different ones (r {row['trainings']:.2f})")
    if row["specific_low"] <= 0:
        care.append("it is not shown to differ from those of other expressions")
    if against:
        return "no", "; ".join(against)
    return ("with care", "; ".join(care)) if care else ("yes", "")


Key = tuple[str, str]
"""Explainer and network."""


def faith_table(
    areas: Mapping[Key, pd.DataFrame],
    again: Mapping[Key, CarriedAgain],
    repeats: Mapping[tuple[str, str, str], np.ndarray],
    null: Mapping[tuple[str, str, str], np.ndarray],
    sizes: Mapping[str, int],
    baselines: Mapping[str, list[str]],
    classification: pd.DataFrame,
    faces: pd.DataFrame,
    weights: pd.DataFrame,
) -> pd.DataFrame:
    """Return a row a network and explainer: may its heatmaps be read, and all that this hangs on.

    Parameters
    ----------
    areas, again : what ``faithfulness`` and ``sanity`` take.
    repeats : explainer, network, expression to (repeats, 275, 224).
    null : explainer, input size as text, expression to (draws, 275, 224), untrained ones first.
    sizes : network to its input size.
    baselines : of each explainer, in the order of ``ROLES``.
    classification : of each network whether it ``learned``.
    faces, weights : of the study, and how often each person counts; see ``faithfulness``.
    """
    learned, rows = classification.set_index("network")["learned"], []
    for explainer, network in areas:
        own = {e: maps for (x, n, e), maps in repeats.items() if (x, n) == (explainer, network)}
        place = explainer, str(sizes[network])
        draws = {e: maps for (x, size, e), maps in null.items() if (x, size) == place}
        numbers = faithfulness(
            areas[explainer, network], baselines[explainer], faces, weights
        ) | sanity(again[explainer, network], weights)
        numbers |= trainings(
            {e: coarsen(maps) for e, maps in own.items()},
            {e: coarsen(maps[: len(maps) // 2]) for e, maps in draws.items()},
        )
        read, reason = reading(numbers, bool(learned[network]))
        known = {"explainer": explainer, "network": network, "read": read, "reason": reason}
        rows.append(known | numbers)
    return pd.DataFrame(rows)
