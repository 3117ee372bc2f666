"""Kind ``folder``: images in folders named as their expressions, as ``root/happy/anna_1.png``.

The nearest folder counts, so ``root/train/happy/anna_1.png`` is one as well. A regular expression
may find the subject; without it each image counts as a person of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from facsimile.errors import UserError
from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.labels import check_order, in_order, name_of, warn_of_shift
from facsimile.faces.layouts import trees
from facsimile.faces.records import Excluded, Record, labelled
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class Folder(Corpus):
    """The images below a folder, in folders named as their expressions."""

    LAYOUT = "a folder with a folder for each expression and images in these, as happy/anna_1.png"

    path: Path = option("The corpus' folder.")
    subject: str | None = option(
        "Regular expression that finds the subject in an image's path, as its first group that "
        "matches, or as a whole. Without it each image counts as a person of its own.",
        None,
    )
    order: tuple[str, ...] = option(
        "Expressions that folders called 0, 1, ... stand for; of folders from 1 on, the first is "
        "none.",
        (),
    )

    def __post_init__(self):
        check_order(self.order, "order")

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield every image below the folder."""
        root = trees.open_folder(self.path, self.LAYOUT)
        pattern = _compile(self.subject) if self.subject else None
        words = set()
        for source in trees.image_files(root):
            if isinstance(source, Excluded):
                yield source
                continue
            word = in_order(PurePosixPath(source).parent.name, self.order, source)
            words.add(PurePosixPath(source).parent.name)
            match = pattern.search(source) if pattern else None
            person = source if pattern is None else _subject(match)
            if not person:
                yield Excluded(source, "no subject in the path", expression=name_of(word))
                continue
            yield labelled(source, person, word, partial(trees.load, root, source))
        warn_of_shift(words, self.order, f"the folder {root}")


def _subject(match: re.Match[str] | None) -> str:
    """Return the first group that holds something, or the whole match; nothing without one."""
    if match is None:
        return ""
    return next(filter(None, match.groups()), "") if match.re.groups else match[0]


def _compile(subject: str) -> re.Pattern[str]:
    try:
        return re.compile(subject)
    except re.error as error:
        raise UserError(
            f"The option subject, '{subject}', is no regular expression: {error}."
        ) from None
