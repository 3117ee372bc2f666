"""Kind ``folder``: images in folders named as their expressions, as ``root/happy/anna_1.png``.

The nearest folder counts, so ``root/train/happy/anna_1.png`` is one as well. A regular expression
may find the subject; without it each image counts as a person of its own.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from facsimile.errors import UserError
from facsimile.faces.corpora import trees
from facsimile.faces.corpora.labels import name_of
from facsimile.faces.corpora.records import Excluded, Record, labelled

LAYOUT = "a folder with a folder for each expression and images in these, as happy/anna_1.png"


def records(path: str | Path, subject: str | None = None) -> Iterator[Record | Excluded]:
    """Yield every image below a folder.

    Parameters
    ----------
    path : the folder.
    subject : a regular expression for the path of an image, from the folder; its first group, or
        the whole match where it has none, is the subject.
    """
    root = trees.open_folder(path, LAYOUT)
    pattern = subject and _compile(subject)
    for source in trees.image_files(root):
        if isinstance(source, Excluded):
            yield source
            continue
        word = PurePosixPath(source).parent.name
        match = pattern and pattern.search(source)
        if pattern and not match:
            yield Excluded(source, "no subject in the path", expression=name_of(word))
            continue
        person = match[min(1, pattern.groups)] if match else source
        yield labelled(source, person, word, partial(trees.load, root, source))


def _compile(subject: str) -> re.Pattern[str]:
    try:
        return re.compile(subject)
    except re.error as error:
        raise UserError(
            f"The option subject, '{subject}', is no regular expression: {error}."
        ) from None
