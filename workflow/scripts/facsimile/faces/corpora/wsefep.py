"""Kind ``wsefep``: Warsaw Set of Emotional Facial Expression Pictures (Olszanowski et al. 2015).

``AD_7950.jpg`` is subject AD; the expression stands in the set's own table, of which a CSV with
the columns ``name`` (with or without the suffix) and ``expression`` is to lie in the folder.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.layouts import trees
from facsimile.faces.layouts.tables import Row, read_rows
from facsimile.faces.records import Excluded, Record
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class Wsefep(Corpus):
    """The images and the table of expressions in a folder."""

    LAYOUT = "a folder with images named as AD_7950.jpg and labels.csv (name, expression)"

    path: Path = option("The corpus' folder.")
    labels: str = option("The table of expressions in the corpus' folder.", "labels.csv")

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield every image below the folder, and the rows of its table that have none."""
        root = trees.open_folder(self.path, self.LAYOUT, self.labels)
        words = map(_said, read_rows(root / self.labels, ("name", "expression")))
        yield from trees.by_table(root, "", words, person=_person)


def _said(row: Row) -> tuple[str, str] | Excluded:
    name, word = _stem(row.cells.get("name", "")), row.cells.get("expression", "")
    reason = row.fault or ("" if name else "no name given")
    return Excluded(name or f"row {row.number + 1}", reason) if reason else (name, word)


def _stem(name: str) -> str:
    path = PurePosixPath(name.strip())
    return path.stem if path.suffix.lower() in trees.suffixes() else path.name


def _person(stem: str) -> str:
    return stem.partition("_")[0].upper()
