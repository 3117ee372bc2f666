"""The faces of all corpora as one: a table of rows, gathered from each corpus' arrays."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.seeds import drawn

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


def gather(faces: pd.DataFrame, corpora: Sequence[str], paths: Sequence[str | Path]) -> np.ndarray:
    """Return the rows of the corpora's arrays that belong to some faces, in their order.

    Parameters
    ----------
    faces : rows of the pool (corpus, row).
    corpora : their names.
    paths : the ``.npy`` file of each corpus, with a row a face; mapped, not loaded.
    """
    arrays = [np.load(path, mmap_mode="r") for path in paths]
    rows = np.empty((len(faces), *arrays[0].shape[1:]), arrays[0].dtype)
    for corpus, array in zip(corpora, arrays, strict=True):
        here = (faces["corpus"] == corpus).to_numpy()
        rows[here] = array[faces["row"].to_numpy()[here]]
    return rows


def sample(faces: pd.DataFrame, count: int, seed: int) -> pd.DataFrame:
    """Return up to ``count`` faces of each expression, drawn with a seed."""
    return faces[drawn(faces["id"], faces["expression"], count, seed, "sample")]


def labels(faces: pd.DataFrame) -> np.ndarray:
    """Return the place of each face's expression in ``EXPRESSIONS``, (faces,) ints."""
    return faces["expression"].map(EXPRESSIONS.index).to_numpy(np.int64)
