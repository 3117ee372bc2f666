"""Tables that people bring: CSV files as Excel, R and Python write them."""

import codecs
import csv
import logging
import os
import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from facsimile.errors import UserError

log = logging.getLogger(__name__)

SEPARATORS = ",;\t|"

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of Excel and LibreOffice begin, of today and of old."""

LONGEST = 131_072
"""Characters of a field; what is longer is no name, number or note, but a file or a lost quote."""


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    number : among the table's rows, from 0.
    cells : column to text, stripped; the wanted columns under the names they were wanted by.
    fault : why it cannot be read, if so.
    """

    number: int
    cells: dict[str, str]
    fault: str | None = None


def header(path: Path) -> list[str]:
    """Return the names of a table's columns."""
    with _opened(path) as (columns, _):
        return [column for column in columns if column]


def fits(columns: Iterable[str], wanted: Iterable[str]) -> bool:
    """Return whether a header has all columns that are wanted, whatever their case."""
    return {name.casefold() for name in wanted} <= {name.casefold() for name in columns}


def read_rows(path: Path, wanted: Iterable[str], further: Iterable[str] = ()) -> Iterator[Row]:
    """Yield the rows of a table, one by one.

    Columns without a name are passed over where they are empty, and so are rows without a text.
    ``further`` columns may be missing.

    Raises
    ------
    UserError
        If the table cannot be read, or lacks a column that is wanted.
    """
    wanted = list(wanted)
    with _opened(path) as (columns, table):
        _name_as_wanted(path, columns, wanted, [*wanted, *further])
        number = 0
        for fields in _read(table):
            if fields is None:
                yield Row(number, {}, "quotes that do not pair")
            elif any(_holds_row(field, table.dialect.delimiter, len(columns)) for field in fields):
                raise UserError(
                    f"Line {table.line_num} of {path} ends a cell that holds what look like rows: "
                    "a quote before it was never closed. Mend it, or take out line breaks in cells."
                )
            elif any(map(str.strip, fields)):
                yield _row(number, columns, fields)
            else:
                continue
            number += 1


def _read(table: Any) -> Iterator[list[str] | None]:
    """Yield the fields of each row; None where the quotes of a line do not pair."""
    while True:
        line = table.line_num
        try:
            yield next(table)
        except StopIteration:
            return
        except csv.Error:
            if table.line_num != line + 1:  # a quote has swallowed further rows
                raise
            yield None


def _row(number: int, columns: list[str], fields: list[str]) -> Row:
    texts = [field.strip() for field in fields]
    texts += [""] * (len(columns) - len(texts))
    cells = {column: text for column, text in zip(columns, texts, strict=False) if column}
    named = [bool(column) for column in columns] + [False] * (len(texts) - len(columns))
    if any(text for text, known in zip(texts, named, strict=True) if not known):
        return Row(number, cells, "more fields than columns")
    if any(len(text) > LONGEST for text in texts):
        return Row(number, cells, f"a field of more than {LONGEST:,} characters")
    if any("\0" in text for text in texts):
        return Row(number, cells, "a zero byte")
    return Row(number, cells)


def _holds_row(field: str, separator: str, columns: int) -> bool:
    """Return whether a further line of a field has as many cells as the table has columns."""
    return any(line.count(separator) == columns - 1 > 0 for line in field.splitlines()[1:])


def _name_as_wanted(path: Path, columns: list[str], wanted: list[str], known: list[str]) -> None:
    """Give columns whose names differ in case alone the names they are known by, in place."""
    for name in known:
        same = [at for at, column in enumerate(columns) if column.casefold() == name.casefold()]
        if len(same) > 1:
            names = " and ".join(f"'{columns[at]}'" for at in same)
            raise UserError(
                f"The table {path} has the columns {names}: which of them is meant is not known; "
                "rename one."
            )
        if same:
            columns[same[0]] = name
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise UserError(
            f"The table {path} lacks the column {', '.join(missing)}: it has "
            f"{', '.join(filter(None, columns)) or 'nothing'}; "
            f"expected are {', '.join(wanted)} (others are kept)."
        )


@contextmanager
def _opened(path: Path) -> Iterator[tuple[list[str], Any]]:
    """Yield a table's columns and rows; what goes wrong on the way is one sentence."""
    if not os.path.isfile(path):  # noqa: PTH113 (pathlib's raises where folders are forbidden)
        raise UserError(f"There is no table {path}: give the path of a CSV file.")
    try:
        with path.open(encoding=_encoding(path), newline="") as file:
            first, separator = _first_line(file)
            csv.field_size_limit(sys.maxsize)  # a row with a long field is left out by itself
            table = csv.reader(chain([first], file), delimiter=separator, strict=True)
            columns = [column.strip() for column in next(table, [])]
            twice = [name for name, count in Counter(columns).items() if count > 1 and name]
            if twice:
                raise UserError(f"The table {path} has the column '{twice[0]}' twice: rename one.")
            yield columns, table
    except UnicodeError:
        raise UserError(
            f"The table {path} cannot be read as CSV: it is neither UTF-8 nor UTF-16 nor "
            "Windows-1252. Save it as 'CSV UTF-8'."
        ) from None
    except (csv.Error, OSError) as error:
        raise UserError(f"The table {path} cannot be read as CSV: {error}.") from None


def _first_line(file: TextIO) -> tuple[str, str]:
    """Return a table's header and what separates its columns; Excel may say that in a line."""
    first = next((line for line in file if line.strip()), "")
    said = first.strip().removeprefix("sep=")
    if first.startswith("sep=") and len(said) <= 1:
        return next(file, ""), said or "\t"
    return first, max(SEPARATORS, key=first.count)


def _encoding(path: Path) -> str:
    """Return how a table is encoded: as its mark says, or UTF-8, or else Windows-1252."""
    with path.open("rb") as file:
        start = file.read(4)
    if start in WORKBOOKS:
        raise UserError(f"{path} is a workbook, whatever its name: save it as 'CSV UTF-8'.")
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if b"\0" in start[:2]:
        return "utf-16-be" if start[0] == 0 else "utf-16-le"
    try:
        with path.open(encoding="utf-8-sig") as file:
            deque(file, maxlen=0)
    except UnicodeDecodeError:
        log.warning(
            "%s is not UTF-8: read as Windows-1252. If names come out wrong, save it as 'CSV "
            "UTF-8'.", path,
        )  # fmt: skip
        return "cp1252"
    return "utf-8-sig"
