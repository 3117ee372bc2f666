"""Kind ``jaffe``: Japanese Female Facial Expression (Lyons et al., FG 1998; 10 women, 213 images).

Names say all: ``KA.AN1.39.tiff`` or ``KA_AN1_39.png`` is subject KA, anger, take 1.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from facsimile.faces.corpora import trees
from facsimile.faces.corpora.records import Excluded, Record

LAYOUT = "a folder with images named as KA.AN1.39.tiff or KA_AN1_39.png"
NAME = re.compile(
    r"(?P<subject>[A-Z]{2})[._](?P<expression>[A-Z]{2})(?P<take>\d+)[._]\d+\.\w+", re.IGNORECASE
)


def records(path: str | Path) -> Iterator[Record | Excluded]:
    """Yield every image below a folder."""
    yield from trees.by_name(trees.open_folder(path, LAYOUT), NAME, "KA.AN1.39.tiff")
