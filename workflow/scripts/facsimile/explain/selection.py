"""Which faces are explained."""

import pandas as pd

from facsimile.errors import unknown
from facsimile.seeds import drawn

RULES = ("correct", "predicted")


def select(
    predictions: pd.DataFrame, expression: str, count: int, rule: str, seed: int
) -> pd.DataFrame:
    """Draw up to ``count`` test faces a fold that a network predicted as an expression.

    A face's place in the draw depends on the seed and the face alone, so networks that get the
    same faces right are explained on the same faces.

    Parameters
    ----------
    predictions : rows of ``predictions.csv`` (id, fold, expression, predicted).
    rule : ``correct`` draws from faces predicted rightly, ``predicted`` from all predicted so.

    Returns
    -------
    The chosen rows, in the order of the predictions.
    """
    if rule not in RULES:
        raise unknown("rule to select faces", rule, RULES)
    eligible = predictions[predictions["predicted"] == expression]
    if rule == "correct":
        eligible = eligible[eligible["expression"] == expression]
    return eligible[drawn(eligible["id"], eligible["fold"], count, seed, "explain")]
