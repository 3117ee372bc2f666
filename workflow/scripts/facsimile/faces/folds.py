"""Cross-validation folds that keep each person on one side."""

import logging

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.duplicates import people
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
        If there are fewer people or faces than folds, or an expression without any face.
    """
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
    draws = derive(seed, "folds", repeat) % 2**32
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=draws)
    assigned = np.empty(len(faces), np.int64)
    for fold, (_, test) in enumerate(splitter.split(faces, faces["expression"], person)):
        assigned[test] = fold
    _warn_of_gaps(faces["expression"], assigned)
    _hint_at_namesakes(faces, person)
    return faces.assign(person=person, fold=assigned)


def _warn_of_gaps(expression: pd.Series, fold: np.ndarray) -> None:
    """Say which training side lacks an expression: its networks cannot learn it."""
    for one in np.unique(fold):
        trained = set(expression[fold != one])
        lacking = [name for name in EXPRESSIONS if name not in trained]
        if lacking:
            log.warning(
                "Networks of fold %d are trained without a face of %s: all who show it are in the "
                "test side. Bring more people, or lower study: folds.", one, ", ".join(lacking),
            )  # fmt: skip


def _hint_at_namesakes(faces: pd.DataFrame, person: pd.Series) -> None:
    """Say so where subjects of different corpora have one name: they may be the same people."""
    known = faces["id"] != faces["corpus"] + "/" + faces["subject"].astype(str)
    named = faces[["corpus", "subject"]].assign(person=person.to_numpy())[known.to_numpy()]
    several = named.groupby("subject")["person"].nunique().loc[lambda count: count > 1].index
    if len(several):
        corpora = sorted(set(named.loc[named["subject"].isin(several), "corpus"]))
        log.warning(
            "Corpora %s have subjects of the same names, such as '%s', which count as different "
            "people: if they are the same, give these corpora one name for their `people`.",
            " and ".join(corpora), several[0],
        )  # fmt: skip
