"""Kind ``bu_4dfe``: Binghamton University 4D (Yin et al., FG 2008; 101 people, six sequences each).

``F001/Angry/020.jpg`` is frame 20 of subject F001, also flat as ``F001_Angry_020.png``. A sequence
runs neutral, apex, neutral: the apex is near its middle.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.layouts import trees
from facsimile.faces.layouts.sequences import read_frames, sequences
from facsimile.faces.records import Excluded, Record
from facsimile.options import option

EXAMPLE = "F001/Angry/020.jpg"
NAME = re.compile(
    r"(?:.*/)?(?P<subject>[FM]\d{3})[/_](?P<sequence>[A-Za-z]+)[/_](?P<frame>\d+)\.\w+",
    re.IGNORECASE,
)
PEOPLE = re.compile(r"(?P<subject>[FM]\d{3})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Bu4dfe(Corpus):
    """The images below a folder."""

    LAYOUT = f"a folder with {EXAMPLE}, or F001_Angry_020.png"

    path: Path = option("The corpus' folder.")
    frames: int = option("Frames read of each sequence: those in its middle.", 3, ge=1)

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield every frame; read are the ``frames`` in the middle of each sequence."""
        root = trees.open_folder(self.path, self.LAYOUT)
        others, found = sequences(root, "", NAME, EXAMPLE)
        yield from others
        for (subject, word), sources in found.items():
            first = max(0, (len(sources) - self.frames) // 2)
            wanted = slice(first, first + self.frames)
            yield from read_frames(root, sources, wanted, subject, word, PEOPLE)
