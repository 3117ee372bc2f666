"""Kind ``rafd``: Radboud Faces Database (Langner et al., Cognition and Emotion 2010; 67 people).

Names say all: ``Rafd090_01_Caucasian_female_angry_frontal.jpg`` is the camera at 90 degrees (0
and 180 are profiles), model 01, group, sex, angry, gaze.
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

EXAMPLE = "Rafd090_01_Caucasian_female_angry_frontal.jpg"
NAME = re.compile(
    r"Rafd(?P<angle>\d{3})_(?P<subject>\d+)_(?P<group>[A-Za-z]+)_(?P<sex>[a-z]+)"
    r"_(?P<expression>[a-z]+)_(?P<gaze>[a-z]+)\.\w+",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Rafd(Corpus):
    """The images below a folder."""

    LAYOUT = f"a folder with images named as {EXAMPLE}"

    path: Path = option("The corpus' folder.")
    angles: tuple[Literal[0, 45, 90, 135, 180], ...] = option(
        "Cameras read; 90 is straight ahead, 0 and 180 are profiles.", (90,), min_length=1
    )

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield every image below the folder; cameras at other ``angles`` are left out."""
        root = trees.open_folder(self.path, self.LAYOUT)
        wanted = [f"{angle:03d}" for angle in self.angles]
        yield from trees.by_name(root, NAME, EXAMPLE, {"angle": wanted})
