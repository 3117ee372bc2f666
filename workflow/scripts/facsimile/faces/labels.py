"""The words that corpora use for expressions, and the six names of the study for them."""

from collections.abc import Sequence

from facsimile import EXPRESSIONS
from facsimile.errors import unknown

# English nouns and adjectives; codes of two letters (JAFFE, KDEF) and three; Italian (FEGA);
# Spanish.
WORDS = {
    "anger": "anger angry an ang arrabbiato arrabbiata rabbia enfado ira",
    "disgust": "disgust disgusted di dis disgusto asco",
    "fear": "fear fearful afraid scared fe fea af paura miedo",
    "happiness": "happiness happy enjoyment joy joyful ha hap allegria felice felicità alegría",
    "sadness": "sadness sad sa tristezza triste tristeza",
    "surprise": "surprise surprised su sur sorpresa sorpreso",
    "neutral": "neutral neutrality ne neu neutra neutro neutrale",
    "contempt": "contempt contemptuous co con disprezzo desprecio",
    "no expression": "none uncertain unknown ambiguous other no-face non-face",
}
"""Each name with its words; only the first six are studied."""

NAMES = {word: name for name, words in WORDS.items() for word in words.split()}


def name_of(word: str) -> str:
    """Return the name that a corpus' word stands for, or the word itself if it is not known."""
    word = word.strip().lower()
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
    if word.lower() in NAMES:
        return f"not studied: {NAMES[word.lower()]}"
    return f"unknown expression '{word}'"


def is_number(word: str) -> bool:
    """Return whether a label is a whole number, as 6 or 6.0; it means nothing without an order."""
    try:
        return float(word).is_integer()
    except ValueError:
        return False


def in_order(word: str, order: Sequence[str]) -> str:
    """Return the word that a number stands for: its place in the order, counted from 0.

    What is no number, or no place in the order, is returned as it is.
    """
    if is_number(word) and 0 <= float(word) < len(order):
        return order[int(float(word))]
    return word


def check_order(order: Sequence[str], where: str) -> None:
    """Raise a `UserError` if an order holds a word that the table does not know."""
    for word in order:
        if word.strip().lower() not in NAMES:
            raise unknown("expression", word, NAMES, where)
