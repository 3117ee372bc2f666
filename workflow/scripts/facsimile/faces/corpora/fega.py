"""Kind ``fega``: FEGA, Facial Expression, Gender and Age (University of the Balearic Islands).

Names say all: ``0_F_22_alessandra2_Allegria_1.png`` is a woman of 22, subject alessandra2,
happiness, take 1. 51 people; the words are Italian.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.layouts import trees
from facsimile.faces.records import Excluded, Record
from facsimile.options import option

EXAMPLE = "0_F_22_alessandra2_Allegria_1.png"
NAME = re.compile(
    r"\d+_(?P<sex>[FM])_(?P<age>\d+)_(?P<subject>.+)_(?P<expression>[^\W\d_]+)_(?P<take>\d+)\.\w+",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Fega(Corpus):
    """The images below a folder."""

    LAYOUT = f"a folder with images named as {EXAMPLE}"

    path: Path = option("The corpus' folder.")

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield every image below the folder."""
        yield from trees.by_name(trees.open_folder(self.path, self.LAYOUT), NAME, EXAMPLE)
