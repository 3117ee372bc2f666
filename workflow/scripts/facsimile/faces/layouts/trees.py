"""Corpora that are folders of images: every image file in them is a record, or left out."""

import logging
import os
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from facsimile.errors import UserError
from facsimile.faces.labels import is_word, name_of
from facsimile.faces.layouts.listing import Listing
from facsimile.faces.records import Excluded, Picture, Record, labelled

log = logging.getLogger(__name__)

UNREAD = frozenset((
    ".3fr", ".arw", ".avif", ".avifs", ".cr2", ".cr3", ".crw", ".dcm", ".dcr", ".dng", ".emf",
    ".eps", ".erf", ".exr", ".fit", ".fits", ".hdr", ".heic", ".heics", ".heif", ".hif", ".iiq",
    ".jls", ".jxl", ".jxr", ".kdc", ".mrw", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2",
    ".sr2", ".srf", ".srw", ".svg", ".svgz", ".wdp", ".wmf", ".x3f", ".xcf",
))  # fmt: skip
"""Suffixes of images that Pillow may not read; such a file is left out with a reason."""


@cache
def suffixes() -> frozenset[str]:
    """Return the suffixes of image files, in lower case."""
    from PIL import Image  # so that planning a study reads no image library

    from facsimile.faces.images import PASSED_OVER

    known = Image.registered_extensions().items()
    return UNREAD | {suffix for suffix, kind in known if kind in {*Image.OPEN} - PASSED_OVER}


def is_image(path: Path) -> bool:
    """Return whether a file is an image by its suffix, or without one by its first bytes."""
    if path.suffix:
        return path.suffix.lower() in suffixes()
    from facsimile.faces.images import opened

    if not os.path.isfile(path):  # noqa: PTH113 (a pipe would never end)
        return False
    try:
        with opened(path):
            return True
    except Exception:  # Pillow's readers raise whatever a file leads them to
        return False


def inside(root: Path, path: str) -> str:
    """Return a path that a table gives, as one from the corpus' folder.

    It may have backslashes, begin with ``~``, or be absolute; ``leaves`` says whether it lies
    outside. Text is in NFC, since the same name may be written in two ways.
    """
    path = unicodedata.normalize("NFC", path.strip()).replace("\\", "/")
    if not path:
        return ""
    whole = os.path.join(os.path.abspath(root), expanded(path))  # noqa: PTH100,PTH118
    for folder in (os.path.abspath(root), os.path.realpath(root)):  # noqa: PTH100
        source = Path(os.path.relpath(whole, folder)).as_posix()
        if not leaves(source):
            break
    return source


def expanded(path: str) -> str:
    """Return a path whose ``~`` is the user's home; one with a zero byte, which is none, itself."""
    return path if "\0" in path else os.path.expanduser(path)  # noqa: PTH111


def leaves(source: str) -> bool:
    """Return whether a path from the corpus' folder lies outside it."""
    return source.partition("/")[0] == ".."


def spellings(source: str) -> list[str]:
    """Return a path in all ways in which its accents may be written on disk."""
    if source.isascii():
        return [source]
    forms = (unicodedata.normalize(form, source) for form in ("NFC", "NFD"))
    return list(dict.fromkeys((source, *forms)))


def spelled(root: Path, source: str) -> Path:
    """Return the path of a file, however its accents are written on disk."""
    paths = [root / form for form in spellings(source)]
    return next((path for path in paths if os.path.lexists(path)), paths[0])


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
            if name.startswith(".") or not is_image(here / name):
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

    return Picture(images.read(spelled(root, source), within=root), extra=extra or {})


