"""Which faces are explained."""

import pandas as pd

from facsimile.errors import unknown
from facsimile.seeds import drawn

RULES = ("correct", "predicted", "labelled")


def select(
    predictions: pd.DataFrame, expression: str, count: int, rule: str, seed: int
) -> pd.DataFrame:
    """Draw up to ``count`` test faces a fold for one expression.

    A face's place in the draw depends on the seed and the face alone, so networks, and repeats,
    that get the same faces right are explained on the same faces as far as their folds are alike.

    Parameters
    ----------
    predictions : rows of ``predictions.csv`` (id, fold, expression, predicted) of one repeat.
    rule : ``correct`` draws from faces predicted rightly, ``predicted`` from all predicted so,
        ``labelled`` from all of that label, whatever was predicted.

    Returns
    -------
    The chosen rows, in the order of the predictions.
    """
    if rule not in RULES:
        raise unknown("rule to select faces", rule, RULES)
    eligible = predictions
    if rule != "labelled":
        eligible = eligible[eligible["predicted"] == expression]
    if rule != "predicted":
        eligible = eligible[eligible["expression"] == expression]
    return eligible[drawn(eligible["id"], eligible["fold"], count, seed, "explain")]
