"""Tables as people read them, made from the tidy ones."""

from collections.abc import Iterable

import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.measure.scores import scores


def in_order(expressions: Iterable[str]) -> list[str]:
    """Return the names in the order of the study, and others, such as ``all``, after them."""
    names = list(dict.fromkeys(expressions))
    return [name for name in EXPRESSIONS if name in names] + [
        name for name in names if name not in EXPRESSIONS
    ]


def main_score(agreement: pd.DataFrame) -> str:
    """Return the score to show first: IoU for regions, Pearson's r for densities."""
    found = set(agreement["score"])
    return next(name for name, score in scores().items() if score.main and name in found)


def label_of(score: str) -> str:
    """Return a score's name as people read it."""
    return scores()[score].label


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


def all_wide(agreement: pd.DataFrame) -> pd.DataFrame:
    """Return all scores, a row a network: explainer, reference, score, network, expressions, mean.

    Rows whose network is ``chance`` or ``best rival`` hold the means of these over networks.
    """
    keys = ["explainer", "reference", "score"]
    parts = []
    for _, part in agreement.groupby(keys, sort=False):
        names = part.iloc[0][keys]
        table = _with_levels(part, names["score"]).rename_axis("network").reset_index()
        parts.append(table.assign(**names)[[*keys, *table.columns]])
    return pd.concat(parts)


def _with_levels(part: pd.DataFrame, score: str) -> pd.DataFrame:
    """Return the wide table of one score, with the rows chance and best rival below it."""
    table = wide(part, score)
    for column, name in (("chance", "chance"), ("rival", "best rival")):
        level = part.groupby("expression")[column].mean().reindex(table.columns[:-1])
        table.loc[name] = [*level, level.mean(skipna=False)]
    return table


def latex(agreement: pd.DataFrame) -> str:
    """Return the main scores as LaTeX tables (booktabs), one an explainer and reference."""
    parts = []
    for (explainer, reference), part in agreement.groupby(["explainer", "reference"], sort=False):
        score = main_score(part)
        rows = part[part["score"] == score]
        table = _with_levels(rows, score).rename(index=lambda name: name.replace("_", r"\_"))
        text = table.style.format(precision=3, na_rep="--").to_latex(
            hrules=True,
            caption=f"{score} of {explainer} heatmaps with {reference}".replace("_", r"\_"),
            label=f"tab:{explainer}-{reference}",
            column_format="l" + "r" * len(table.columns),
        )
        parts.append(text)
    return "% Needs \\usepackage{booktabs}\n" + "\n".join(parts)


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
