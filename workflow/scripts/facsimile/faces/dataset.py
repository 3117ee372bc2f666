"""The faces of all corpora as one: a table of rows, and the corpora's arrays behind it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS, tables
from facsimile.errors import UserError
from facsimile.seeds import drawn

KEY = ["id", "corpus", "row", "subject", "expression"]


def read(path: str | Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a table of faces or of what was excluded, in which empty names are empty text.

    Parameters
    ----------
    path : of ``faces.csv``, ``excluded.csv`` or ``folds/repeat0.csv``.
    columns : to read; by default all.
    """
    table = tables.read(path, columns)
    return table.fillna(dict.fromkeys(table.columns.intersection(tables.NAMES), ""))


def read_pool(paths: Sequence[str | Path]) -> pd.DataFrame:
    """Return the faces of several ``faces.csv``; see ``pool``."""
    columns = ["id", "corpus", "subject", "expression", "sha256", "people"]
    return pool([read(path, columns) for path in paths])


def pool(corpora: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the faces of several ``faces.csv`` below each other.

    Columns id, corpus, row, subject, expression, sha256 and people.

    ``row`` is a face's place in the arrays of its corpus, ``people`` whose subjects it names: the
    corpus' own where its people are in no other.

    Raises
    ------
    UserError
        If two faces have the same id.
    """
    rows = [
        table.assign(row=range(len(table)), people=table.get("people", table["corpus"]))
        for table in corpora
    ]
    faces = pd.concat(rows)[[*KEY, "sha256", "people"]]
    twice = faces["id"][faces["id"].duplicated()]
    if len(twice):
        raise UserError(f"The face '{twice.iloc[0]}' is there twice: name each source once.")
    return faces.reset_index(drop=True)


class Rows:
    """The rows of the corpora's arrays that belong to some faces, in their order.

    They stay on disk until a slice or an array of places is asked for: ``rows[places]``.

    Parameters
    ----------
    faces : rows of the pool (corpus, row).
    paths : the ``.npy`` file of each corpus by its name, with a row a face; mapped, not loaded. Or
        the array itself.
    """

    def __init__(self, faces: pd.DataFrame, paths: Mapping[str, str | Path | np.ndarray]):
        self._arrays = [
            one if isinstance(one, np.ndarray) else np.load(one, mmap_mode="r")
            for one in paths.values()
        ]
        numbers = {corpus: number for number, corpus in enumerate(paths)}
        self._corpus = np.array([numbers[corpus] for corpus in faces["corpus"]], np.int64)
        self._row = faces["row"].to_numpy()
        self.shape = (len(faces), *self._arrays[0].shape[1:])

    def __len__(self) -> int:
        return len(self._row)

    def __getitem__(self, places: slice | np.ndarray) -> np.ndarray:
        corpus, row = self._corpus[places], self._row[places]
        rows = np.empty((len(row), *self.shape[1:]), self._arrays[0].dtype)
        for number, array in enumerate(self._arrays):
            rows[corpus == number] = array[row[corpus == number]]
        return rows


def gather(faces: pd.DataFrame, paths: Mapping[str, str | Path | np.ndarray]) -> np.ndarray:
    """Return all of ``Rows`` in memory."""
    return Rows(faces, paths)[:]


def reader(
    faces: pd.DataFrame, *files: Mapping[str, str | Path]
) -> Callable[[str], tuple[np.ndarray, ...]]:
    """Return a function that gives, by a face's id, its row in each of several ``Rows``."""
    places = pd.Series(range(len(faces)), index=faces["id"])
    arrays = [Rows(faces, paths) for paths in files]
    return lambda face: tuple(array[np.array([places[face]])][0] for array in arrays)


def sample(faces: pd.DataFrame, count: int, seed: int) -> pd.DataFrame:
    """Return up to ``count`` faces of each expression, drawn with a seed."""
    return faces[drawn(faces["id"], faces["expression"], count, seed, "sample")]


def labels(faces: pd.DataFrame) -> np.ndarray:
    """Return the place of each face's expression in ``EXPRESSIONS``, (faces,) ints."""
    return faces["expression"].map(EXPRESSIONS.index).to_numpy(np.int64)
