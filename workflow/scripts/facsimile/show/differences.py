"""What the page says of differences: between explainers, and between starts of training."""

from collections.abc import Iterator

import pandas as pd

from facsimile.measure.scores import scores
from facsimile.measure.table import ALL
from facsimile.show import tables
from facsimile.show.learned import MARK
from facsimile.show.wording import (
    TEST,
    Verdict,
    counted,
    listed,
    number,
    p_cell,
    p_told,
    ranged,
    split,
    verdict,
)

COMPARED: dict[Verdict, str] = {
    "more": "{one} agrees better than {other}",
    "less": "{one} agrees less than {other}",
    "open": "{one} and {other} are not shown to differ",
    "too few": "{one} and {other} may or may not differ",
    "untested": "{one} and {other} were not tested",
}


def first_scores(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in the score shown first of each reference, the primary ones before all."""
    first = tables.primary(table)
    parts = [
        part[part["score"] == tables.main_score(part, first.score)]
        for _, part in table.groupby("reference", sort=False)
    ]
    if not parts:
        return table
    rows = pd.concat(parts)
    return rows.sort_values("role", key=lambda roles: roles != "primary", kind="stable")


def contrast_sentences(contrasts: pd.DataFrame) -> dict[str, list[str]]:
    """Return how other explainers differ from the first, by role: primary and exploratory."""
    sentences: dict[str, list[str]] = {"primary": [], "exploratory": []}
    for _, part in first_scores(contrasts).groupby(["reference", "one", "other"], sort=False):
        (row,) = (row for _, row in part.iterrows() if row["network"] == row["expression"] == ALL)
        sentences[row["role"]].append(_contrast(row, _lacking(part)))
    return sentences


def _lacking(part: pd.DataFrame) -> list[str]:
    """Return who is not in a mean over networks: expressions that none has, and networks.

    These are such as lack others, or did not learn, if some did.

    Parameters
    ----------
    part : of ``contrasts``, all rows of a pair of explainers, a reference and a score.
    """
    single = part[(part["network"] != ALL) & (part["expression"] != ALL)]
    known = single.set_index(["network", "expression"])["difference"].notna()
    table = known.unstack()  # noqa: PD010 (a cell given twice must be an error)
    table = table.loc[single["network"].unique(), tables.in_order(table.columns)]
    missed = table.index.str.contains(MARK)
    missed &= not missed.all()
    some = table[~missed].any()
    return [*some.index[~some], *table.index[missed | ~table.loc[:, some].all(axis=1)]]


def _contrast(row: pd.Series, lacking: list[str]) -> str:
    label = f"{tables.label_of(row['score'])} with {row['reference']}, {row['role']}"
    if pd.isna(row["difference"]):
        return f"{label}: {row['one']} and {row['other']} were not compared, {row['reason']}."
    told = verdict(scores()[row["score"]].sign * row["difference"], row["q"], row["p_min"])
    without = f" without {listed(lacking)}" if lacking else ""
    values = f"{number(row['value_one'])} less {number(row['value_other'])}"
    bounds = ranged(*row[["difference", "low", "high"]], sign="+")
    return (
        f"{label}: {COMPARED[told].format(**row[['one', 'other']])} ({values} is {bounds} over "
        f"{counted(row['n_networks'], 'network')}{without}; {p_told(*row[TEST])})."
    )


def contrast_tables(contrasts: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield, for each explainer held against the first, its differences as text.

    A row is a network, or all; a column a reference, in the score shown first of it.
    """
    rows = first_scores(contrasts)
    rows = rows[rows["expression"] == ALL]
    for (one, other), part in rows.groupby(["one", "other"], sort=False):
        shown = {}
        for names, own in part.groupby(["reference", "score", "role"], sort=False):
            reference, score, role = map(str, names)
            own = own.set_index("network")
            bounds = own[["difference", "low", "high"]].to_numpy(float)
            tests = own[TEST].to_numpy(float)
            name = f"{tables.label_of(score)} with {reference} ({role})"
            shown[name] = pd.Series([ranged(*row, sign="+") for row in bounds], own.index)
            shown[f"p, {reference}"] = pd.Series([p_cell(*row) for row in tests], own.index)
        yield {"one": one, "other": other, "table": pd.DataFrame(shown).rename_axis(index=None)}


def pretraining_sentence(pretraining: pd.DataFrame, explainer: str) -> str:
    """Return what pre-training changes, in the score and reference that are shown first."""
    rows = pretraining[pretraining["explainer"] == explainer]
    if rows.empty:
        return (
            f"In heatmaps by {explainer}: all networks of this study start alike, as far as is "
            "known, so nothing can be said about pre-training."
        )
    rows = first_scores(rows)
    rows = rows[(rows["reference"] == rows["reference"].iloc[0]) & (rows["expression"] == ALL)]
    first = rows.iloc[0]
    what = f"{tables.label_of(first['score'])} with {first['reference']}, {first['role']}"
    sentences = []
    for _, row in rows.iterrows():
        bounds = ranged(*row[["difference", "low", "high"]], sign="+")
        p = p_told(*row[TEST]) + (f" ({row['reason']})" if split(row["reason"]) else "")
        if row["comparison"] == "twins":
            sentences.append(
                f"{row['pretrained']} less {row['scratch']}, the same architecture: {bounds}; {p}."
            )
            continue
        sentences.append(
            f"Between architectures, {row['pretrained']} that start pre-trained less "
            f"{row['scratch']} that do not: {bounds}; {p}."
        )
        if row["confounded"]:
            sentences.append(
                "This confounds pre-training with architecture, and cannot tell which of them "
                "makes the difference."
            )
    return " ".join([f"In heatmaps by {explainer} ({what}):", *sentences])
