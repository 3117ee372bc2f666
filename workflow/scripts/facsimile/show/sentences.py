"""What is said of one explainer with one reference: all numbers of a sentence are of one row."""

import numpy as np
import pandas as pd

from facsimile.measure.table import ALL
from facsimile.show import tables
from facsimile.show.learned import MARK
from facsimile.show.pairs import REMOVED, Pair, against_chance, included, without
from facsimile.show.wording import (
    TEST,
    Verdict,
    counted,
    listed,
    number,
    p_told,
    ranged,
    verdict,
)


def said(pair: Pair) -> str:
    """Return the result of one explainer with one reference."""
    sentences = [levels_sentence(pair), networks_sentence(pair), *own_sentences(pair)]
    return " ".join(filter(None, sentences))


HELD: dict[Verdict, str] = {
    "more": "better than these",
    "less": "worse than these",
    "open": "not told apart from these",
    "too few": "no verdict",
    "untested": "not tested",
}
"""What is said of a value that was held against chance."""


def levels_sentence(pair: Pair) -> str:
    """Return the mean over networks and expressions, and the levels that it stands beside."""
    row = pair.every
    if np.isnan(row["value"]):
        return f"No mean over networks{without(row)}: {row['reason']}."
    text = (
        f"The mean {pair.label} over {counted(row['n_networks'], 'network')} and "
        f"{counted(row['n_expressions'], 'expression')}{without(row)} is "
        f"{ranged(*row[['value', 'low', 'high']])}"
    )
    levels = {"untrained": "random weights", "shuffled": "shuffled labels"}
    reached = [f"{number(row[name])} with {words}" for name, words in levels.items()
               if pd.notna(row[name])]  # fmt: skip
    if reached:
        told = f"{HELD[against_chance(row, pair.sign)]}; {p_told(*row[TEST])}"
        text += (
            f", where networks that know nothing of expressions reach {listed(reached)} ({told})"
        )
    if (every := pair.with_missed) is not None:
        text += (
            f"; with those that did not learn, over {counted(every['n_networks'], 'network')}"
            f"{without(every)}, it is {ranged(*every[['value', 'low', 'high']])}"
        )
    part = included(pair.cells, row)
    rival = number(part["rival"].mean())
    if np.isfinite(row["rival"]):
        text += (
            f"; the best single map that knows nothing, {row['best_rival']}, reaches "
            f"{number(row['rival'])}, and the best chosen for each expression {rival}"
        )
    text += "."
    missed = [name for name in part["network"].unique() if MARK in name]
    return text + (f" Among these networks did not learn: {listed(missed)}." if missed else "")


def networks_sentence(pair: Pair) -> str:
    """Return which networks differ from chance, in their mean over expressions."""
    names: dict[Verdict, list[str]] = {}
    for network, row in pair.singles.iterrows():
        told = against_chance(row, pair.sign)
        names.setdefault(told, []).append(f"{network}{without(row)}")
    if set(names) == {"untested"}:
        return ""
    said = [f"{HELD[told]}: {listed(names[told])}" for told in HELD if told in names]
    return f"Single networks against those that know nothing (q under .05): {'; '.join(said)}."


OWN: dict[Verdict, str] = {
    "more": "fit their own expression's reference better than the others'",
    "less": "fit their own expression's reference less than the others'",
    "open": "are not shown to fit their own expression's reference otherwise than the others'",
    "too few": "may or may not fit their own expression's reference better than the others'",
}

UNTESTED = "were not tested for fitting their own expression's reference"


def own_sentences(pair: Pair) -> list[str]:
    """Return whether heatmaps are specific: as they are, and less what all expressions share."""
    sentences = []
    for common_face, start in (
        ("kept", "The heatmaps"),
        ("removed", "Less the face that all expressions share (exploratory), they"),
    ):
        row = pair.own(common_face).loc[[ALL]].iloc[0]
        if np.isnan(row["specificity"]):
            why = f"could not be held against other expressions' references: {row['reason']}"
            sentences.append(f"{start}{without(row)} {why}.")
            continue
        sign = pair.sign if common_face == "kept" else 1
        told = verdict(sign * row["specificity"], row["q"], row["p_min"])
        label = pair.label if common_face == "kept" else tables.label_of(REMOVED)
        bounds = row[["specificity", "specificity_low", "specificity_high"]]
        values = f"{label} {number(row['value'])} and {number(row['others'])}"
        sentences.append(
            f"{start}{without(row)} {OWN.get(told, UNTESTED)} ({values}, difference "
            f"{ranged(*bounds, sign='+')}; {p_told(*row[TEST])})."
        )
    return sentences
