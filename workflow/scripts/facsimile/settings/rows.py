"""Rows of explainers: which share a pass through the network, and more of them, crossed."""

from collections.abc import Mapping
from itertools import count, product
from typing import Any, NamedTuple

from facsimile.settings import kinds

Row = Mapping[str, Any]

NONE = "none"
"""What stands in a table for superpixels or a baseline that a method does not use."""


class Variation(NamedTuple):
    """A row of explainers, and what it stands for in the table of sensitivity.

    ``settings`` has ``method`` (the row that was varied: its method with its settings),
    ``superpixels``, ``baseline`` and ``select``, as text.
    """

    row: dict[str, Any]
    settings: dict[str, str]


def passes(explainers: Mapping[str, Row]) -> dict[str, str]:
    """Return, for each row, the first one that is explained by the same passes of the network.

    Such rows differ at most in what their method does after the network has answered.
    """
    first: list[str] = []
    found = {}
    for name, row in explainers.items():
        asked = _asked(row)
        found[name] = next((one for one in first if _asked(explainers[one]) == asked), name)
        if found[name] == name:
            first.append(name)
    return found


def cross(explainers: Mapping[str, Row], sensitivity: Mapping[str, Any]) -> dict[str, Variation]:
    """Return the rows of a study with each of the other settings, under names of their own.

    Parameters
    ----------
    explainers : the study's rows, with every default filled in.
    sensitivity : lists of ``explainers`` (names of rows), ``superpixels``, ``baselines`` and
        ``select``. A row is not crossed with what its method does not use.

    Returns
    -------
    In the order of the lists, the last changing first: what is listed first in each comes first.
    A row that the study has already keeps its name, so that nothing is computed twice; others are
    called after the row that was varied and what differs, as ``lime-slic80-grey-predicted``.
    """
    crossed: dict[str, Variation] = {}
    for select, base in product(sensitivity["select"], sensitivity["explainers"]):
        row = explainers[base]
        cuts = sensitivity["superpixels"] if row["superpixels"] is not None else [None]
        baselines = sensitivity["baselines"] if row["baseline"] is not None else [None]
        for superpixels, baseline in product(cuts, baselines):
            change = {"superpixels": superpixels, "baseline": baseline, "select": select}
            varied = Variation(
                {**row, **change},
                {"method": base} | {key: value or NONE for key, value in change.items()},
            )
            if all(varied.row != one.row for one in crossed.values()):
                crossed[_name(base, varied.row, explainers, crossed)] = varied
    return crossed


def _asked(row: Row) -> dict[str, Any]:
    """Return what of a row decides what the network is asked."""
    after = kinds.METHODS.load(row["method"]).AFTER
    return {key: value for key, value in row.items() if key not in after}


def _name(
    base: str, row: Row, explainers: Mapping[str, Row], crossed: Mapping[str, Variation]
) -> str:
    same = [name for name, one in explainers.items() if one == row]
    if same:
        return base if base in same else same[0]
    name = "-".join([base, *(row[key] for key in _CHANGED if row[key] != explainers[base][key])])
    taken = {*explainers, *crossed}
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(one for one in names if one not in taken)


_CHANGED = ("superpixels", "baseline", "select")
