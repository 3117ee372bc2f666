"""Scores of a network's predictions; they need no network."""

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

SCORES = ("accuracy", "precision", "recall", "f1")
CONFIDENCE = 0.95


def with_people(predictions: pd.DataFrame, faces: pd.DataFrame) -> pd.DataFrame:
    """Return predictions with a column person: who is on each face, itself where nobody knows.

    Parameters
    ----------
    faces : rows with the columns id, corpus and subject.
    """
    named = faces["corpus"] + "/" + faces["subject"]
    person = named.where(faces["subject"] != "", faces["id"]).set_axis(faces["id"])
    return predictions.assign(person=predictions["id"].map(person))


def classification(predictions: pd.DataFrame) -> pd.DataFrame:
    """Return one row of scores: the mean over folds, of all repeats, and their spread.

    Parameters
    ----------
    predictions : rows of ``with_people``, of any number of repeats and folds.

    Returns
    -------
    Columns accuracy, precision, recall, f1 (macro averages over the expressions that occur in a
    fold, as labels or predictions; the mean over folds), the same with ``_std`` (sample standard
    deviation over folds, empty for a single one), repeats, folds (of each repeat) and faces (of
    all repeats: each is in a test side once in each); accuracy_low and accuracy_high (95 %
    interval, over people and, if there are several, repeats), chance (the accuracy of always naming
    the most frequent expression) and learned (whether the interval lies above it).
    """
    folds = pd.DataFrame(
        [_scores(fold) for _, fold in predictions.groupby(["repeat", "fold"])], columns=list(SCORES)
    )
    spread = folds.std(ddof=1).add_suffix("_std")
    counts = {key: predictions[key].nunique() for key in ("repeat", "fold")}
    counts = {"repeats": counts["repeat"], "folds": counts["fold"], "faces": len(predictions)}
    accuracy = folds["accuracy"].mean()
    half = half_width(predictions)
    chance = predictions["expression"].value_counts(normalize=True).max()
    bounds = {"accuracy_low": max(accuracy - half, 0.0), "accuracy_high": min(accuracy + half, 1.0)}
    judged = {**bounds, "chance": chance, "learned": accuracy - half > chance}
    return pd.DataFrame([{**folds.mean(), **spread, **counts, **judged}])


def half_width(predictions: pd.DataFrame) -> float:
    """Return half the width of the interval of accuracy; NaN with a single person.

    People and repeats are crossed samples, as in multiway cluster-robust variance (Cameron, Gelbach
    and Miller, JBES 29, 2011); each has degrees of freedom of its own.
    """
    right = (predictions["predicted"] == predictions["expression"]).astype(float)
    sums = (right - right.mean()).groupby([predictions["person"], predictions["repeat"]]).sum()
    table = sums.unstack(fill_value=0).to_numpy()  # noqa: PD010 (a person by repeats)
    people, repeats = table.shape
    if people < 2:
        return np.nan
    t_people, t_repeats = stats.t.ppf((1 + CONFIDENCE) / 2, [people - 1, repeats - 1])
    of_people = (table.sum(axis=1) ** 2).sum() * people / (people - 1)
    if repeats < 2:
        return float(t_people * np.sqrt(of_people) / len(right))
    of_repeats = (table.sum(axis=0) ** 2).sum() * repeats / (repeats - 1)
    # What is of one person in one repeat alone is in both, but counts once.
    both = table - table.mean(axis=0) - table.mean(axis=1, keepdims=True)
    of_both = (both**2).sum() * people * repeats / (people - 1) / (repeats - 1)
    reach = t_repeats**2 * of_repeats + t_people**2 * max(of_people - of_both, 0.0)
    return float(np.sqrt(reach) / len(right))


def _scores(fold: pd.DataFrame) -> tuple[float, ...]:
    labels, predicted = fold["expression"], fold["predicted"]
    precision, recall, f1, _ = precision_recall_fscore_support(
        labels, predicted, average="macro", zero_division=0
    )
    return accuracy_score(labels, predicted), precision, recall, f1
