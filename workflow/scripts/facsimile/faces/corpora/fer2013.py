"""Kind ``fer2013``: FER2013 (Goodfellow et al., ICONIP 2013; 35,887 faces of 48 x 48 pixels).

One CSV, ``emotion,pixels,Usage``: a number and 2,304 grey values a row. It names no people: each
image counts as a person of its own. The file's rows are counted from 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.labels import check_order, in_order, warn_of_shift
from facsimile.faces.layouts.tables import read_rows
from facsimile.faces.records import Excluded, Picture, Record, UnreadableImage, labelled
from facsimile.options import option

ORDER = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
SIDE = 48


@dataclass(frozen=True, kw_only=True)
class Fer2013(Corpus):
    """The rows of one file."""

    LAYOUT = "a CSV file with the columns emotion, pixels, Usage, as fer2013.csv"

    path: Path = option("The corpus' file.")
    order: tuple[str, ...] = option(
        "Expressions that the numbers 0, 1, ... stand for, where a file has others than FER2013.",
        ORDER,
    )

    def __post_init__(self):
        check_order(self.order, "order")

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield a record for each row of the file."""
        words = set()
        for row in read_rows(Path(self.path), ("emotion", "pixels"), ["Usage"]):
            source = f"{row.number:05d}"
            if row.fault:
                yield Excluded(source, row.fault)
                continue
            word = row.cells["emotion"]
            words.add(word)
            load = partial(load_pixels, row.cells["pixels"], row.cells.get("Usage", ""))
            yield labelled(source, source, in_order(word, self.order, source), load)
        warn_of_shift(words, self.order, str(self.path))


def load_pixels(text: str, usage: str) -> Picture:
    """Return an image that is given as text: its grey values, row by row."""
    import numpy as np

    try:
        values = np.array(text.split(), np.uint8)
    except (ValueError, OverflowError):
        raise UnreadableImage("pixels are not numbers from 0 to 255") from None
    if len(values) != SIDE * SIDE:
        raise UnreadableImage(f"not {SIDE} x {SIDE} pixels")
    grey = values.reshape(SIDE, SIDE, 1)
    return Picture(np.repeat(grey, 3, axis=2), extra={"usage": usage})
