"""Scores of a network's predictions; they need no network."""

import pandas as pd
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

SCORES = ("accuracy", "precision", "recall", "f1")


def classification(predictions: pd.DataFrame) -> pd.DataFrame:
    """Return one row of scores: the mean over folds and its spread.

    Parameters
    ----------
    predictions : rows of ``predictions.csv``, of any number of folds.

    Returns
    -------
    Columns accuracy, precision, recall, f1 (macro averages over the expressions that occur in a
    fold, as labels or predictions; the mean over folds), the same with ``_std`` (sample standard
    deviation over folds, empty for a single one), folds and faces.
    """
    folds = pd.DataFrame(
        [_scores(fold) for _, fold in predictions.groupby("fold")], columns=list(SCORES)
    )
    spread = folds.std(ddof=1).add_suffix("_std")
    counts = {"folds": len(folds), "faces": len(predictions)}
    return pd.DataFrame([{**folds.mean(), **spread, **counts}])


def _scores(fold: pd.DataFrame) -> tuple[float, ...]:
    labels, predicted = fold["expression"], fold["predicted"]
    precision, recall, f1, _ = precision_recall_fscore_support(
        labels, predicted, average="macro", zero_division=0
    )
    return accuracy_score(labels, predicted), precision, recall, f1
