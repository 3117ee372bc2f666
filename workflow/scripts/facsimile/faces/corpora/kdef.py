"""Kind ``kdef``: Karolinska Directed Emotional Faces (Lundqvist et al. 1998; 70 people).

Names say all: ``AF01AFS.JPG`` is session A, woman 01, afraid, straight. Expressions AF, AN, DI,
HA, SA, SU, NE; views FL, HL, S, HR, FR from full left to full right.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from facsimile.faces.corpora import trees
from facsimile.faces.corpora.records import Excluded, Record

LAYOUT = "a folder with images named as AF01AFS.JPG, in folders or not"
NAME = re.compile(
    r"(?P<session>[AB])(?P<subject>[FM]\d\d)(?P<expression>A[FN]|[A-Z]{2})(?P<view>[FH][LR]|S)\.\w+"
)


def records(path: str | Path, views: Sequence[str] = ("S",)) -> Iterator[Record | Excluded]:
    """Yield every image below a folder; other views than ``views`` are left out."""
    root = trees.open_folder(path, LAYOUT)
    yield from trees.by_name(root, NAME, "AF01AFS.JPG", {"view": views})
