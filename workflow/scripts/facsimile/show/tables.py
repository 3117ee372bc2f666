"""Tables as people read them, made from the tidy ones."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.measure.scores import scores
from facsimile.show.learned import MARK, NOTE, mark_of, marked


def in_order(expressions: Iterable[str]) -> list[str]:
    """Return the names in the order of the study, and others, such as ``all``, after them."""
    names = list(dict.fromkeys(expressions))
    return [name for name in EXPRESSIONS if name in names] + [
        name for name in names if name not in EXPRESSIONS
    ]


class Primary(NamedTuple):
    """The reference and the score that were declared to decide; empty where none was."""

    reference: str
    score: str


def primary(table: pd.DataFrame) -> Primary:
    """Return what rows of the role primary have in common, from any table with that column."""
    rows = table.loc[table["role"] == "primary", ["reference", "score"]]
    return Primary(*rows.iloc[0]) if len(rows) else Primary("", "")


def main_score(table: pd.DataFrame, first: str) -> str:
    """Return the score to show first of a reference: the primary one, or that of its kind.

    Parameters
    ----------
    first : the primary score.
    """
    found = set(table["score"])
    if first in found:
        return first
    return next(name for name, score in scores().items() if score.main and name in found)


def label_of(score: str) -> str:
    """Return a score's name as people read it."""
    return scores()[score].label


def wide(agreement: pd.DataFrame, score: str) -> pd.DataFrame:
    """Return one score of one explainer and reference, networks down and expressions across.

    The last column is the mean; it is undefined (NaN) where a cell is, since means over different
    expressions are not comparable.
    """
    rows = agreement[agreement["score"] == score]
    cells = rows.set_index(["network", "expression"])["value"].astype(float)
    table = cells.unstack()  # noqa: PD010 (a cell given twice must be an error, not averaged)
    table = table.loc[rows["network"].unique(), in_order(rows["expression"])]
    return table.assign(mean=table.mean(axis=1, skipna=False)).rename_axis(index=None, columns=None)


LEVELS = {"untrained": "untrained", "shuffled": "shuffled labels", "rival": "best rival"}
"""Columns of the tidy table that wide ones have as rows, and the names of these."""


def all_wide(agreement: pd.DataFrame, classification: pd.DataFrame | None) -> pd.DataFrame:
    """Return all scores, a row a network.

    Columns: explainer, reference, score, role, network, the expressions, mean, learned (whether the
    network did, as far as is known). Below the networks stand the levels that they are held to,
    each the mean over the networks with a value.
    """
    known: dict[Any, bool] = {}
    if classification is not None:
        known = classification.set_index("network")["learned"].to_dict()
    keys = ["explainer", "reference", "score"]
    parts = []
    for _, part in agreement.groupby(keys, sort=False):
        names = part.iloc[0][[*keys, "role"]]
        table = _with_levels(part, names["score"]).rename_axis("network").reset_index()
        parts.append(table.assign(**names)[[*keys, "role", *table.columns]])
    whole = pd.concat(parts)
    return whole.assign(learned=whole["network"].map(known))


def _with_levels(part: pd.DataFrame, score: str) -> pd.DataFrame:
    """Return the wide table of one score, with the levels below it."""
    table, known = wide(part, score), part.dropna(subset="value")
    for column, name in LEVELS.items():
        level = known.groupby("expression")[column].mean().reindex(table.columns[:-1])
        table.loc[name] = [*level, level.mean(skipna=False)]
    return table


def latex(agreement: pd.DataFrame, classification: pd.DataFrame | None) -> str:
    """Return the scores shown first as LaTeX tables (booktabs), one an explainer and reference."""
    agreement = marked(agreement, mark_of(classification))
    first, parts = primary(agreement), []
    for (explainer, reference), part in agreement.groupby(["explainer", "reference"], sort=False):
        score = main_score(part, first.score)
        rows = part[part["score"] == score]
        table = _with_levels(rows, score).rename(index=_latex)
        caption = f"{label_of(score)} of {explainer} heatmaps with {reference}"
        note = f" {NOTE}" if part["network"].str.contains(MARK).any() else ""
        text = table.style.format(precision=3, na_rep="--").to_latex(
            hrules=True,
            caption=_latex(f"{caption} ({rows['role'].iloc[0]}).{note}"),
            label=f"tab:{explainer}-{reference}",
            column_format="l" + "r" * len(table.columns),
        )
        parts.append(text)
    return "% Needs \\usepackage{booktabs}\n" + "\n".join(parts)


