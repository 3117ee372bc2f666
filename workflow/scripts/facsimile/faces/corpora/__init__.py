"""Corpora: each kind has one reader, which yields what it found, kept or not.

A reader is a function of the corpus' options (the mapping in the configuration, without
``kind``) and yields a `Record` for every face to read and an `Excluded` for every row that
cannot be one. To add a kind: write the reader in a file of its own and name it in `READERS`.
"""

from collections.abc import Callable, Iterator

from facsimile.faces.corpora import embedded, table
from facsimile.faces.corpora.records import Excluded, Record

READERS: dict[str, Callable[..., Iterator[Record | Excluded]]] = {
    "csv": table.records,
    "embedded": embedded.records,
}

__all__ = ["READERS", "Excluded", "Record"]
