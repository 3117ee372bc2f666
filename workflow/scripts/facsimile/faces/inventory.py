"""The files that a corpus is read from, in one short text that changes when any of them does.

Each planning of a study takes it, and a corpus may have hundreds of thousands of images: so it
looks at names, sizes and times of change, and opens no file.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from facsimile.errors import UserError

Named = tuple[str, str]
"""A file's name as the corpus has it, and its path."""


def files_below(root: str | os.PathLike) -> Iterator[Named]:
    """Yield every file below a folder by its path from there, sorted; nothing of what is no folder.

    Hidden files are passed over, links to folders not followed, and forbidden folders left to the
    error of who reads them.
    """
    waiting = [("", os.fspath(root))]
    while waiting:
        above, folder = waiting.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append((f"{above}{entry.name}/", entry.path))
            else:
                yield above + entry.name, entry.path


def inventory(files: Iterable[Named]) -> str:
    """Return a digest of the names, sizes and times of change, in whole seconds, of some files.

    Seconds survive copying with their times from any file system to any other. A file that is not
    there counts by its name alone.
    """
    digest = hashlib.sha256()
    for name, path in files:
        try:
            found = os.stat(path)  # noqa: PTH116 (a third of the time of pathlib's)
        except (OSError, ValueError):
            known = ""
        else:
            known = "" if stat.S_ISDIR(found.st_mode) else f"{found.st_size} {int(found.st_mtime)}"
        digest.update(os.fsencode(f"{name}\0{known}\n"))
    return f"files {digest.hexdigest()[:16]}"


@contextmanager
def unchanged(corpus: str, files: Callable[[], Iterable[Named]]) -> Iterator[None]:
    """Refuse what a block made of a corpus whose files changed meanwhile.

    Images that are missing leave a corpus by design: so a drive that goes in mid-run would pass for
    a smaller corpus.

    Raises
    ------
    UserError
        If the inventory is another at the block's end than at its beginning.
    """
    before = inventory(files())
    try:
        yield
    finally:  # what a missing file leads to, too, is due to this
        if inventory(files()) != before:
            raise UserError(
                f"Corpus '{corpus}' changed while it was read: files came, went or were written, "
                "and nothing of it is kept. See whether all of it is there, its disk or network "
                "drive still connected, and give the same command again."
            )
