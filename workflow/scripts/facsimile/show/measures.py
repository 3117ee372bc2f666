"""The part of the report on measures: agreement, chance, specificity, pre-training, likeness."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from facsimile.show import tables
from facsimile.show.charts import LABELS

ALL = "all"
MEANINGS = {
    "ekman": "where an observer looks for each expression, after Friesen and Ekman (1983): unions "
    "of polygons over the landmarks of the canonical face.",
    "facs_core": "where the face moves: the action units in at least half of an expression's "
    "prototypes (Ekman, Friesen and Hager 2002).",
    "facs_variants": "the same with the units of all prototypes and major variants.",
    "human": "what people needed to see to name the expression, measured by uncovering faces tile "
    "by tile (after Wegrzyn et al. 2017), carried to the canonical face and averaged.",
}


@dataclass(frozen=True)
class Measures:
    """The tidy tables of the measuring stage, as files hold them; ceiling may be None.

    ``references`` are their names in order.
    """

    references: Sequence[str]
    agreement: pd.DataFrame
    specificity: pd.DataFrame
    pretraining: pd.DataFrame
    tests: pd.DataFrame
    ceiling: pd.DataFrame | None = None
    supported: bool = True


def context(measures: Measures) -> dict[str, object]:
    """Return what the template shows of the measures."""
    parts = list(measures.agreement.groupby(["explainer", "reference"], sort=False))
    first = parts[0][0][0]
    shown, untested = tests_cells(measures.tests)
    return {
        "references": measures.references,
        "meaning": lambda name: MEANINGS.get(name, "maps that this study brings itself."),
        "ceiling": None if measures.ceiling is None else ceiling_cells(measures.ceiling),
        "left_out": 0 if measures.ceiling is None else measures.ceiling["left_out"].iloc[0],
        "agreements": [
            {**agreement_cells(part, measures.specificity), "first": explainer == first}
            for (explainer, _), part in parts
        ],
        "unit": unit(measures.agreement["interval"]),
        "pretraining": pretraining_sentence(measures.pretraining),
        "supported": measures.supported,
        "tests": shown,
        "untested": untested,
        "permutations": int(measures.tests["permutations"].max()),
    }


def unit(intervals: pd.Series) -> str:
    """Return in words what intervals are over, from the column ``interval`` of the tidy table."""
    found = set(intervals)
    known = [name for name in ("subjects", "subjects and faces", "faces") if name in found]
    networks = "of all, over networks"
    return f"of a network, over {' or '.join(known)}; {networks}." if known else f"{networks} only."


def cells(table: pd.DataFrame, digits: int = 3) -> pd.DataFrame:
    """Return a table's cells as text: fractions rounded, undefined ones as a dash."""

    def text(value: object) -> str:
        if pd.isna(value):
            return "\N{EN DASH}"
        return f"{value:.{digits}f}" if isinstance(value, float) else str(value)

    return table.map(text)


def agreement_cells(agreement: pd.DataFrame, specificity: pd.DataFrame) -> dict[str, object]:
    """Return what the page shows of one explainer and reference.

    ``main``: networks by expressions; ``means``: a row a score; ``undefined``: why cells are
    missing; ``faces`` and ``interval``: sentences.
    """
    explainer, reference = agreement.iloc[0][["explainer", "reference"]]
    score = tables.main_score(agreement)
    fewest, most = agreement["n_faces"].min(), agreement["n_faces"].max()
    count = f"{fewest:g}" if fewest == most else f"{fewest:g} to {most:g}"
    own = specificity[
        (specificity["explainer"] == explainer)
        & (specificity["reference"] == reference)
        & (specificity["network"] == ALL)
    ].set_index("score")
    return {
        "explainer": explainer,
        "reference": reference,
        "label": LABELS[score],
        "main": cells(tables.wide(agreement, score)),
        "means": mean_cells(agreement, own),
        "faces": f"A heatmap is the mean of {count} faces. " if most else "",
        "interval": "Intervals of 95 % are over networks."
        if (own["n_networks"] > 1).any()
        else "Fewer than two networks have all expressions: there is no interval over networks.",
        "undefined": tables.undefined(agreement),
    }


def mean_cells(agreement: pd.DataFrame, specificity: pd.DataFrame) -> pd.DataFrame:
    """Return a row a score: value, chance, best baseline, specificity, p."""
    means = agreement.groupby("score", sort=False)[["value", "chance", "baseline"]].mean()
    table = cells(means.rename(columns={"baseline": "best baseline"}))
    for name, low, high in (
        ("value", "low", "high"),
        ("specificity", "specificity_low", "specificity_high"),
    ):
        numbers = specificity.reindex(means.index)
        table[name] = [ranged(*row) for row in numbers[[name, low, high]].itertuples(index=False)]
    table["above chance"] = [
        f"{(part['q'] < 0.05).sum()} of {part['q'].notna().sum()}"
        for _, part in agreement.groupby("score", sort=False)
    ]
    table["p of specificity"] = cells(specificity.reindex(means.index)[["p"]])["p"]
    return table.rename(index=LABELS)


def ranged(value: float, low: float, high: float) -> str:
    """Return a value with its interval in brackets, where there is one."""
    if np.isnan(value):
        return "\N{EN DASH}"
    return f"{value:.3f}" + ("" if np.isnan(low) else f" [{low:.3f}, {high:.3f}]")


