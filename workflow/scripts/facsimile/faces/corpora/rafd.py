"""Kind ``rafd``: Radboud Faces Database (Langner et al., Cognition and Emotion 2010; 67 people).

Names say all: ``Rafd090_01_Caucasian_female_angry_frontal.jpg`` is the camera at 90 degrees (0
and 180 are profiles), model 01, group, sex, angry, gaze.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from facsimile.faces.corpora import trees
from facsimile.faces.corpora.records import Excluded, Record

EXAMPLE = "Rafd090_01_Caucasian_female_angry_frontal.jpg"
LAYOUT = f"a folder with images named as {EXAMPLE}"
NAME = re.compile(
    r"Rafd(?P<angle>\d{3})_(?P<subject>\d+)_(?P<group>[A-Za-z]+)_(?P<sex>[a-z]+)"
    r"_(?P<expression>[a-z]+)_(?P<gaze>[a-z]+)\.\w+"
)


def records(path: str | Path, angles: Sequence[int] = (90,)) -> Iterator[Record | Excluded]:
    """Yield every image below a folder; other cameras than those at ``angles`` are left out."""
    root = trees.open_folder(path, LAYOUT)
    wanted = [f"{angle:03d}" for angle in angles]
    yield from trees.by_name(root, NAME, EXAMPLE, {"angle": wanted})
