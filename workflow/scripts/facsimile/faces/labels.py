"""The words that corpora use for expressions, and the six names of the study for them."""

import logging
import unicodedata
from collections.abc import Iterable, Sequence

from facsimile import EXPRESSIONS
from facsimile.errors import UserError, unknown

log = logging.getLogger(__name__)

UNKNOWN = "no expression"
NEUTRAL = "neutral"

# English nouns and adjectives; codes of two letters (JAFFE, KDEF) and three; Italian (FEGA);
# Spanish.
WORDS = {
    "anger": "anger angry an ang arrabbiato arrabbiata rabbia enfado ira",
    "disgust": "disgust disgusted di dis disgusto asco",
    "fear": "fear fearful afraid scared fe fea af paura miedo",
    "happiness": "happiness happy enjoyment joy joyful ha hap allegria felice felicità alegría",
    "sadness": "sadness sad sa tristezza triste tristeza",
    "surprise": "surprise surprised su sur sorpresa sorpreso",
    NEUTRAL: "neutral neutrality ne neu neutra neutro neutrale",
    "contempt": "contempt contemptuous co con disprezzo desprecio",
    UNKNOWN: "none uncertain unknown ambiguous other no-face non-face",
}
"""Each name with its words; only the first six are studied."""

NAMES = {word: name for name, words in WORDS.items() for word in words.split()}


def _plain(word: str) -> str:
    """Return a word in lower case, its accents in one character, as the table has them."""
    return unicodedata.normalize("NFC", word).strip().lower()


def is_word(text: str) -> bool:
    """Return whether some corpus calls an expression so."""
    return _plain(text) in NAMES


def name_of(word: str) -> str:
    """Return the name that a corpus' word stands for, or the word itself if it is not known."""
    word = _plain(word)
    return NAMES.get(word, word)


def expression_named(word: str) -> str | None:
    """Return the study's name for a corpus' word, or None if it is not one of the six."""
    name = name_of(word)
    return name if name in EXPRESSIONS else None


def why_not(word: str) -> str:
    """Return the reason to exclude a label that is not one of the six."""
    word = word.strip()
    if not word:
        return "no expression given"
    if is_word(word):
        return f"not studied: {NAMES[_plain(word)]}"
    return f"unknown expression '{word}'"


def is_number(word: str) -> bool:
    """Return whether a label is a whole number, as 6 or 6.0; it means nothing without an order."""
    try:
        return float(word).is_integer()
    except ValueError:
        return False


def in_order(word: str, order: Sequence[str], source: str = "", first: int = 0) -> str:
    """Return the word that a number stands for: its place in the order.

    What is no number, or a negative one, is no place in any order and returned as it is.

    Parameters
    ----------
    word : a label.
    order : the words that numbers stand for; without any, the label is returned as it is.
    source : what the label is of, for the error.
    first : the number of the order's first word.

    Raises
    ------
    UserError
        If it is a number beyond the order: then the order is another than the one the labels were
        given in, and those that fit it mean something else too.
    """
    if not order or not is_number(word) or float(word) < 0:
        return word
    place = int(float(word)) - first
    if not 0 <= place < len(order):
        raise UserError(
            f"The expression of '{source}' is the number {word}, but the order has the numbers "
            f"{first} ({order[0]}) to {first + len(order) - 1} ({order[-1]}) only: all labels may "
            "be of another order, or counted from another number. Correct the order (an order "
            "that counts from 1 begins with none), or leave the label empty where there is none."
        )
    return order[place]


def warn_of_shift(words: Iterable[str], order: Sequence[str], where: str) -> None:
    """Say so where labels look as if they were counted from another number than the order is.

    Parameters
    ----------
    words : the labels that occur.
    order : the words that numbers stand for.
    where : what they are of.
    """
    numbers = {float(word) for word in words if is_number(word)}
    if order and numbers and min(numbers) > 0 and name_of(order[0]) != UNKNOWN:
        log.warning(
            "No label of %s is 0, which stands for %s: if they are counted from 1, every label is "
            "read as its neighbour, and the order must begin with none.", where, order[0],
        )  # fmt: skip


def check_order(order: Sequence[str], where: str) -> None:
    """Raise a `UserError` if an order holds a word that the table does not know."""
    for word in order:
        if not is_word(word):
            raise unknown("expression", word, NAMES, where)
