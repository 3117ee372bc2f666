"""Kind ``ferplus``: FER2013 with the votes of ten people an image (Barsoum et al., ICMI 2016).

``fer2013new.csv`` has a row for each of FER2013's, in its order: ``Usage, Image name``, and how
many people voted for neutral, happiness, ..., unknown, NF (no face). ``fer2013.csv`` beside it has
the pixels. It names no people: each image counts as a person of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from math import inf, nan
from pathlib import Path

from facsimile.errors import UserError
from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.corpora.fer2013 import load_pixels
from facsimile.faces.labels import name_of
from facsimile.faces.layouts import trees
from facsimile.faces.layouts.tables import Row, read_rows
from facsimile.faces.records import Excluded, Record, labelled
from facsimile.options import option

VOTES, PIXELS = "fer2013new.csv", "fer2013.csv"
WORDS = {
    "neutral": "neutral", "happiness": "happiness", "surprise": "surprise", "sadness": "sadness",
    "anger": "anger", "disgust": "disgust", "fear": "fear", "contempt": "contempt",
    "unknown": "unknown", "NF": "no-face",
}  # fmt: skip
"""What the columns of votes are called, and what they stand for."""


@dataclass(frozen=True, kw_only=True)
class FerPlus(Corpus):
    """The rows of two files in a folder."""

    LAYOUT = f"a folder with {VOTES}, of FERPlus, and {PIXELS}, of FER2013"

    path: Path = option("The corpus' folder.")

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield a record for each row; its expression is the one that most people chose.

        Raises
        ------
        UserError
            If the two files do not have the same rows.
        """
        root = trees.open_folder(self.path, self.LAYOUT, VOTES, PIXELS)
        votes = read_rows(root / VOTES, ("Usage", *WORDS))
        pixels = read_rows(root / PIXELS, ("pixels", "Usage"))
        for number, (vote, image) in enumerate(zip_longest(votes, pixels)):
            if not vote or not image or vote.cells.get("Usage") != image.cells.get("Usage"):
                raise UserError(
                    f"{root / VOTES} and {root / PIXELS} differ from row {number + 1} on: give "
                    "both as their owners do, with every row in its place."
                )
            yield _item(f"{number:05d}", vote, image)


def _item(source: str, vote: Row, image: Row) -> Record | Excluded:
    if fault := vote.fault or image.fault:
        return Excluded(source, fault, source)
    try:
        counts = {word: float(vote.cells[column]) for column, word in WORDS.items()}
    except ValueError:
        counts = {"": nan}
    if not all(0 <= count < inf for count in counts.values()):
        return Excluded(source, "votes are not numbers", source)
    most = [word for word, count in counts.items() if count == max(counts.values())]
    if len(most) > 1:
        return Excluded(source, f"as many votes for {' and '.join(map(name_of, most))}", source)
    load = partial(load_pixels, image.cells["pixels"], image.cells["Usage"])
    return labelled(source, source, most[0], load)
