"""Multiplicity: what is left of many p values."""

from collections.abc import Sequence

import pandas as pd
from scipy.stats import false_discovery_control


def false_discovery(table: pd.DataFrame, families: Sequence[str]) -> pd.Series:
    """Return q after Benjamini and Hochberg (1995), among the rows that share their families.

    Parameters
    ----------
    table : with a column p, NaN where there is none.
    families : columns; rows that agree in all of them are tested together.
    """

    def adjust(p: pd.Series) -> pd.Series:
        known = p.dropna()
        if known.empty:
            return p
        return pd.Series(false_discovery_control(known), known.index).reindex(p.index)

    return table.groupby(list(families), sort=False)["p"].transform(adjust).astype(float)