def by_name(
    root: Path,
    pattern: re.Pattern[str],
    example: str,
    kept: Mapping[str, Collection[str]] = MappingProxyType({}),
    code: Callable[[str], str] = str,
    people: re.Pattern[str] | None = None,
) -> Iterator[Record | Excluded]:
    """Yield what the name of every image file of a folder says.

    Parameters
    ----------
    root : the corpus' folder.
    pattern : of a file's name, with the groups ``subject`` and ``expression``; the others are
        kept as further columns.
    example : a name of that form, for the reason of files that have another.
    kept : groups whose value must be one of some, such as the view.
    code : how the corpus writes its codes, of subjects and of what is ``kept``; some systems write
        names of files in another case.
    people : of folders that hold one person's images, as `belied` takes it.
    """
    for source in image_files(root):
        if isinstance(source, Excluded):
            yield source
            continue
        match = pattern.fullmatch(unicodedata.normalize("NFC", PurePosixPath(source).name))
        if match is None:
            yield Excluded(source, f"name is not of the form {example}")
            continue
        said = match.groupdict(default="")
        subject, word = code(said.pop("subject")), said.pop("expression")
        said |= {name: code(said[name]) for name in kept}
        unwanted = [name for name in kept if said[name] not in kept[name]]
        reason = belied(source, subject, word, people)
        if not reason and unwanted:
            reason = f"{unwanted[0]} {said[unwanted[0]]} is not asked for"
        if reason:
            yield Excluded(source, reason, subject, name_of(word))
        else:
            yield labelled(source, subject, word, partial(load, root, source, said))


def belied(source: str, subject: str, word: str, people: re.Pattern[str] | None = None) -> str:
    """Return why an image's folders say otherwise than its name, or an empty string.

    Parameters
    ----------
    source : path from the corpus' folder.
    subject, word : what its name says.
    people : of the names of folders that hold one person's images, with the group ``subject``.
    """
    for folder in PurePosixPath(source).parts[:-1]:
        # Shorter words may be codes of people, too.
        if len(folder) > 3 and is_word(folder) and name_of(folder) != name_of(word):
            return f"folder of another expression, '{folder}'"
        person = people.fullmatch(folder) if people else None
        if person and person["subject"].upper() != subject.upper():
            return f"folder of another subject, '{folder}'"
    return ""


def by_table(
    root: Path,
    below: str,
    words: Iterable[tuple[str, str] | Excluded],
    name: Callable[[str], str] = str,
    person: Callable[[str], str] | None = None,
) -> Iterator[Record | Excluded]:
    """Yield every image file of a folder with its word from a table, and the table's other rows.

    Parameters
    ----------
    root, below : the corpus' folder, and the folder of the images in it.
    words : the table's rows: a name, and the corpus' word for the expression; or why a row is none.
    name : gives what the names of files and of the table have in common, of either in lower case.
    person : gives the subject, from a file's stem; without it each image is a person of its own.
    """

    def common(given: str) -> str:
        return name(unicodedata.normalize("NFC", given).casefold())

    listing = Listing()
    known: dict[str, tuple[str, str]] = {}
    for row in words:
        if isinstance(row, Excluded):
            yield row
            continue
        listing.add(common(row[0]), {"expression": name_of(row[1])})
        known.setdefault(common(row[0]), row)
    left = dict(known)
    for source in image_files(root, below):
        if isinstance(source, Excluded):
            yield source
            continue
        stem = PurePosixPath(source).stem
        given, subject = common(stem), person(stem) if person else source
        left.pop(given, None)
        if given not in known or (objection := listing.objection(given)):
            reason = "no label in the table" if given not in known else str(objection)
            yield Excluded(source, reason, subject)
        else:
            yield labelled(source, subject, known[given][1], partial(load, root, source))
    for given, (missing, word) in left.items():
        reason = listing.objection(given) or "file not found"
        yield Excluded(missing, reason, person(missing) if person else missing, name_of(word))


def _source(root: Path, path: Path) -> str:
    """Return a path from the root with slashes; bytes that are no UTF-8 are spelled out."""
    return os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "backslashreplace")


def _refuse(error: OSError) -> None:
    raise UserError(f"The folder {error.filename} cannot be read: {error.strerror}.")
