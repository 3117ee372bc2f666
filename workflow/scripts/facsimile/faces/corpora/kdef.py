"""Kind ``kdef``: Karolinska Directed Emotional Faces (Lundqvist et al. 1998; 70 people).

Names say all: ``AF01AFS.JPG`` is session A, woman 01, afraid, straight. Expressions AF, AN, DI,
HA, SA, SU, NE; views FL, HL, S, HR, FR from full left to full right.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.layouts import trees
from facsimile.faces.records import Excluded, Record
from facsimile.options import option

EXAMPLE = "AF01AFS.JPG"
NAME = re.compile(
    r"(?P<session>[AB])(?P<subject>[FM]\d\d)(?P<expression>A[FN]|[A-Z]{2})(?P<view>[FH][LR]|S)\.\w+",
    re.IGNORECASE,
)
PEOPLE = re.compile(r"[AB](?P<subject>[FM]\d\d)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Kdef(Corpus):
    """The images below a folder."""

    LAYOUT = f"a folder with images named as {EXAMPLE}, in folders or not"

    path: Path = option("The corpus' folder.")
    views: tuple[Literal["FL", "HL", "S", "HR", "FR"], ...] = option(
        "Views read, from full left to full right.", ("S",), min_length=1
    )

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield every image below the folder; other views than ``views`` are left out."""
        root = trees.open_folder(self.path, self.LAYOUT)
        yield from trees.by_name(root, NAME, EXAMPLE, {"view": self.views}, str.upper, PEOPLE)
