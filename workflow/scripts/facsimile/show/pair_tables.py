"""Tables of one explainer with one reference, as text, and what the page says beside them."""

from typing import Any

import numpy as np
import pandas as pd

from facsimile.measure.scores import scores
from facsimile.measure.table import ALL, EVERY
from facsimile.show import tables
from facsimile.show.pairs import Pair, against_chance, included
from facsimile.show.sentences import said
from facsimile.show.wording import (
    ARROWS,
    DASH,
    TEST,
    Verdict,
    cells,
    listed,
    p_cell,
    ranged,
    split,
)


def shown(pair: Pair) -> dict[str, object]:
    """Return what the page shows of a pair.

    ``cells``: networks by expressions; ``networks``, ``scores`` and ``own``: a row a network, a
    score and a network, less what is not known of any; ``undefined``: why cells are missing;
    ``said`` and ``faces`` in words.
    """
    faces = pair.cells.dropna(subset="value")["n_faces"]
    fewest, most, networks = faces.min(), faces.max(), network_table(pair)
    count = f"{fewest:.3g}" if fewest == most else f"{fewest:.3g} to {most:.3g}"
    return {
        "explainer": pair.explainer,
        "reference": pair.reference,
        "role": pair.role,
        "label": pair.label,
        "said": said(pair),
        "cells": cell_table(pair),
        "networks": networks,
        "networks_caption": network_caption(pair, networks),
        "scores": score_table(pair),
        "own": own_table(pair),
        "faces": f"Faces behind a heatmap of one training: {count}. " if most > 0 else "",
        "undefined": tables.undefined(pair.agreement),
    }


def cell_table(pair: Pair) -> pd.DataFrame:
    """Return the score of each cell, with an arrow where it differs from chance."""
    table = cells(tables.wide(pair.cells, pair.score))
    for row in pair.cells.to_dict("records"):
        arrow = ARROWS.get(against_chance(row, pair.sign), "")
        place = row["network"], row["expression"]
        text: Any = table.loc[place]
        table.loc[place] = text + arrow
    return table


def network_table(pair: Pair) -> pd.DataFrame:
    """Return the mean over expressions of each network, and of all, beside what it is held to."""
    rows = pair.means
    table = pd.DataFrame(index=rows.index)
    table["mean"] = [ranged(*numbers) for numbers in rows[["value", "low", "high"]].to_numpy()]
    table = table.join(cells(rows[["untrained", "shuffled"]].astype(float)))
    table["p"] = [p_cell(*numbers) for numbers in rows[TEST].to_numpy(float)]
    table["rank"] = [_rank(*numbers) for numbers in
                     rows[["rank", "rank_low", "rank_high"]].to_numpy(float)]  # fmt: skip
    table = table.join(cells(rows[["pooled", "equal"]].astype(float)))
    reliability = pair.cells.groupby("network")["reliability"].mean()
    table["reliability"] = cells(reliability.reindex(rows.index).to_frame())["reliability"]
    table["left out"] = [listed(split(names)) for names in rows["left_out"]]
    names = {"pooled": "trainings pooled", "equal": "equal faces"}
    return known(table.rename(columns=names).rename_axis(index=None))


def known(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of text without the columns in which nothing is known."""
    return table.loc[:, (table != DASH).any()]


COLUMNS = {
    "untrained": "the levels of networks with random weights",
    "shuffled": "and of networks trained on shuffled labels",
    "p": "p of the test against these",
    "rank": "its rank among the networks with all expressions, with a 95 % interval if known",
    "trainings pooled": "the score of the heatmaps shown, means over trainings",
    "equal faces": "the score at equal numbers of faces",
    "reliability": "the reliability of its heatmaps (split halves over people, after Spearman and "
    "Brown; mean over expressions)",
    "left out": "expressions and networks that are not in the row",
}
"""What the columns of ``network_table`` are."""


def network_caption(pair: Pair, table: pd.DataFrame) -> str:
    """Return what such a table shows."""
    shown = [words for column, words in COLUMNS.items() if column in table]
    means = f"{pair.label}, mean over the expressions that a network has"
    if pair.with_missed is not None:
        means += f"; {ALL} is the mean over networks that learned, {EVERY} that over all of them"
    return f"{means}; {'; '.join(shown)}."


def _rank(rank: float, low: float, high: float) -> str:
    """Return a rank with its interval, where there are any."""
    if np.isnan(rank):
        return DASH
    return f"{rank:.0f}" + ("" if np.isnan(low) else f" [{low:.0f}, {high:.0f}]")


def score_table(pair: Pair) -> pd.DataFrame:
    """Return the mean over networks and expressions in each score, beside what it is held to."""
    rows = {}
    for _, row in pair.overall[pair.overall["network"] == ALL].iterrows():
        score = scores()[row["score"]]
        whole = pair.agreement[pair.agreement["score"] == row["score"]]
        part = included(whole, row)
        told = pd.Series([against_chance(cell, score.sign) for cell in whole.to_dict("records")])
        numbers = {
            "untrained": row["untrained"],
            "shuffled": row["shuffled"],
            "elsewhere": part["elsewhere"].mean(),
            "best rival": part["rival"].mean(),
        }
        rows[score.label] = {
            "role": row["role"],
            "mean": ranged(*row[["value", "low", "high"]]),
            **cells(pd.DataFrame([numbers]).astype(float)).iloc[0],
            "cells better than chance": _share(told, "more"),
            "worse": _share(told, "less"),
            "at the least p": _at_least(whole),
        }
    return known(pd.DataFrame.from_dict(rows, orient="index"))


def _share(told: pd.Series, one: Verdict) -> str:
    """Return how many of the cells with a verdict have this one."""
    tested = ~told.isin(["untested", "too few"])
    return f"{(told == one).sum()} of {tested.sum()}" if tested.any() else DASH


def _at_least(cells: pd.DataFrame) -> str:
    """Return in how many of the cells p is the least that the test can give."""
    tested = cells[cells["p_min"].notna() & cells["p"].notna()]
    if tested.empty:
        return DASH
    return f"{np.isclose(tested['p'], tested['p_min']).sum()} of {len(tested)}"


def own_table(pair: Pair) -> pd.DataFrame:
    """Return each network's score with own and others' references, common face kept and removed."""
    table = pd.DataFrame(index=pair.own("kept").index)
    for common_face, of in (
        ("kept", f" ({pair.label})"),
        ("removed", " (r, common face removed, exploratory)"),
    ):
        rows = pair.own(common_face).reindex(table.index)
        bounds = rows[["specificity", "specificity_low", "specificity_high"]].to_numpy(float)
        table[f"own{of}"] = cells(rows[["value"]].astype(float))["value"]
        table[f"others'{of}"] = cells(rows[["others"]].astype(float))["others"]
        table[f"difference{of}"] = [ranged(*row, sign="+") for row in bounds]
        table[f"p{of}"] = [p_cell(*row) for row in rows[TEST].to_numpy(float)]
    table["left out"] = [listed(split(names)) for names in pair.own("kept")["left_out"]]
    return known(table.rename_axis(index=None))
