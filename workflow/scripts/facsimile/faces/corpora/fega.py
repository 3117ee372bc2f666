"""Kind ``fega``: FEGA, Facial Expression, Gender and Age (University of the Balearic Islands).

Names say all: ``0_F_22_alessandra2_Allegria_1.png`` is a woman of 22, subject alessandra2,
happiness, take 1. 51 people; the words are Italian.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from facsimile.faces.corpora import trees
from facsimile.faces.corpora.records import Excluded, Record

LAYOUT = "a folder with images named as 0_F_22_alessandra2_Allegria_1.png"
NAME = re.compile(
    r"\d+_(?P<sex>[FM])_(?P<age>\d+)_(?P<subject>.+)_(?P<expression>[^\W\d_]+)_(?P<take>\d+)\.\w+"
)


def records(path: str | Path) -> Iterator[Record | Excluded]:
    """Yield every image below a folder."""
    root = trees.open_folder(path, LAYOUT)
    yield from trees.by_name(root, NAME, "0_F_22_alessandra2_Allegria_1.png")
