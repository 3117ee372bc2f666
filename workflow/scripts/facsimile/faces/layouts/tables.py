"""Tables that people bring: CSV files with commas, semicolons or tabs, in UTF-8."""

import csv
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from facsimile.errors import UserError


def header(path: Path) -> list[str]:
    """Return the names of a table's columns."""
    with _opened(path) as (columns, _):
        return columns


def read_rows(path: Path, wanted: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield the rows of a table, one by one; fields past the last column are under None.

    Raises
    ------
    UserError
        If the table cannot be read, or lacks a column that is wanted.
    """
    with _opened(path) as (columns, table):
        missing = [column for column in wanted if column not in columns]
        if missing:
            raise UserError(
                f"The table {path} lacks the column {', '.join(missing)}: it has "
                f"{', '.join(columns) or 'nothing'}; "
                f"expected are {', '.join(wanted)} (others are kept)."
            )
        yield from table


@contextmanager
def _opened(path: Path) -> Iterator[tuple[list[str], csv.DictReader]]:
    """Yield a table's columns and rows; what goes wrong on the way is one sentence."""
    if not os.path.isfile(path):  # noqa: PTH113 (pathlib's raises where folders are forbidden)
        raise UserError(f"There is no table {path}: give the path of a CSV file.")
    try:
        # utf-8-sig swallows a byte-order mark.
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = next((line for line in file if line.strip()), "")
            separator = max(",;\t", key=first.count)
            table = csv.DictReader(
                chain([first], file), restval="", delimiter=separator, strict=True
            )
            columns = table.fieldnames = [column.strip() for column in table.fieldnames or []]
            twice = [name for name, count in Counter(columns).items() if count > 1]
            if twice:
                raise UserError(f"The table {path} has the column '{twice[0]}' twice: rename one.")
            yield columns, table
    except (csv.Error, UnicodeDecodeError, OSError) as error:
        raise UserError(f"The table {path} cannot be read as CSV: {error}.") from None
