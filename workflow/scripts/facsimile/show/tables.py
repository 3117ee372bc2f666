"""Tables as people read them, made from the tidy ones."""

from collections.abc import Iterable

import pandas as pd

from facsimile import EXPRESSIONS


def in_order(expressions: Iterable[str]) -> list[str]:
    """Return the names in the order of the study."""
    return [name for name in EXPRESSIONS if name in set(expressions)]


def wide(agreement: pd.DataFrame, score: str = "iou") -> pd.DataFrame:
    """Return one score of one explainer and reference, networks down and expressions across.

    The last column is the mean; it is undefined (NaN) where a cell is, since means over different
    expressions are not comparable.
    """
    rows = agreement[agreement["score"] == score]
    cells = rows.set_index(["network", "expression"])["value"].astype(float)
    table = cells.unstack()  # noqa: PD010 (a cell given twice must be an error, not averaged)
    table = table.loc[rows["network"].unique(), in_order(rows["expression"])]
    return table.assign(mean=table.mean(axis=1, skipna=False)).rename_axis(index=None, columns=None)


def undefined(agreement: pd.DataFrame) -> list[str]:
    """Return why values are missing: one sentence a reason, naming the cells."""
    missing = agreement[agreement["value"].isna()].drop_duplicates(["network", "expression"])
    reasons = missing["reason"].astype(object).fillna("").replace("", "no reason given")
    names = missing["network"] + " on " + missing["expression"]
    return [
        f"{reason[:1].upper()}{reason[1:]}: {', '.join(cells)}."
        for reason, cells in names.groupby(reasons, sort=True)
    ]


def accounting(faces: pd.DataFrame, excluded: pd.DataFrame) -> pd.DataFrame:
    """Return one row a corpus: images read, kept, excluded, subjects, and faces per expression.

    Parameters
    ----------
    faces : the ``faces.csv`` of all corpora (corpus, subject, expression).
    excluded : the ``excluded.csv`` of all corpora (corpus, source, reason).
    """
    corpora = pd.unique(pd.concat([faces["corpus"], excluded["corpus"]]))
    kept = faces.groupby("corpus").size().reindex(corpora, fill_value=0)
    lost = excluded.groupby("corpus").size().reindex(corpora, fill_value=0)
    subjects = faces.groupby("corpus")["subject"].nunique().reindex(corpora, fill_value=0)
    table = pd.DataFrame(
        {"read": kept + lost, "kept": kept, "excluded": lost, "subjects": subjects}, index=corpora
    )
    counts = pd.crosstab(faces["corpus"], faces["expression"])
    counts = counts.reindex(index=corpora, columns=list(EXPRESSIONS), fill_value=0)
    return table.join(counts).rename_axis(index=None, columns=None)


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
