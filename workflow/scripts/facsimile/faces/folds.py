"""Cross-validation folds that keep each person on one side."""

import logging
from collections.abc import Iterable

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.duplicates import meant, people
from facsimile.faces.subjects import key
from facsimile.seeds import derive

log = logging.getLogger(__name__)


def assign_folds(faces: pd.DataFrame, folds: int, seed: int, repeat: int = 0) -> pd.DataFrame:
    """Give every face the fold in whose test side it is, by person, balanced by expression.

    Subjects who share an image count as one person, so that no image is on both sides.

    Parameters
    ----------
    faces : rows with the columns id, corpus, row, subject, expression, sha256.
    folds : how many folds.
    seed : of the study.
    repeat : of the cross-validation; each has folds of its own.

    Returns
    -------
    The same rows with two further columns: ``person``, who counts as one, and ``fold``, 0 to
    ``folds`` - 1.

    Raises
    ------
    UserError
        If there are fewer people or faces than folds, an expression without any face, or an image
        that two corpora label as different expressions.
    """
    _refuse_two_labels(faces)
    person = people(faces)
    if person.nunique() < folds:
        raise UserError(
            f"{folds} folds need at least {folds} different subjects, found {person.nunique()} "
            "(who share an image count as one): lower study: folds, or bring more subjects."
        )
    absent = [name for name in EXPRESSIONS if name not in set(faces["expression"])]
    if absent:
        raise UserError(f"No corpus has a face of {', '.join(absent)}: all six are studied.")
    most = faces["expression"].value_counts().max()
    if most < folds:
        raise UserError(
            f"{folds} folds need at least {folds} faces of an expression, found {most}: "
            "lower study: folds, or bring more faces."
        )
    from sklearn.model_selection import StratifiedGroupKFold  # slow, and most only read folds

    draws = derive(seed, "folds", repeat) % 2**32
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=draws)
    assigned = np.empty(len(faces), np.int64)
    for fold, (_, test) in enumerate(splitter.split(faces, faces["expression"], person)):
        assigned[test] = fold
    _hint_at_namesakes(faces, person)
    return faces.assign(person=person, fold=assigned)


def check_folds(faces: pd.DataFrame, repeat: int = 0, trained: bool = True) -> None:
    """Refuse folds that would tell a network what it is tested on, or never teach it something.

    Parameters
    ----------
    faces : rows of ``assign_folds``.
    repeat : of the cross-validation, for the message.
    trained : whether any network is trained on them: finished ones need no side to learn from.

    Raises
    ------
    UserError
        If a subject or an image is in the test sides of two folds, and so on both sides of each; or
        if a training side has no face of an expression.
    """
    for what, names in (("subject", meant(faces)), ("image", faces["sha256"])):
        folds = faces["fold"].groupby(names.to_numpy()).agg(["first", "last", "nunique"])
        for name, (one, other, _) in folds[folds["nunique"] > 1].iterrows():
            ids = faces["id"][(names == name) & faces["fold"].isin([one, other])]
            raise UserError(
                f"Repeat {repeat}: one {what} is in the test sides of folds {one} and {other}, "
                f"and so on both sides of each, by the faces {listed(ids)}: these folds were "
                "not made by this study; remove them, and they are made anew."
            )
    for fold in sorted(set(faces["fold"])) if trained else ():
        _check_sides(faces, faces["fold"] == fold, f"fold {fold} of repeat {repeat}")


def _check_sides(faces: pd.DataFrame, tested: pd.Series, where: str) -> None:
    """Refuse a training side without an expression, and say so of a test side."""
    for name in EXPRESSIONS:
        own = faces["expression"] == name
        if not own[tested].any():
            log.warning("The test side of %s has no face of %s: nothing is said of it there.",
                        where, name)  # fmt: skip
        if own[~tested].any():
            continue
        count, corpora = people(faces)[own].nunique(), sorted(set(faces["corpus"][own]))
        cure = "" if count == 1 else ", raise `study: folds`, or try another `study: seed`"
        raise UserError(
            f"The training side of {where} has no face of {name}: all {own.sum()} of them, of "
            f"{count} {'person' if count == 1 else 'people'} in corpus {listed(corpora)}, are in "
            f"its test side, and its networks could not learn it. Bring faces of {name} by other "
            f"people{cure}."
        )


def listed(names: Iterable[str]) -> str:
    """Return some names in quotes."""
    return " and ".join(f"'{name}'" for name in names)


def _refuse_two_labels(faces: pd.DataFrame) -> None:
    """Refuse an image with two expressions: of one corpus such were left out as it was read."""
    labels = faces.groupby("sha256")["expression"].nunique()
    torn = faces[faces["sha256"].isin(labels.index[labels > 1])].sort_values(["sha256", "id"])
    if torn.empty:
        return
    one = torn.iloc[0]
    other = torn[(torn["sha256"] == one["sha256"]) & (torn["expression"] != one["expression"])]
    raise UserError(
        f"Corpora disagree on what {torn['sha256'].nunique()} of their images show, such as "
        f"'{one['id']}' ({one['expression']}), the pixels of which are those of "
        f"'{other['id'].iloc[0]}' ({other['expression'].iloc[0]}). One of the labels is wrong: "
        "take the images out of one corpus, or leave that corpus out. faces/duplicates.csv among "
        "the results, of the rule account_faces, lists all."
    )


def _hint_at_namesakes(faces: pd.DataFrame, person: pd.Series) -> None:
    """Say so where subjects of different corpora have one name: they may be the same people."""
    known = faces["id"] != faces["corpus"] + "/" + faces["subject"].astype(str)
    named = faces[["corpus", "subject"]].assign(person=person.to_numpy())[known.to_numpy()]
    alike = named["subject"].astype(str).map(key)
    named = named[named.groupby(alike)["person"].transform("nunique") > 1]
    if len(named):
        corpora = sorted(set(named["corpus"]))
        log.warning(
            "Corpora %s have subjects of the same names, such as '%s', which count as different "
            "people: if they are the same, give these corpora one name for their `people`.",
            " and ".join(corpora), named["subject"].min(),
        )  # fmt: skip
