"""Kind ``bu_4dfe``: Binghamton University 4D (Yin et al., FG 2008; 101 people, six sequences each).

``F001/Angry/020.jpg`` is frame 20 of subject F001, also flat as ``F001_Angry_020.png``. A sequence
runs neutral, apex, neutral: the apex is near its middle.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from facsimile.faces.corpora import trees
from facsimile.faces.corpora.records import Excluded, Record
from facsimile.faces.corpora.sequences import read_frames, sequences

EXAMPLE = "F001/Angry/020.jpg"
LAYOUT = f"a folder with {EXAMPLE}, or F001_Angry_020.png"
NAME = re.compile(
    r"(?:.*/)?(?P<subject>[FM]\d{3})[/_](?P<sequence>[A-Za-z]+)[/_](?P<frame>\d+)\.\w+"
)


def records(path: str | Path, frames: int = 3) -> Iterator[Record | Excluded]:
    """Yield every frame; read are the ``frames`` in the middle of each sequence."""
    root = trees.open_folder(path, LAYOUT)
    others, found = sequences(root, "", NAME, EXAMPLE)
    yield from others
    for (subject, word), sources in found.items():
        first = max(0, (len(sources) - frames) // 2)
        yield from read_frames(root, sources, slice(first, first + frames), subject, word)
