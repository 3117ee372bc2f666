"""What a face's size and place in its crop alone tell of its expression.

If crops are cut by what expressions move, such as brows and chin, a network can know the label
from where things lie, and need not look at the face.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import t as student
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from facsimile.faces.alignment import OUTER_CORNERS
from facsimile.faces.dataset import gather, labels
from facsimile.faces.duplicates import people

FOLDS = 5

FEWEST = 20
"""Faces that an expression needs, and so many people as there are folds, to be asked about."""

FEATURES = {"scale": [0], "place": [1, 2], "scale and place": [0, 1, 2]}
"""Which columns of `corners` are told apart by."""

COLUMNS = ["corpus", "features", "balanced_accuracy", "low", "high", "chance"]


def leakage(faces: pd.DataFrame, paths: Mapping[str, str | Path | np.ndarray]) -> pd.DataFrame:
    """Return how well each corpus' expressions are told from the eyes' place and distance alone.

    By quadratic discriminants, on people they were not trained on.

    Parameters
    ----------
    faces : the pool of all corpora (corpus, row, subject, expression, sha256).
    paths : corpus -> its ``landmarks.npy``, or the array itself.

    Returns
    -------
    ``COLUMNS``, a row for each corpus and entry of ``FEATURES``; low and high are a 95 % interval
    over people; chance is one over the number of expressions asked about. Empty where fewer than
    two expressions have enough faces.
    """
    rows = []
    for corpus in paths:
        own = faces[faces["corpus"] == corpus]
        own = own[_enough(own)]
        seen = corners(gather(own, paths)) if len(own) else np.empty((0, 3))
        kinds = own["expression"].nunique()
        for name, columns in FEATURES.items():
            told = _told(seen[:, columns], labels(own), people(own)) if kinds > 1 else [np.nan] * 3
            rows.append((corpus, name, *told, 1 / kinds if kinds > 1 else np.nan))
    return pd.DataFrame(rows, columns=COLUMNS)


def corners(landmarks: np.ndarray) -> np.ndarray:
    """Return the distance of the outer corners of the eyes, and their middle's x and y, (n, 3)."""
    left, right = np.moveaxis(landmarks[:, list(OUTER_CORNERS)].astype(np.float64), 1, 0)
    return np.column_stack([np.linalg.norm(right - left, axis=1), (left + right) / 2])


def _enough(faces: pd.DataFrame) -> pd.Series:
    """Return whose expression has enough faces, and people."""
    own = faces.groupby("expression")["subject"]
    return (own.transform("size") >= FEWEST) & (own.transform("nunique") >= FOLDS)


def _told(seen: np.ndarray, shown: np.ndarray, person: pd.Series) -> tuple[float, float, float]:
    """Return balanced accuracy on new people, and its interval."""
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    kinds, kind, count = np.unique(shown, return_inverse=True, return_counts=True)
    equal = np.full(len(kinds), 1 / len(kinds))
    # A touch of regularisation, for corpora whose faces all lie alike.
    discriminants = QuadraticDiscriminantAnalysis(priors=equal, reg_param=1e-3)
    model = make_pipeline(StandardScaler(), discriminants)
    right = cross_val_predict(model, seen, kind, groups=person, cv=folds) == kind
    recall = np.bincount(kind, right) / count
    # People are drawn, and recalls are ratios of what they bring: the delta method.
    shares = (right - recall[kind]) / count[kind] / len(kinds)
    of_person = pd.Series(shares).groupby(person.to_numpy()).sum()
    people_seen = len(of_person)
    error = np.sqrt(people_seen / (people_seen - 1) * np.square(of_person).sum())
    half = error * student.ppf(0.975, people_seen - 1)
    accuracy = recall.mean()
    return accuracy, max(accuracy - half, 0.0), min(accuracy + half, 1.0)
