"""Kind ``csv``: a table ``path, subject, expression`` beside its images.

Paths are relative to the table's folder; further columns are kept in ``faces.csv``.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pandas as pd

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
    table = _read(path)
    further = [column for column in table.columns if column not in COLUMNS]
    seen: set[str] = set()
    for row in table.to_dict("records"):
        source = row["path"].strip()
        reason = _objection(row, source, seen)
        seen.add(source)
        if reason:
            yield Excluded(source, reason)
            continue
        yield Record(
            source=source,
            subject=row["subject"].strip(),
            expression=expression_named(row["expression"]),
            load=partial(_load, path.parent / source, {name: row[name] for name in further}),
        )


def _load(path: Path, extra: dict[str, str]) -> Picture:
    return Picture(images.read(path), extra=extra)


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise UserError(f"The table {path} does not exist: give the path of a CSV file.")
    try:
        # utf-8-sig swallows a byte-order mark; sep=None lets pandas find commas or semicolons.
        table = pd.read_csv(
            path, dtype=str, keep_default_na=False, encoding="utf-8-sig", sep=None, engine="python"
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, OSError) as error:
        raise UserError(f"The table {path} cannot be read as CSV: {error}.") from None
    table.columns = [str(column).strip() for column in table.columns]
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise UserError(
            f"The table {path} lacks the column {', '.join(missing)}: it has "
            f"{', '.join(table.columns)}; expected are {', '.join(COLUMNS)} (others are kept)."
        )
    return table


def _objection(row: dict[str, str], source: str, seen: set[str]) -> str | None:
    """Return why a row cannot be a record, or None."""
    if not source:
        return "no path given"
    if Path(source).is_absolute() or ".." in Path(source).parts:
        return "path leaves the corpus folder"
    if source in seen:
        return "listed twice"
    if not row["subject"].strip():
        return "no subject given"
    if expression_named(row["expression"]) is None:
        return why_not(row["expression"])
    return None
