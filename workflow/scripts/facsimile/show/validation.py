"""The page of the method's own proof: what was planted, what was found."""

from collections.abc import Mapping

import pandas as pd

from facsimile.measure.planted import FOUND, LEARNED
from facsimile.show.facts import Facts
from facsimile.show.learned import MARK
from facsimile.show.record import software
from facsimile.show.report import Pictures, page, plain_yaml
from facsimile.show.wording import cells, counted, listed, p_cell, p_told, percent, ranged

ANSWERS = {"yes": "yes", "no": "not", "open": "not decided"}
"""What an interval says of a level, in ``findings``, and in a sentence."""


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
        summary=[sentence(row) for _, row in first.iterrows()],
        tally=tally(hidings, facts),
        intervals=listed(findings["interval"].dropna().unique()),
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


def sentence(row: pd.Series) -> str:
    """Return what one network and explainer found under one condition."""
    where = f"{row['condition']} ({row['network']}, {counted(row['n_repeats'], 'training')})"
    start = f"{where}: accuracy {percent(row['accuracy'])} on unseen people"
    if pd.isna(row["auroc"]):
        return f"{start}; no heatmap could be scored ({row['reason']})."
    own = row[["specificity", "specificity_low", "specificity_high"]]
    specific = f"no specificity ({row['reason']})"
    if pd.notna(row["specificity"]):
        specific = f"specificity {ranged(*own, sign='+')} ({p_told(row['p'], row['p_min'])})"
    auroc = ranged(*row[["auroc", "low", "high"]])
    return f"{start}; mean AUROC against the exact region {auroc}, {specific}: {_promised(row)}."


def _promised(row: pd.Series) -> str:
    """Return whether the evidence was found."""
    if not row["learned"]:
        return "the network has not learned enough for the proof"
    if pd.isna(row["low"]):
        return f"not decided, since AUROC has no interval ({row['interval']})"
    return {
        "yes": "the evidence is found",
        "no": f"short of the {FOUND:g} that the proof asks for",
        "open": f"not decided, the interval includes the {FOUND:g} that the proof asks for",
    }[row["found"]]


def tally(hidings: pd.DataFrame, facts: Facts) -> list[str]:
    """Return under which conditions each network's evidence is found, a sentence an explainer."""
    sentences = []
    for _, part in hidings.groupby(["network", "explainer"], sort=False):
        network, explainer = part.iloc[0][["network", "explainer"]]
        learned = part[part["learned"]]
        words = [f"{word} in {_conditions(learned, word)}" for word in VERDICTS]
        if len(learned) < len(part):
            words.append(f"not learned: {listed(part.loc[~part['learned'], 'condition'])}")
        sentences.append(f"{network}, {facts.names[explainer]}: {'; '.join(words)}.")
    return sentences


VERDICTS = ("found", "specific")


def _conditions(learned: pd.DataFrame, word: str) -> str:
    """Return under which conditions something is so, and under which this is not decided."""
    yes, undecided = (
        learned.loc[learned[word] == answer, "condition"] for answer in ("yes", "open")
    )
    text = listed(yes) if len(yes) else "none"
    return text + (f", not decided in {listed(undecided)}" if len(undecided) else "")


def _shown(findings: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Return findings as text, under the names that the page has for them."""
    shown = findings[["condition"]].copy()
    shown["network"] = [
        name if learned else f"{name} {MARK}"
        for name, learned in findings[["network", "learned"]].to_numpy()
    ]
    shown["explainer"] = findings["explainer"].map(facts.names)
    shown["accuracy (lowest)"] = [
        f"{percent(mean)} ({percent(lowest)})"
        for mean, lowest in findings[["accuracy", "accuracy_lowest"]].to_numpy()
    ]
    bounds = findings[["auroc", "low", "high"]].to_numpy(float)
    shown["AUROC"] = [ranged(*numbers) for numbers in bounds]
    shown["found"] = findings["found"].map(ANSWERS)
    numbers = findings[["lowest", "visible", "elsewhere", "iou", "pearson"]]
    shown = shown.join(cells(numbers.astype(float)))
    follows = findings[["used", "used_low", "used_high"]].to_numpy(float)
    shown["follows use"] = [ranged(*numbers, sign="+") for numbers in follows]
    own = findings[["specificity", "specificity_low", "specificity_high"]].to_numpy(float)
    shown["specificity"] = [ranged(*numbers, sign="+") for numbers in own]
    shown["p"] = [p_cell(*numbers) for numbers in findings[["p", "p_min"]].to_numpy(float)]
    shown["specific"] = findings["specific"].map(ANSWERS)
    shown = shown.join(findings[["expressions", "n_repeats"]])
    names = {"iou": "IoU", "pearson": "Pearson's r", "n_repeats": "trainings"}
    return shown.rename(columns=names).rename_axis(index=None)


def _pairs(places: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Return the comparisons of pairs as text, one a row."""
    shown = cells(places[["own", "swapped"]].astype(float))
    shown.insert(0, "network", places["network"])
    shown.insert(1, "explainer", places["explainer"].map(facts.names))
    bounds = places[["difference", "low", "high"]].to_numpy(float)
    shown["difference"] = [ranged(*numbers, sign="+") for numbers in bounds]
    shown["p"] = [p_cell(*numbers) for numbers in places[["p", "p_min"]].to_numpy(float)]
    shown = shown.join(places[["expressions", "n_repeats"]])
    shown = shown.rename(columns={"n_repeats": "trainings"})
    return shown.set_index(pd.Index(places["condition"] + " and " + places["other"], name=None))
