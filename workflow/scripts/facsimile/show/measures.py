"""The part of the report on measures: agreement, chance, specificity, pre-training, likeness."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from facsimile.measure.table import ALL
from facsimile.show import tables


@dataclass(frozen=True)
class Measures:
    """The tidy tables of the measuring stage, as files hold them.

    ``ceilings`` are the noise ceilings of references that have one, by their names.
    """

    agreement: pd.DataFrame
    specificity: pd.DataFrame
    pretraining: pd.DataFrame
    tests: pd.DataFrame
    ceilings: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def context(measures: Measures) -> dict[str, object]:
    """Return what the template shows of the measures."""
    tests = {
        name: tests_cells(part) for name, part in measures.tests.groupby("explainer", sort=False)
    }
    return {
        "ceilings": {
            name: {"table": ceiling_cells(table), "left_out": table["left_out"].iloc[0]}
            for name, table in measures.ceilings.items()
        },
        "agreements": [
            agreement_cells(part, measures.specificity)
            for _, part in measures.agreement.groupby(["explainer", "reference"], sort=False)
        ],
        "resampled": resampled(measures.agreement["interval"]),
        "pretraining": [
            pretraining_sentence(measures.pretraining, explainer)
            for explainer in measures.agreement["explainer"].unique()
        ],
        "tests": {name: table for name, (table, _) in tests.items() if not table.empty},
        "untested": list(
            dict.fromkeys(reason for _, reasons in tests.values() for reason in reasons)
        ),
        "permutations": int(measures.tests["permutations"].max()),
    }


def resampled(intervals: pd.Series) -> str:
    """Return in words what intervals are over, from the column ``interval`` of the tidy table."""
    found = set(intervals)
    known = [name for name in ("subjects", "subjects and faces", "faces") if name in found]
    networks = "of all, over networks"
    return f"of a network, over {' or '.join(known)}; {networks}." if known else f"{networks} only."


def cells(table: pd.DataFrame, digits: int = 3) -> pd.DataFrame:
    """Return a table's cells as text: fractions rounded, undefined ones as a dash."""

    def text(value: Any) -> str:
        if pd.isna(value):
            return "\N{EN DASH}"
        return f"{value:.{digits}f}" if isinstance(value, float) else str(value)

    return table.map(text)


def agreement_cells(agreement: pd.DataFrame, specificity: pd.DataFrame) -> dict[str, object]:
    """Return what the page shows of one explainer and reference.

    ``main``: networks by expressions; ``means``: a row a score; ``undefined``: why cells are
    missing; ``sentence``, ``faces`` and ``interval``: sentences.
    """
    explainer, reference = agreement.iloc[0][["explainer", "reference"]]
    score = tables.main_score(agreement)
    fewest, most = agreement["n_faces"].min(), agreement["n_faces"].max()
    count = f"{fewest:g}" if fewest == most else f"{fewest:g} to {most:g}"
    own = _together(specificity, explainer, reference)
    return {
        "explainer": explainer,
        "reference": reference,
        "sentence": sentence(agreement, specificity),
        "label": tables.label_of(score),
        "main": cells(tables.wide(agreement, score)),
        "means": mean_cells(agreement, own),
        "faces": f"A heatmap is the mean of {count} faces. " if most else "",
        "interval": "Intervals of 95 % are over networks."
        if (own["n_networks"] > 1).any()
        else "Fewer than two networks have all expressions: there is no interval over networks.",
        "undefined": tables.undefined(agreement),
    }


def _together(specificity: pd.DataFrame, explainer: str, reference: str) -> pd.DataFrame:
    """Return the rows of all networks together, by score."""
    wanted = (specificity["explainer"] == explainer) & (specificity["reference"] == reference)
    return specificity[wanted & (specificity["network"] == ALL)].set_index("score")


def mean_cells(agreement: pd.DataFrame, specificity: pd.DataFrame) -> pd.DataFrame:
    """Return a row a score: value, chance, best rival, specificity, p."""
    means = agreement.groupby("score", sort=False)[["value", "chance", "rival"]].mean()
    table = cells(means.rename(columns={"rival": "best rival"}))
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
    return table.rename(index=tables.label_of)


def ranged(value: float, low: float, high: float) -> str:
    """Return a value with its interval in brackets, where there is one."""
    if np.isnan(value):
        return "\N{EN DASH}"
    return f"{value:.3f}" + ("" if np.isnan(low) else f" [{low:.3f}, {high:.3f}]")


def ceiling_cells(ceiling: pd.DataFrame) -> pd.DataFrame:
    """Return the noise ceiling, an expression a row, halves and faces beside each other."""
    numbers = ceiling.set_index(["expression", "between"])[["r", "reliability", "ceiling"]]
    table = pd.DataFrame(numbers.unstack())  # noqa: PD010 (a row given twice must be an error)
    table.columns = [", ".join(names) for names in table.columns]
    rows = ceiling.groupby("expression")[["participants", "rows"]].first()
    return cells(table.join(rows).loc[tables.in_order(table.index)])


