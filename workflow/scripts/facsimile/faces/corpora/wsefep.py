"""Kind ``wsefep``: Warsaw Set of Emotional Facial Expression Pictures (Olszanowski et al. 2015).

``AD_7950.jpg`` is subject AD; the expression stands in the set's own table, of which a CSV with
the columns ``name`` (with or without the suffix) and ``expression`` is to lie in the folder.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from facsimile.faces.corpora import trees
from facsimile.faces.corpora.records import Excluded, Record
from facsimile.faces.corpora.table import read_rows

LAYOUT = "a folder with images named as AD_7950.jpg and labels.csv (name, expression)"


def records(path: str | Path, labels: str = "labels.csv") -> Iterator[Record | Excluded]:
    """Yield every image below a folder, and the rows of its table that have none.

    Parameters
    ----------
    path : the folder.
    labels : the table in it.
    """
    root = trees.open_folder(path, LAYOUT, labels)
    rows = read_rows(root / labels, ("name", "expression"))
    words = {_stem(row["name"]): row["expression"] for row in rows}
    yield from trees.by_table(root, "", words, name=str, person=_person)


def _stem(name: str) -> str:
    path = PurePosixPath(name.strip())
    return path.stem if path.suffix.lower() in trees.SUFFIXES else path.name


def _person(stem: str) -> str:
    return stem.partition("_")[0]
