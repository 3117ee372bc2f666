"""Corpora that are folders of images: every image file in them is a record, or left out."""

import logging
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from facsimile.errors import UserError
from facsimile.faces.labels import name_of
from facsimile.faces.records import Excluded, Picture, Record, labelled

log = logging.getLogger(__name__)

SUFFIXES = frozenset(
    (".bmp", ".gif", ".jp2", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")
)


def open_folder(path: str | Path, layout: str, *inside: str) -> Path:
    """Return a corpus' folder.

    Raises
    ------
    UserError
        If it is no folder, or lacks one of the files or folders that are to be inside.
    """
    root = Path(path)
    if not os.path.isdir(root):  # noqa: PTH112 (pathlib's raises where folders are forbidden)
        raise UserError(f"There is no corpus folder {root}. Expected is {layout}.")
    for name in inside:
        if not os.path.exists(root / name):  # noqa: PTH110
            raise UserError(f"The corpus folder {root} has no {name}. Expected is {layout}.")
    return root


def image_files(root: Path, below: str = "") -> Iterator[str | Excluded]:
    """Yield every image file of a folder and its folders, as a path from ``root``, sorted.

    Yields an `Excluded` for what cannot be followed or named. Files that are no images by their
    suffix, and hidden ones, are passed over; the log says how many.
    """
    others = 0
    for folder, folders, names in os.walk(root / below, onerror=_refuse):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if (here / name).is_symlink():
                yield Excluded(_source(root, here / name), "link to a folder: not followed")
        for name in sorted(names):
            if name.startswith(".") or Path(name).suffix.lower() not in SUFFIXES:
                others += 1
                continue
            source = _source(root, here / name)
            named = source == (here / name).relative_to(root).as_posix()
            yield source if named else Excluded(source, "file name is not UTF-8")
    if others:
        log.info("%d files of %s are no images by their names: passed over", others, root)


def load(root: Path, source: str, extra: Mapping[str, object] | None = None) -> Picture:
    """Read one image of a corpus, from inside its folder."""
    from facsimile.faces import images  # so that planning a study reads no image library

    return Picture(images.read(root / source, within=root), extra=extra or {})


def by_name(
    root: Path,
    pattern: re.Pattern[str],
    example: str,
    kept: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Iterator[Record | Excluded]:
    """Yield what the name of every image file of a folder says.

    Parameters
    ----------
    root : the corpus' folder.
    pattern : of a file's name, with the groups ``subject`` and ``expression``; the others are
        kept as further columns.
    example : a name of that form, for the reason of files that have another.
    kept : groups whose value must be one of some, such as the view.
    """
    for source in image_files(root):
        if isinstance(source, Excluded):
            yield source
            continue
        match = pattern.fullmatch(PurePosixPath(source).name)
        if match is None:
            yield Excluded(source, f"name is not of the form {example}")
            continue
        said = match.groupdict(default="")
        subject, word = said.pop("subject"), said.pop("expression")
        unwanted = [name for name in kept if said[name] not in kept[name]]
        if unwanted:
            reason = f"{unwanted[0]} {said[unwanted[0]]} is not asked for"
            yield Excluded(source, reason, subject, name_of(word))
        else:
            yield labelled(source, subject, word, partial(load, root, source, said))


def by_table(
    root: Path,
    below: str,
    words: Mapping[str, str],
    name: Callable[[str], str],
    person: Callable[[str], str],
) -> Iterator[Record | Excluded]:
    """Yield every image file of a folder with its word from a table, and the table's other rows.

    Parameters
    ----------
    root, below : the corpus' folder, and the folder of the images in it.
    words : name in the table to the corpus' word for the expression.
    name : gives the name that the table uses for a file's stem.
    person : gives the subject, from a file's stem.
    """
    left = dict(words)
    for source in image_files(root, below):
        if isinstance(source, Excluded):
            yield source
            continue
        stem = PurePosixPath(source).stem
        word = words.get(name(stem))
        left.pop(name(stem), None)
        if word is None:
            yield Excluded(source, "no label in the table", person(stem))
        else:
            yield labelled(source, person(stem), word, partial(load, root, source))
    for missing, word in left.items():
        yield Excluded(missing, "file not found", person(missing), name_of(word))


def _source(root: Path, path: Path) -> str:
    """Return a path from the root with slashes; bytes that are no UTF-8 are spelled out."""
    return os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "backslashreplace")


def _refuse(error: OSError) -> None:
    raise UserError(f"The folder {error.filename} cannot be read: {error.strerror}.")
