"""Cross-validation folds that keep each person on one side."""

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.duplicates import people
from facsimile.seeds import derive


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
    The same rows with a further column ``fold``, 0 to ``folds`` - 1.

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
    return faces.assign(fold=assigned)
