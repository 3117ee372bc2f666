"""What a reader yields, and the words that corpora use for the six expressions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from facsimile import EXPRESSIONS

WORDS = {
    "anger": ("anger", "angry"),
    "disgust": ("disgust", "disgusted"),
    "fear": ("fear", "fearful", "afraid", "scared"),
    "happiness": ("happiness", "happy", "joy"),
    "sadness": ("sadness", "sad"),
    "surprise": ("surprise", "surprised"),
}
"""The names of the study and the words of other tools for them."""

NOT_STUDIED = ("neutral", "neutrality", "contempt")


@dataclass(frozen=True)
class Picture:
    """One image in memory.

    ``pixels`` are (height, width, 3) uint8; ``landmarks`` the exact ones, (68, 2) in pixels,
    where the corpus knows them; ``extra`` what else is kept of the image in ``faces.csv``.
    """

    pixels: np.ndarray
    landmarks: np.ndarray | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


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
    """One row or image that the study leaves out, and why."""

    source: str
    reason: str


def expression_named(word: str) -> str | None:
    """Return the study's name for a corpus' word, or None if it is not one of the six."""
    key = word.strip().lower()
    return next((name for name in EXPRESSIONS if key in WORDS[name]), None)


def why_not(word: str) -> str:
    """Return the reason to exclude a label that is not one of the six."""
    key = word.strip().lower()
    if not key:
        return "no expression given"
    return f"not studied: {key}" if key in NOT_STUDIED else f"unknown expression '{word.strip()}'"
