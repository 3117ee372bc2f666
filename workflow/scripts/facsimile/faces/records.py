"""What a reader yields: images with their labels, and what cannot be one with its reason."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from facsimile.faces.labels import NEUTRAL, expression_named, name_of, why_not

if TYPE_CHECKING:
    import numpy as np


class UnreadableImage(Exception):
    """An image that cannot be used; the message is the reason written to ``excluded.csv``."""


@dataclass(frozen=True)
class Picture:
    """One image in memory.

    ``pixels`` are (height, width, 3) uint8; ``landmarks`` the exact ones, (68, 2) in pixels,
    where the corpus knows them; ``extra`` what else is kept of the image in ``faces.csv``, under
    the same names for all images of a corpus; ``box`` where the labelled face is, as left, top,
    right and bottom in pixels, where the corpus says so.
    """

    pixels: "np.ndarray"
    landmarks: "np.ndarray | None" = None
    extra: Mapping[str, object] = field(default_factory=dict)
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Record:
    """One image with its label, not yet read.

    ``source`` is unique in the corpus and names the face for good; ``load`` returns the picture
    or raises `UnreadableImage`.
    """

    source: str
    subject: str
    expression: str
    load: Callable[[], Picture]


@dataclass(frozen=True)
class Excluded:
    """One row or image that the study leaves out, and why.

    ``subject`` and ``expression`` are empty where nothing says them; ``expression`` is a name of
    the table of words, or a word that it does not know. ``load`` reads an image that is left out
    because it is neutral: it may be what is seen where parts of other faces are hidden.
    """

    source: str
    reason: str
    subject: str = ""
    expression: str = ""
    load: Callable[[], Picture] | None = field(default=None, compare=False, repr=False)


def labelled(
    source: str, subject: str, word: str, load: Callable[[], Picture]
) -> Record | Excluded:
    """Return the record of an image that a corpus labels with a word, or why it is left out."""
    subject = unicodedata.normalize("NFC", subject).strip()
    if expression_named(word) is None:
        neutral = name_of(word) == NEUTRAL
        return Excluded(source, why_not(word), subject, name_of(word), load if neutral else None)
    return Record(source, subject, name_of(word), load)
