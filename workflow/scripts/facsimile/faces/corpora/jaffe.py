"""Kind ``jaffe``: Japanese Female Facial Expression (Lyons et al., FG 1998; 10 women, 213 images).

Names say all: ``KA.AN1.39.tiff`` or ``KA_AN1_39.png`` is subject KA, anger, take 1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.layouts import trees
from facsimile.faces.records import Excluded, Record
from facsimile.options import option

EXAMPLE = "KA.AN1.39.tiff"
NAME = re.compile(
    r"(?P<subject>[A-Z]{2})[._](?P<expression>[A-Z]{2})(?P<take>\d+)[._]\d+\.\w+", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Jaffe(Corpus):
    """The images below a folder."""

    LAYOUT = f"a folder with images named as {EXAMPLE} or KA_AN1_39.png"

    path: Path = option("The corpus' folder.")

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield every image below the folder."""
        root = trees.open_folder(self.path, self.LAYOUT)
        yield from trees.by_name(root, NAME, EXAMPLE, code=str.upper)
