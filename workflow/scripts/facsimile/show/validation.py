"""The page of the method's own proof: what was planted, what was found."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from facsimile.measure.planted import FOUND, LEARNED
from facsimile.show.facts import Facts
from facsimile.show.measures import cells, ranged
from facsimile.show.report import Pictures, page, percent, plain_yaml, software


def render(
    findings: pd.DataFrame,
    places: pd.DataFrame,
    pictures: Pictures,
    facts: Facts,
    settings: Mapping,
) -> str:
    """Return the report as one self-contained page of HTML.

    Parameters
    ----------
    findings, places : the tables of ``measure.planted``.
    settings : of the validation; each of its corpora is a condition.
    """
    first = findings.groupby(["condition", "network"], sort=False).head(1)
    hidings = findings[findings["explainer"].isin(hiding(facts))]
    corpora = settings["corpora"]
    return page(
        "validation.html.j2",
        pictures,
        facts,
        summary=[sentence(row, corpora[row["condition"]]) for _, row in first.iterrows()],
        tally=tally(hidings, corpora, facts),
        corpora=corpora,
        hidings=_shown(hidings, facts).set_index("condition"),
        tables={
            condition: _shown(part, facts).set_index("explainer").drop(columns="condition")
            for condition, part in findings.groupby("condition", sort=False)
        },
        places=_pairs(places, facts),
        learned=percent(LEARNED),
        found=FOUND,
        settings=plain_yaml(settings),
        software=software(),
    )


def hiding(facts: Facts) -> list[str]:
    """Return the first explainer, and those that differ from it in the baseline alone."""
    (first, main), *others = facts.explainers.items()
    row = {**main.row, "baseline": None}
    return [
        first,
        *(name for name, one in others if {**one.row, "baseline": None} == row),
    ]


def sentence(row: pd.Series, corpus: Mapping) -> str:
    """Return what one network and explainer found under one condition, promised or not."""
    where = f"{row['condition']} ({row['network']})"
    start = f"{where}: accuracy {percent(row['accuracy'])} on unseen people"
    if not np.isfinite(row["auroc"]):
        return f"{start}; no heatmap could be scored ({row['reason']})."
    specific = (
        f"specificity {row['specificity']:+.3f} (p = {row['p']:.3f})"
        if np.isfinite(row["p"])
        else f"no specificity ({row['reason']})"
    )
    found = f"mean AUROC against the exact region {row['auroc']:.3f}, {specific}"
    if corpus["shuffle_labels"]:
        held = not (row["learned"] or row["found"] or row["specific"])
        verdict = (
            "as it must be where labels mean nothing" if held else "MORE than there is to find"
        )
    elif not row["learned"]:
        verdict = "the network has not learned enough for the proof"
    elif row["found"]:
        verdict = "the evidence is found"
    else:
        verdict = f"short of the {FOUND:g} that the proof asks for"
    return f"{start}; {found}: {verdict}."


def tally(hidings: pd.DataFrame, corpora: Mapping, facts: Facts) -> list[str]:
    """Return under which conditions each network's evidence is found, a sentence an explainer."""
    told = hidings[[not corpora[name]["shuffle_labels"] for name in hidings["condition"]]]
    sentences = []
    for _, part in told.groupby(["network", "explainer"], sort=False):
        network, explainer = part.iloc[0][["network", "explainer"]]
        learned = part[part["learned"]]
        places = {word: list(learned.loc[learned[word], "condition"]) for word in VERDICTS}
        words = [f"{word} in {', '.join(names) or 'none'}" for word, names in places.items()]
        sentences.append(f"{network}, {facts.names[explainer]}: {'; '.join(words)}.")
    return sentences


VERDICTS = ("found", "specific")


def _shown(findings: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Return findings as text, under the names that the page has for them."""
    shown = findings[["condition", "network"]].copy()
    shown["explainer"] = findings["explainer"].map(facts.names)
    shown["accuracy"] = findings["accuracy"].map(percent)
    bounds = findings[["auroc", "low", "high"]].to_numpy()
    shown["AUROC"] = [ranged(*numbers) for numbers in bounds]
    numbers = findings[["lowest", "visible", "elsewhere", "iou", "pearson", "specificity", "p"]]
    shown = shown.join(cells(numbers.astype(float)))
    shown["placed"] = [
        f"{placed} of {count}"
        for placed, count in zip(findings["placed"], findings["expressions"], strict=True)
    ]
    return shown.rename(columns={"iou": "IoU", "pearson": "Pearson's r"}).rename_axis(index=None)


def _pairs(places: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Return the comparisons of pairs as text, one a row."""
    shown = cells(places[["own", "swapped", "difference", "p"]].astype(float))
    shown.insert(0, "network", places["network"])
    shown.insert(1, "explainer", places["explainer"].map(facts.names))
    return shown.set_index(pd.Index(places["condition"] + " and " + places["other"], name=None))
