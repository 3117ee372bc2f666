"""Kind ``csv``: a table ``path, subject, expression`` beside its images.

Paths are relative to the table's folder; further columns are kept in ``faces.csv``.
"""

import csv
from collections.abc import Iterator
from functools import partial
from io import StringIO
from pathlib import Path

from facsimile.errors import UserError
from facsimile.faces import images
from facsimile.faces.corpora.records import (
    Excluded,
    Picture,
    Record,
    expression_named,
    why_not,
)

COLUMNS = ("path", "subject", "expression")


def records(path: str | Path) -> Iterator[Record | Excluded]:
    """Yield a record for each row of the table at ``path``.

    Raises
    ------
    UserError
        If the table is missing, empty, unreadable, or lacks a column.
    """
    path = Path(path)
    seen: set[Path] = set()
    for row in _read(path):
        source = row.pop("path").strip()
        subject, word = row.pop("subject").strip(), row.pop("expression")
        reason = _objection(source, subject, word, row, seen)
        seen.add(Path(source))
        if reason:
            yield Excluded(source, reason)
            continue
        yield Record(
            source=source,
            subject=subject,
            expression=expression_named(word),
            load=partial(_load, path.parent / source, row),
        )


def _load(path: Path, extra: dict[str, str]) -> Picture:
    return Picture(images.read(path), extra=extra)


def _read(path: Path) -> list[dict[str, str]]:
    """Return the rows; fields past the last column lie under the key None."""
    if not path.is_file():
        raise UserError(f"The table {path} does not exist: give the path of a CSV file.")
    try:
        # utf-8-sig swallows a byte-order mark.
        text = path.read_text(encoding="utf-8-sig").lstrip()
        separator = max(",;\t", key=text.partition("\n")[0].count)
        table = csv.DictReader(StringIO(text), restval="", delimiter=separator, strict=True)
        table.fieldnames = [column.strip() for column in table.fieldnames or []]
        rows = list(table)
    except (csv.Error, UnicodeDecodeError, OSError) as error:
        raise UserError(f"The table {path} cannot be read as CSV: {error}.") from None
    missing = [column for column in COLUMNS if column not in table.fieldnames]
    if missing:
        raise UserError(
            f"The table {path} lacks the column {', '.join(missing)}: it has "
            f"{', '.join(table.fieldnames) or 'nothing'}; "
            f"expected are {', '.join(COLUMNS)} (others are kept)."
        )
    return rows


def _objection(
    source: str, subject: str, word: str, further: dict[str, str], seen: set[Path]
) -> str | None:
    """Return why a row cannot be a record, or None."""
    if None in further:
        return "more fields than columns"
    if not source:
        return "no path given"
    if Path(source).is_absolute() or ".." in Path(source).parts:
        return "path leaves the corpus folder"
    if Path(source) in seen:
        return "listed twice"
    if not subject:
        return "no subject given"
    if expression_named(word) is None:
        return why_not(word)
    return None
