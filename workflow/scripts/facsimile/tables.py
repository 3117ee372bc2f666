"""The project's own tables, in which names stay names: a network may be called 50, or NA."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

NAMES = [
    "id", "corpus", "subject", "people", "person", "expression", "source", "reason", "sha256",
    "network", "explainer", "reference", "superpixels", "baseline", "method", "one", "other",
    "pretrained", "scratch", "members", "left_out", "neutral",
]  # fmt: skip
"""Columns whose text is a name, or several, whatever it looks like."""


def read(path: str | Path, columns: Collection[str] | None = None) -> pd.DataFrame:
    """Return a table; an empty cell is NaN.

    Parameters
    ----------
    path : of a CSV that the project has written.
    columns : to read, as far as there are such; by default all.
    """
    return pd.read_csv(
        path,
        usecols=None if columns is None else lambda column: column in columns,
        dtype=dict.fromkeys(NAMES, str),
        keep_default_na=False,
        na_values=[""],
    )
