"""Who is who: names of one subject that are written in several ways, and names that tell too much.

A person under two names can be on both sides of a fold, and counts twice.
"""

import logging
import re
import unicodedata
from collections.abc import Iterable

log = logging.getLogger(__name__)

NUMBER = re.compile(r"0*(\d+?)(?:\.0+)?")

MOST_LISTED = 12
"""So many names, or groups of them, a warning lists."""


def key(subject: str) -> str:
    """Return what all ways to write a subject's name have in common.

    Accents, blanks and upper case are the same however they are written, and numbers as 1, 01 and
    1.0; of names with slashes, part by part.
    """
    text = unicodedata.normalize("NFC", " ".join(subject.split())).casefold()
    return "/".join(_number(part) for part in text.split("/"))


def _number(text: str) -> str:
    match = NUMBER.fullmatch(text)
    return match[1] if match else text


def alike(subject: str) -> str:
    """Return what names have in common that look alike, as S1, S01 and s-1."""
    return re.sub(r"[\W_]+|(?<!\d)0+(?=\d)", "", key(subject))


class Subjects:
    """The subjects of one corpus, as they are met.

    Parameters
    ----------
    corpus : its name.
    """

    def __init__(self, corpus: str):
        self.corpus = corpus
        self._spellings: dict[str, dict[str, None]] = {}
        self._shown: set[tuple[str, str]] = set()
        self._faces = 0

    def name(self, subject: str) -> str:
        """Return the name of a subject: as it was written first."""
        spellings = self._spellings.setdefault(key(subject), {})
        spellings.setdefault(subject)
        return next(iter(spellings))

    def show(self, subject: str, expression: str) -> None:
        """Note that a face of a subject shows an expression."""
        self._faces += 1
        self._shown.add((self.name(subject), expression))

    def warn(self) -> None:
        """Say, in one warning each, which names are one person's, look alike, or tell too much."""
        joined = [list(one) for one in self._spellings.values() if len(one) > 1]
        if joined:
            self._say("are the same subject, written in several ways", joined)
        groups: dict[str, list[str]] = {}
        for spellings in self._spellings.values():
            first = next(iter(spellings))
            groups.setdefault(alike(first), []).append(first)
        near = [one for one in groups.values() if len(one) > 1]
        if near:
            self._say("look alike, and count as different subjects", near)
        people = {subject for subject, _ in self._shown}
        if len(people) > 1 and len(people) == self._faces:
            log.warning(
                "Corpus '%s' has a subject of its own for each face: do the names of subjects "
                "hold numbers of takes or files?", self.corpus,
            )  # fmt: skip
        elif len(people) > 1 and len(people) == len(self._shown):
            log.warning(
                "Each subject of corpus '%s' shows one expression only, such as '%s': are its "
                "subjects named by their expressions?", self.corpus, min(people),
            )  # fmt: skip

    def _say(self, what: str, groups: Iterable[list[str]]) -> None:
        texts = [" and ".join(map(repr, group)) for group in groups]
        more = f"; and {len(texts) - MOST_LISTED} more" if len(texts) > MOST_LISTED else ""
        listed = "; ".join(texts[:MOST_LISTED])
        log.warning("In corpus '%s' these names %s: %s%s.", self.corpus, what, listed, more)
