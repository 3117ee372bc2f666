"""The summary of a study: its main results in sentences, and at a glance."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from facsimile.measure.table import ALL
from facsimile.show.pairs import Pair
from facsimile.show.sentences import said
from facsimile.show.wording import DASH, TEST, cells, counted, listed, p_cell, percent, ranged


def accuracy_sentence(classification: pd.DataFrame) -> str:
    """Return the result of the classification in a sentence, naming networks that did not learn."""
    best = classification.iloc[classification["accuracy"].argmax()]
    lead = (
        f"The most accurate of {len(classification)} networks is {best['network']}: it recognises"
    )
    if len(classification) == 1:
        lead = f"The network {best['network']} recognises"
    text = (
        f"{lead} {_accuracy(best)} of faces of people that it was not trained on, mean over "
        f"{counted(best['repeats'], 'training')}, where always naming the most frequent "
        f"expression gives {percent(best['chance'])}."
    )
    missed = classification[~classification["learned"].astype(bool)]
    if missed.empty:
        return f"{text} All networks learned: no interval of an accuracy includes that level."
    names = [f"{row['network']} ({_accuracy(row)})" for _, row in missed.iterrows()]
    return f"{text} Not shown to have learned: {listed(names)}."


def _accuracy(row: pd.Series) -> str:
    low, high = (percent(row[f"accuracy_{end}"]) for end in ("low", "high"))
    return f"{percent(row['accuracy'])} [{low}, {high}]"


def primary_sentences(pairs: Sequence[Pair]) -> list[str]:
    """Return what the primary score and reference say of each explainer.

    Each names the networks and expressions that its numbers are not about.
    """
    found = [pair for pair in pairs if pair.role == "primary"]
    if not found:
        return ["No score with any reference was declared primary: all here is exploratory."]
    return [
        f"Primary result, {pair.explainer} ({pair.label} with {pair.reference}): {said(pair)}"
        for pair in found
    ]


def glance(pairs: Sequence[Pair], trust: pd.DataFrame | None) -> pd.DataFrame:
    """Return the main results as text, explainers beside each other, the primary ones first.

    Rows are, for each reference, the mean of the score shown first, the levels that it stands
    beside, and specificity with the common face kept and removed; last the mean R² of surrogates,
    where an explainer fits some.
    """
    table: dict[str, Any] = {}
    for pair in pairs:
        mark = "" if pair.role == "primary" else ", exploratory"
        first = f"{pair.label} with {pair.reference}{mark}"
        for name, text in _lines(pair).items():
            table.setdefault(f"{first}{name}", {})[pair.explainer] = text
    if trust is not None and trust["r2"].notna().any():
        table["R² of the surrogate"] = trust.groupby("explainer")["r2"].mean().to_dict()
    explainers = dict.fromkeys(pair.explainer for pair in pairs)
    return cells(pd.DataFrame.from_dict(table, orient="index").reindex(columns=list(explainers)))


def _lines(pair: Pair) -> Mapping[str, str]:
    """Return the lines of one pair: what follows its name, and the text of its cell."""
    row = pair.every
    lines = {": mean": ranged(*row[["value", "low", "high"]])}
    if (every := pair.with_missed) is not None:
        lines[": mean with networks that did not learn"] = ranged(*every[["value", "low", "high"]])
    if pd.notna(row["untrained"]) or pd.notna(row["shuffled"]):
        both = cells(row[["untrained", "shuffled"]].astype(float).to_frame())
        lines[": untrained / shuffled labels"] = " / ".join(both.iloc[:, 0])
    names = {
        "kept": ": own less others'",
        "removed": ": the same in r, common face removed (exploratory)",
    }
    for common_face, name in names.items():
        rows = pair.own(common_face)
        lines[name] = _own(rows.loc[[ALL]].iloc[0]) if ALL in rows.index else DASH
    return lines


def _own(row: pd.Series) -> str:
    if np.isnan(row["specificity"]):
        return DASH
    bounds = row[["specificity", "specificity_low", "specificity_high"]]
    return f"{ranged(*bounds, sign='+')}; p {p_cell(*row[TEST])}"