def _latex(text: str) -> str:
    """Return a text as LaTeX writes it."""
    return text.replace("_", r"\_").replace(MARK, r"$\dagger$")


def undefined(agreement: pd.DataFrame) -> list[str]:
    """Return why values are missing: one sentence a reason, naming the cells."""
    missing = agreement[agreement["value"].isna()].drop_duplicates(["network", "expression"])
    reasons = missing["reason"].astype(object).fillna("").replace("", "no reason given")
    names = missing["network"] + " on " + missing["expression"]
    return [
        f"{reason[:1].upper()}{reason[1:]}: {', '.join(cells)}."
        for reason, cells in names.groupby(reasons, sort=True)
    ]


COUNTS = ["read", "kept", "excluded"]


def accounting(account: pd.DataFrame, faces: pd.DataFrame) -> pd.DataFrame:
    """Return one row a corpus: images read, kept and excluded, subjects, and how faces were found.

    Parameters
    ----------
    account : ``accounting.csv`` (corpus, subject, expression, read, kept, excluded).
    faces : the ``faces.csv`` of all corpora (corpus, box_from).

    Returns
    -------
    Columns read, kept, excluded, subjects (with a face kept), and one for each ``box_from``.
    """
    table = account.groupby("corpus", sort=False)[COUNTS].sum()
    subjects = account[account["kept"] > 0].groupby("corpus")["subject"].nunique()
    found = pd.crosstab(faces["corpus"], faces["box_from"])[faces["box_from"].unique()]
    table = table.assign(subjects=subjects).join(found).fillna(0).astype(int)
    return table.rename_axis(index=None, columns=None)


def by_expression(account: pd.DataFrame) -> pd.DataFrame:
    """Return faces kept of images read, as text: a row a corpus, a column an expression.

    The last column is for images whose label is none of the six, or not known.
    """
    names = account["expression"].where(account["expression"].isin(EXPRESSIONS), "others")
    sums = account.groupby(["corpus", names], sort=False)[COUNTS].sum()
    cells = sums["kept"].astype(str) + " of " + sums["read"].astype(str)
    columns = [*EXPRESSIONS, "others"]
    table = cells.unstack().reindex(account["corpus"].unique())  # noqa: PD010 (cells are unique)
    table = table.reindex(columns=columns).astype(object).fillna("0 of 0")
    return table.rename_axis(index=None, columns=None)


def by_subject(account: pd.DataFrame) -> pd.DataFrame:
    """Return one row a corpus: subjects read, those without a face kept, and faces a subject."""
    known = account[account["subject"] != ""]
    kept = known.groupby(["corpus", "subject"])["kept"].sum().groupby("corpus")
    table = pd.DataFrame(
        {
            "subjects": kept.size(),
            "without a face": kept.agg(lambda faces: (faces == 0).sum()),
            "fewest faces": kept.min(),
            "median": kept.median(),
            "most faces": kept.max(),
        }
    )
    return table.reindex(account["corpus"].unique(), fill_value=0).rename_axis(index=None)


def shared_images(duplicates: pd.DataFrame) -> pd.DataFrame:
    """Return how many images are there more than once, and as how many faces.

    Parameters
    ----------
    duplicates : ``duplicates.csv`` (sha256, id, subjects, expressions).

    Returns
    -------
    One row for each pair that occurs of: one or several subjects, one or several expressions.
    """
    words = {
        name: (duplicates[name] > 1).map({True: f"several {name}", False: f"one {name[:-1]}"})
        for name in ("subjects", "expressions")
    }
    groups = duplicates.assign(**words).groupby(list(words))["sha256"]
    return groups.agg(images="nunique", faces="size").reset_index()


def exclusions(excluded: pd.DataFrame) -> pd.DataFrame:
    """Return how many images each corpus lost for each reason, most frequent first."""
    counts = excluded.groupby(["corpus", "reason"], sort=True).size().rename("images")
    return counts.reset_index().sort_values("images", ascending=False, kind="stable")


def landmark_errors(faces: pd.DataFrame) -> pd.DataFrame:
    """Return the quartiles of the landmark error of each corpus where the truth is known."""
    known = faces.reindex(columns=["corpus", "landmark_error"]).dropna()
    # A column without any number is read as text.
    known = known.astype({"landmark_error": float})
    errors = known.groupby("corpus")["landmark_error"].describe()
    errors["count"] = errors["count"].astype(int)
    shown = {"count": "faces", "25%": "lower quartile", "50%": "median", "75%": "upper quartile"}
    return errors.rename(columns=shown)[list(shown.values())].rename_axis(index=None)
