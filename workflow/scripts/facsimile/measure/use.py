"""How far explanations follow what a network itself uses of drawn faces, unit by unit."""

import numpy as np
import pandas as pd
from scipy import stats

from facsimile.measure.intervals import LEVEL

COLUMNS = ["network", "explainer", "used", "used_low", "used_high"]


def follows(used: pd.DataFrame) -> pd.DataFrame:
    """Return how maps follow what networks use: a row a network and explainer.

    Columns network, explainer, ``used`` (Spearman's correlation, over all action units of all
    faces of a training, between what the answer loses without the unit and what is attributed to
    it; mean over the trainings) with ``used_low`` and ``used_high`` (95 % over trainings, by
    Student's t).

    Parameters
    ----------
    used : rows of ``used.csv``: network, explainer, repeat, fall, attribution.
    """
    rows = []
    for names, part in used.dropna().groupby(["network", "explainer"], sort=False):
        trainings = part.groupby("repeat")
        each = [one["fall"].corr(one["attribution"], method="spearman") for _, one in trainings]
        mean, half = np.mean(each), np.nan
        if len(each) > 1:
            half = stats.t.ppf((1 + LEVEL) / 2, len(each) - 1) * stats.sem(each)
        rows.append([*names, mean, mean - half, mean + half])
    return pd.DataFrame(rows, columns=COLUMNS)
