"""Scores of a network's predictions; they need no network."""

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

SCORES = ("accuracy", "balanced_accuracy", "precision", "recall", "f1")
BOUNDED = ("accuracy", "balanced_accuracy", "f1")
"""Scores with an interval."""

CONFIDENCE = 0.95


def with_people(predictions: pd.DataFrame, faces: pd.DataFrame) -> pd.DataFrame:
    """Return predictions with a column person: who is on each face, itself where nobody knows.

    Parameters
    ----------
    faces : all faces of the study, of any repeat of its folds: id and person, or corpus and
        subject in its place.
    """
    if "person" in faces:
        person = faces["person"]
    else:
        named = faces["corpus"] + "/" + faces["subject"]
        person = named.where(faces["subject"] != "", faces["id"])
    return predictions.assign(person=predictions["id"].map(person.set_axis(faces["id"])))


def classification(predictions: pd.DataFrame) -> pd.DataFrame:
    """Return one row of scores: the mean over folds, of all repeats, and their spread.

    Parameters
    ----------
    predictions : rows of ``with_people``, of any number of repeats and folds.

    Returns
    -------
    Columns accuracy, balanced_accuracy (mean recall of the expressions that faces show), precision,
    recall, f1 (macro averages over the expressions that occur in a fold, as labels or predictions);
    the mean over folds, and with ``_std`` the sample standard deviation over folds, empty for a
    single one; accuracy, balanced_accuracy and f1 with ``_low`` and ``_high``, a 95 % interval over
    people and, if there are several, repeats; repeats, folds (of each repeat) and faces (of all
    repeats: each is in a test side once in each); chance (the accuracy of always naming the most
    frequent expression) and learned (whether the interval of accuracy lies above it).
    """
    folds = pd.DataFrame(
        [_scores(fold) for _, fold in predictions.groupby(["repeat", "fold"])], columns=list(SCORES)
    )
    spread = folds.std(ddof=1).add_suffix("_std")
    counts = {key: predictions[key].nunique() for key in ("repeat", "fold")}
    counts = {"repeats": counts["repeat"], "folds": counts["fold"], "faces": len(predictions)}
    chance = predictions["expression"].value_counts(normalize=True).max()
    bounds: dict[str, float] = {}
    for score in BOUNDED:
        mean, half = folds[score].mean(), half_width(predictions, score)
        bounds |= {f"{score}_low": max(mean - half, 0.0), f"{score}_high": min(mean + half, 1.0)}
    learned = folds["accuracy"].mean() - half_width(predictions, "accuracy") > chance
    judged = {**bounds, "chance": chance, "learned": learned}
    return pd.DataFrame([{**folds.mean(), **spread, **counts, **judged}])


def half_width(predictions: pd.DataFrame, score: str) -> float:
    """Return half the width of the interval of a score; NaN with a single person.

    People and repeats are crossed samples, as in multiway cluster-robust variance (Cameron, Gelbach
    and Miller, JBES 29, 2011); each has degrees of freedom of its own. Scores that are no means are
    linearised (Binder, International Statistical Review 51, 1983).
    """
    right = influence(predictions["expression"], predictions["predicted"], score)
    sums = right.groupby([predictions["person"], predictions["repeat"]]).sum()
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


def influence(labels: pd.Series, predicted: pd.Series, score: str) -> pd.Series:
    """Return by how much each face moves a score, times the number of faces: they add up to zero.

    ``score`` is one of ``BOUNDED``.
    """
    right, faces = (labels == predicted).astype(float), len(labels)
    if score == "accuracy":
        return right - right.mean()
    if score == "balanced_accuracy":
        own = right.groupby(labels)
        share = faces / own.transform("size") / labels.nunique()
        return share * (right - own.transform("mean"))
    names = sorted(set(labels) | set(predicted))
    total = pd.Series(0.0, labels.index)
    for name in names:
        here = (labels == name).astype(float) + (predicted == name)
        hit = right * (labels == name)
        # F1 is 2 hits / here, and both are sums over faces.
        total += 2 * (hit - hit.sum() / here.sum() * here) / here.sum()
    return total * faces / len(names)


def _scores(fold: pd.DataFrame) -> tuple[float, ...]:
    labels, predicted = fold["expression"], fold["predicted"]
    precision, recall, f1, _ = precision_recall_fscore_support(
        labels, predicted, average="macro", zero_division=0
    )
    own = (labels == predicted).groupby(labels).mean()
    return accuracy_score(labels, predicted), own.mean(), precision, recall, f1