def pretraining_sentence(pretraining: pd.DataFrame, explainer: str) -> str:
    """Return what pre-training changes, in the main score of the first reference."""
    pretraining = pretraining[pretraining["explainer"] == explainer]
    if pretraining.empty:
        return (
            f"In heatmaps by {explainer}: all networks of this study start alike, as far as is "
            "known, so nothing can be said about pre-training."
        )
    reference = pretraining["reference"].iloc[0]
    rows = pretraining[pretraining["reference"] == reference]
    rows = rows[(rows["score"] == tables.main_score(rows)) & (rows["expression"] == ALL)]
    label = tables.label_of(tables.main_score(rows))
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
    return " ".join([f"In heatmaps by {explainer}:", *sentences])


def p_of(p: float) -> str:
    """Return p in brackets, or nothing where it is not defined."""
    return "" if np.isnan(p) else f" (p = {p:.3f})"


def tests_cells(tests: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return an explainer's tests over all expressions as text, and why others are missing."""
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


def _main(agreement: pd.DataFrame, specificity: pd.DataFrame) -> dict[Any, Any]:
    """Return the row of all networks together for one explainer's and reference's main score."""
    explainer, reference = agreement.iloc[0][["explainer", "reference"]]
    rows = _together(specificity, explainer, reference)
    return rows.loc[tables.main_score(agreement)].to_dict()


def sentence(agreement: pd.DataFrame, specificity: pd.DataFrame) -> str:
    """Return the result of one explainer and reference in a sentence or two."""
    explainer, reference = agreement.iloc[0][["explainer", "reference"]]
    score = tables.main_score(agreement)
    pair = f"Between the {explainer} heatmaps and the {reference} reference"
    rows = agreement[agreement["score"] == score].dropna(subset="value")
    if rows.empty:
        return f"{pair} no agreement could be computed."
    text = (
        f"{pair} the mean {tables.label_of(score)} is {rows['value'].mean():.3f}, where chance "
        f"gives {rows['chance'].mean():.3f} and the best rival {rows['rival'].mean():.3f}"
    )
    means = tables.wide(agreement, score)["mean"].dropna().sort_values(kind="stable")
    if len(means) > 1:
        low, high = (f"{means.iloc[at]:.3f} ({means.index[at]})" for at in (0, -1))
        text += f"; networks reach {low} to {high}"
    own = _main(agreement, specificity)
    if np.isfinite(own["specificity"]):
        verdict = "specific to" if own["p"] < 0.05 else "not shown to be specific to"
        text += (
            f". With the other expressions' reference it is {own['others']:.3f}: the heatmaps are "
            f"{verdict} their expression (p = {own['p']:.3f} over all orders of the labels)"
        )
    return text + "."


def verdicts(agreement: pd.DataFrame, specificity: pd.DataFrame) -> list[str]:
    """Return with which references the heatmaps are specific, a sentence an explainer."""
    sentences = []
    for explainer, whole in agreement.groupby("explainer", sort=False):
        found: dict[str, list[str]] = {}
        for reference, part in whole.groupby("reference", sort=False):
            p = _main(part, specificity)["p"]
            if np.isfinite(p):
                verdict = "specific to" if p < 0.05 else "not shown to be specific to"
                found.setdefault(verdict, []).append(f"{reference} (p = {p:.3f})")
        told = "; ".join(
            f"{verdict} their expression with {', '.join(names)}"
            for verdict, names in found.items()
        )
        sentences.append(f"Heatmaps by {explainer} are {told or 'too few to be compared'}.")
    return sentences


def glance(
    agreement: pd.DataFrame, specificity: pd.DataFrame, trust: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the main results as text, explainers beside each other.

    Rows are the mean main score with each reference and p of its specificity, and last the mean
    R² of surrogates, where an explainer fits some.
    """
    table: dict[str, Any] = {}
    for _, part in agreement.groupby(["explainer", "reference"], sort=False):
        explainer, reference = part.iloc[0][["explainer", "reference"]]
        score = tables.main_score(part)
        mean = part.loc[part["score"] == score, "value"].mean()
        text = ranged(mean, np.nan, np.nan) + p_of(_main(part, specificity)["p"])
        table.setdefault(f"{tables.label_of(score)} with {reference}", {})[explainer] = text
    if trust is not None and trust["r2"].notna().any():
        table["R² of the surrogate"] = trust.groupby("explainer")["r2"].mean().to_dict()
    explainers = agreement["explainer"].unique()
    return cells(pd.DataFrame.from_dict(table, orient="index").reindex(columns=explainers))