def ceiling_cells(ceiling: pd.DataFrame) -> pd.DataFrame:
    """Return the noise ceiling, an expression a row, halves and faces beside each other."""
    numbers = ceiling.set_index(["expression", "between"])[["r", "reliability", "ceiling"]]
    table = numbers.unstack()  # noqa: PD010 (a row given twice must be an error, not averaged)
    table.columns = [f"{number}, {between}" for number, between in table.columns]
    rows = ceiling.groupby("expression")[["participants", "rows"]].first()
    return cells(table.join(rows).loc[tables.in_order(table.index)])


def pretraining_sentence(pretraining: pd.DataFrame) -> str:
    """Return what pre-training changes, in the main score of the first reference."""
    if pretraining.empty:
        return (
            "All networks of this study start alike, as far as is known, so nothing can be said "
            "about pre-training."
        )
    reference = pretraining["reference"].iloc[0]
    rows = pretraining[pretraining["reference"] == reference]
    rows = rows[(rows["score"] == tables.main_score(rows)) & (rows["expression"] == ALL)]
    label = LABELS[tables.main_score(rows)]
    paired = rows[rows["comparison"] == "twins"]
    sentences = [
        f"{row.pretrained} less {row.scratch}, the same architecture: {label} with {reference} "
        f"differs by {ranged(row.difference, row.low, row.high)}{p_of(row.p)}."
        for row in paired.itertuples()
    ]
    for row in rows[rows["confounded"].astype(bool)].itertuples():
        sentences.append(
            f"Between architectures, {row.pretrained} that start pre-trained differ from "
            f"{row.scratch} that do not by {ranged(row.difference, row.low, row.high)}"
            f"{p_of(row.p)} in {label} with {reference}: a comparison that confounds pre-training "
            "with architecture, and cannot tell which of them makes the difference."
        )
    return " ".join(sentences)


def p_of(p: float) -> str:
    """Return p in brackets, or nothing where it is not defined."""
    return "" if np.isnan(p) else f" (p = {p:.3f})"


def tests_cells(tests: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the tests over all expressions as text, and why others could not be made."""
    lines, reasons = {}, []
    for factor, part in tests[tests["test"] == "PERMANOVA"].groupby("factor", sort=False):
        row = part[part["expression"] == ALL].iloc[0]
        if np.isfinite(row["statistic"]):
            lines[f"PERMANOVA, {factor}"] = {
                "statistic": f"{row['statistic']:.2f}", "p": f"{row['p']:.4f}",
                "q": f"{row['q']:.4f}", "networks": row["n_networks"],
                "expressions with q < .05": _significant(part[part["expression"] != ALL]),
            }  # fmt: skip
        else:
            reasons.append(f"No PERMANOVA of {factor}: {row['reason']}.")
    mantel = tests[tests["test"] == "Mantel"]
    done = mantel[mantel["statistic"].notna()]
    if len(done):
        lines["Mantel"] = {
            "statistic": f"{done['statistic'].mean():.2f}", "p": "\N{EN DASH}",
            "q": "\N{EN DASH}", "networks": done["n_networks"].max(),
            "expressions with q < .05": _significant(done) + " pairs",
        }  # fmt: skip
    elif len(mantel):
        reasons.append(f"No Mantel test: {mantel['reason'].iloc[0]}.")
    return pd.DataFrame.from_dict(lines, orient="index"), reasons


def _significant(part: pd.DataFrame) -> str:
    return f"{(part['q'] < 0.05).sum()} of {part['q'].notna().sum()}"


def summary(agreement: pd.DataFrame, specificity: pd.DataFrame) -> list[str]:
    """Return the result in sentences, a paragraph an explainer and reference."""
    return [
        _sentence(part, specificity)
        for _, part in agreement.groupby(["explainer", "reference"], sort=False)
    ]


def _sentence(agreement: pd.DataFrame, specificity: pd.DataFrame) -> str:
    explainer, reference = agreement.iloc[0][["explainer", "reference"]]
    score = tables.main_score(agreement)
    label = LABELS[score]
    pair = f"Between the {explainer} heatmaps and the {reference} reference"
    rows = agreement[agreement["score"] == score].dropna(subset="value")
    if rows.empty:
        return f"{pair} no agreement could be computed."
    text = (
        f"{pair} the mean {label} is {rows['value'].mean():.3f}, where chance gives "
        f"{rows['chance'].mean():.3f} and the best baseline {rows['baseline'].mean():.3f}"
    )
    means = tables.wide(agreement, score)["mean"].dropna()
    if len(means) > 1:
        low, high = means.idxmin(), means.idxmax()
        text += f"; networks reach {means[low]:.3f} ({low}) to {means[high]:.3f} ({high})"
    own = specificity[
        (specificity["explainer"] == explainer)
        & (specificity["reference"] == reference)
        & (specificity["network"] == ALL)
        & (specificity["score"] == score)
    ].iloc[0]
    if np.isfinite(own["specificity"]):
        verdict = "specific to" if own["p"] < 0.05 else "not shown to be specific to"
        text += (
            f". With the other expressions' reference it is {own['others']:.3f}: the heatmaps are "
            f"{verdict} their expression (p = {own['p']:.3f} over all orders of the labels)"
        )
    return text + "."
