"""Kind ``csv``: a table beside its images, one row an image, in one of three layouts.

``path, subject, expression``: the project's own. ``dataset, user_id, name, class, ...``: the
label tables of Gaya-Morey et al.'s later benchmark of many corpora. ``subDirectory_filePath,
..., expression, ...``: AffectNet (Mollahosseini et al., IEEE TAC 2017), which names no people.
Other names can be given; further columns are kept in ``faces.csv``.
"""

import csv
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

from facsimile.errors import UserError
from facsimile.faces.corpora import trees
from facsimile.faces.corpora.labels import (
    check_order,
    in_order,
    is_number,
    name_of,
)
from facsimile.faces.corpora.records import Excluded, Picture, Record, labelled

LAYOUT = "a CSV file with the columns path, subject, expression, paths relative to its folder"
OURS = {"path": "path", "subject": "subject", "expression": "expression"}
BENCHMARK = {"path": "name", "subject": "user_id", "expression": "class", "dataset": "dataset"}
AFFECTNET = {"path": "subDirectory_filePath", "expression": "expression"}


def records(
    path: str | Path,
    images: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    order: Sequence[str] = (),
) -> Iterator[Record | Excluded]:
    """Yield a record for each row of a table.

    Parameters
    ----------
    path : of the table: UTF-8, separated by commas, semicolons or tabs.
    images : the folder at which paths start; by default the table's own.
    columns : the table's names for ``path``, ``subject`` and ``expression``; without ``subject``
        each image counts as a person of its own.
    order : the expressions that the numbers 0, 1, ... stand for, where labels are numbers.

    Raises
    ------
    UserError
        If the table is missing, empty, unreadable, lacks a column, or has numbers for labels
        without an order.
    """
    check_order(order, "order")
    path = Path(path)
    root = Path(images) if images else path.parent
    names = dict(columns) if columns else _layout(header(path))
    seen: set[str] = set()
    for row in read_rows(path, names.values()):
        said = {key: row.get(column, "").strip() for key, column in names.items()}
        extra = {column: text for column, text in row.items() if column not in names.values()}
        item = _item(root, said, extra, order, seen)
        seen.add(os.path.normpath(item.source))
        yield item


def _layout(found: list[str]) -> dict[str, str]:
    """Return the layout that a header fits; the project's own if it fits none."""
    return next(
        (one for one in (OURS, BENCHMARK, AFFECTNET) if set(one.values()) <= set(found)), OURS
    )


def _item(
    root: Path,
    said: dict[str, str],
    extra: dict[str, str],
    order: Sequence[str],
    seen: set[str],
) -> Record | Excluded:
    """Return the record of one row, or why it cannot be one."""
    # User numbers and names of files are those of their data set.
    owner = f"{said['dataset']}/" if said.get("dataset") else ""
    source, word = owner + said["path"], in_order(said["expression"], order)
    subject = owner + said["subject"] if said.get("subject") else ""
    if "subject" not in said:
        subject = source
    reason = _objection(said["path"] and source, subject, extra, seen)
    if reason:
        return Excluded(source, reason, subject, name_of(word))
    if is_number(word) and not order:
        raise UserError(
            f"The expression of '{source}' is the number {word}: say what numbers stand for with "
            "the option order, as in order: [neutral, anger, ...], counted from 0."
        )
    return labelled(source, subject, word, partial(_load, root, source, said["path"], extra))


def _objection(source: str, subject: str, extra: dict[str, str], seen: set[str]) -> str | None:
    """Return why a row cannot be a record whatever its expression, or None."""
    if None in extra:
        return "more fields than columns"
    if not source:
        return "no path given"
    if Path(source).is_absolute() or ".." in Path(source).parts:
        return "path leaves the corpus folder"
    if os.path.normpath(source) in seen:
        return "listed twice"
    if not subject:
        return "no subject given"
    return None


def _load(root: Path, source: str, name: str, extra: dict[str, str]) -> Picture:
    # A benchmark's images lie in a folder for each data set, or all together.
    return trees.load(root, source if (root / source).exists() else name, extra)


def header(path: Path) -> list[str]:
    """Return the names of a table's columns."""
    with _opened(path) as table:
        return list(table.fieldnames)


def read_rows(path: Path, wanted: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield the rows of a table, one by one; fields past the last column are under None.

    Raises
    ------
    UserError
        If the table cannot be read, or lacks a column that is wanted.
    """
    with _opened(path) as table:
        missing = [column for column in wanted if column not in table.fieldnames]
        if missing:
            raise UserError(
                f"The table {path} lacks the column {', '.join(missing)}: it has "
                f"{', '.join(table.fieldnames) or 'nothing'}; "
                f"expected are {', '.join(wanted)} (others are kept)."
            )
        yield from table


@contextmanager
def _opened(path: Path) -> Iterator[csv.DictReader]:
    """Yield a table's rows; what goes wrong on the way is one sentence."""
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
            table.fieldnames = [column.strip() for column in table.fieldnames or []]
            twice = [name for name, count in Counter(table.fieldnames).items() if count > 1]
            if twice:
                raise UserError(f"The table {path} has the column '{twice[0]}' twice: rename one.")
            yield table
    except (csv.Error, UnicodeDecodeError, OSError) as error:
        raise UserError(f"The table {path} cannot be read as CSV: {error}.") from None
