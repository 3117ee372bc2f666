"""The faces of all corpora as one: a table of rows, gathered from each corpus' arrays."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from facsimile.errors import UserError

KEY = ["id", "corpus", "row", "subject", "expression"]


def pool(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the faces of several ``faces.csv`` below each other: id, corpus, row, ...

    ``row`` is a face's place in the arrays of its corpus.

    Raises
    ------
    UserError
        If two faces have the same id.
    """
    faces = pd.concat([table.assign(row=range(len(table))) for table in tables])[KEY]
    twice = faces["id"][faces["id"].duplicated()]
    if len(twice):
        raise UserError(f"The face '{twice.iloc[0]}' is there twice: name each source once.")
    return faces.reset_index(drop=True)


def gather(faces: pd.DataFrame, arrays: Mapping[str, str | Path]) -> np.ndarray:
    """Return the rows of the corpora's arrays that belong to some faces, in their order.

    Parameters
    ----------
    faces : rows of the pool (corpus, row).
    arrays : the path of a ``.npy`` file for each corpus; it is mapped, not loaded.
    """
    opened = {corpus: np.load(path, mmap_mode="r") for corpus, path in arrays.items()}
    first = next(iter(opened.values()))
    rows = np.empty((len(faces), *first.shape[1:]), first.dtype)
    for corpus, array in opened.items():
        here = (faces["corpus"] == corpus).to_numpy()
        rows[here] = array[faces["row"].to_numpy()[here]]
    return rows
