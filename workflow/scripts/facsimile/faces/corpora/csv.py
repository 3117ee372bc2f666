"""Kind ``csv``: a table beside its images, one row an image, in one of three layouts.

``path, subject, expression``: the project's own. ``dataset, user_id, name, class, ...``: the
label tables of Gaya-Morey et al.'s later benchmark of many corpora. ``subDirectory_filePath,
..., expression, ...``: AffectNet (Mollahosseini et al., IEEE TAC 2017), which names no people.
Other names can be given; further columns are kept in ``faces.csv``.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from facsimile.errors import UserError
from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.labels import check_order, in_order, is_number, name_of
from facsimile.faces.layouts import trees
from facsimile.faces.layouts.tables import header, read_rows
from facsimile.faces.records import Excluded, Picture, Record, labelled
from facsimile.options import option

OURS = {"path": "path", "subject": "subject", "expression": "expression"}
BENCHMARK = {"path": "name", "subject": "user_id", "expression": "class", "dataset": "dataset"}
AFFECTNET = {"path": "subDirectory_filePath", "expression": "expression"}


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What a table calls its columns."""

    path: str = option("Column of the image's path.")
    subject: str | None = option(
        "Column of the subject. Without it each image is a person of its own.", None
    )
    expression: str = option("Column of the expression.")


@dataclass(frozen=True, kw_only=True)
class Csv(Corpus):
    """The rows of a table."""

    LAYOUT = "a CSV file with the columns path, subject, expression, paths relative to its folder"

    path: Path = option("The table: UTF-8, separated by commas, semicolons or tabs.")
    images: Path | None = option(
        "Folder at which the table's paths start; by default the table's own.", None
    )
    columns: Columns | None = option(
        "The table's own names of its columns. Not needed for path, subject, expression, nor for "
        "the layouts that docs/corpora.md lists.",
        None,
    )
    order: tuple[str, ...] = option(
        "Expressions that the numbers 0, 1, ... stand for, where labels are numbers.", ()
    )

    def __post_init__(self):
        check_order(self.order, "order")

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield a record for each row of the table.

        Raises
        ------
        UserError
            If the table is missing, empty, unreadable, lacks a column, or has numbers for labels
            without an order.
        """
        path = Path(self.path)
        root = Path(self.images) if self.images else path.parent
        names = self._names(path)
        seen: set[str] = set()
        for row in read_rows(path, names.values()):
            said = {key: row.get(column, "").strip() for key, column in names.items()}
            extra = {column: text for column, text in row.items() if column not in names.values()}
            item = _item(root, said, extra, self.order, seen)
            seen.add(os.path.normpath(item.source))
            yield item

    def _names(self, path: Path) -> dict[str, str]:
        """Return what the table calls the columns that are looked for."""
        if self.columns is None:
            return _layout(header(path))
        return {key: name for key, name in asdict(self.columns).items() if name is not None}


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
