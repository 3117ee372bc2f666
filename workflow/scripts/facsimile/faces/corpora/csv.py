"""Kind ``csv``: a table beside its images, one row an image, in one of three layouts.

``path, subject, expression``: the project's own. ``dataset, user_id, name, class, ...``: the
label tables of Gaya-Morey et al.'s later benchmark of many corpora. ``subDirectory_filePath,
..., expression, ...``: AffectNet (Mollahosseini et al., IEEE TAC 2017), which names no people.
Other names can be given; further columns are kept in ``faces.csv``.
"""

import logging
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from facsimile.errors import UserError
from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.inventory import Named
from facsimile.faces.labels import check_order, in_order, is_number, name_of, warn_of_shift
from facsimile.faces.layouts import trees
from facsimile.faces.layouts.boxes import BOX, box_of
from facsimile.faces.layouts.listing import Listing
from facsimile.faces.layouts.tables import Row, fits, header, read_rows
from facsimile.faces.records import Excluded, Picture, Record, labelled
from facsimile.options import option

OURS = {"path": "path", "subject": "subject", "expression": "expression"}
BENCHMARK = {"path": "name", "subject": "user_id", "expression": "class", "dataset": "dataset"}
AFFECTNET = {"path": "subDirectory_filePath", "expression": "expression"}
LAYOUTS = (OURS, BENCHMARK, AFFECTNET | {"subject": "subject"}, AFFECTNET)

PERSONAL = re.compile("age|gender|sex|race|ethnicity|group|perspective|view|pose|yaw", re.I)
"""Columns that say who it is, and how it is seen."""

MISSING = frozenset(("nan", "na", "n/a", "#n/a", "none", "null", "unknown", "-1", "-", "?"))
"""What programs write where a subject is not known."""

log = logging.getLogger(__name__)


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

    path: Path = option("The table, separated by commas, semicolons, tabs or bars.")
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

        Of rows that list an image again, the first is read; where they contradict each other, none.

        Raises
        ------
        UserError
            If the table is missing, empty, unreadable, lacks a column, has numbers for labels
            without an order, or numbers that the order does not have.
        """
        path, root = Path(self.path), self._root
        names = self._names(path)
        said = partial(_said, root, names)
        table = _Table(map(said, read_rows(path, names.values())), self.order)
        warn_of_shift(table.words, self.order, str(path))
        if table.missing:
            log.warning(
                "%s names subjects %s, each of whom counts as one person: if that says that nobody "
                "knows who it is, leave these cells empty.", path,
                " and ".join(map(repr, sorted(table.missing))),
            )  # fmt: skip
        read: set[str] = set()
        for row in map(said, read_rows(path, names.values())):
            yield _item(root, row, table, read)
            if row.reason is None:
                read.add(row.source)

    def files(self) -> Iterator[Named]:
        """Yield each place where the image of a row may be: its folder may hold much else."""
        names, root = self._names(Path(self.path)), os.fspath(self._root)
        for row in read_rows(Path(self.path), names.values()):
            name = row.cells.get(names["path"], "").replace("\\", "/")
            owner = row.cells.get(names.get("dataset", ""), "")
            for source in (f"{owner}/{name}", name) if owner else (name,):
                for spelled in trees.spellings(source):
                    path = os.path.join(root, trees.expanded(spelled))  # noqa: PTH118
                    yield spelled, path

    @property
    def _root(self) -> Path:
        """The folder at which the table's paths start."""
        return Path(self.images) if self.images else Path(self.path).parent

    def _names(self, path: Path) -> dict[str, str]:
        """Return what the table calls the columns that are looked for."""
        if self.columns is None:
            return _layout(header(path))
        return {key: name for key, name in asdict(self.columns).items() if name is not None}


def _layout(found: list[str]) -> dict[str, str]:
    """Return the layout that a header fits; the project's own if it fits none."""
    return next((one for one in LAYOUTS if fits(found, one.values())), OURS)


@dataclass(frozen=True)
class _Said:
    """What a row says, and why it is left out whatever the other rows say, if so."""

    source: str
    name: str
    subject: str
    word: str
    extra: dict[str, str]
    reason: str | None


def _said(root: Path, names: dict[str, str], row: Row) -> _Said:
    cells = {key: row.cells.get(column, "") for key, column in names.items()}
    extra = {column: text for column, text in row.cells.items() if column not in names.values()}
    # User numbers and names of files are those of their data set.
    owner = f"{cells['dataset']}/" if cells.get("dataset") else ""
    name = trees.inside(root, cells["path"])
    source = owner + name if name else f"row {row.number + 1}"
    subject = source if "subject" not in cells else cells["subject"] and owner + cells["subject"]
    objections = {
        "no path given": not name,
        "no dataset given": cells.get("dataset") == "",
        "path leaves the corpus folder": trees.leaves(name),
        "no subject given": not subject,
        "no expression given": not cells["expression"],
    }
    reason = row.fault or next((one for one, holds in objections.items() if holds), None)
    return _Said(source, name, subject, cells["expression"], extra, reason)


class _Table:
    """What all rows of a table say together.

    Parameters
    ----------
    rows : of the table.
    order : what numbers stand for.

    Raises
    ------
    UserError
        If there are numbers without an order, or beyond it.
    """

    def __init__(self, rows: Iterable[_Said], order: Sequence[str]):
        self.order = order
        self.words: dict[str, str] = {}
        self.missing: set[str] = set()
        self.listing = Listing()
        for row in rows:
            if row.reason is None:
                self.words.setdefault(row.word, row.source)
                if row.subject.rpartition("/")[2].casefold() in MISSING:
                    self.missing.add(row.subject)
                box = [row.extra[one] for one in row.extra if BOX.fullmatch(one)]
                more = {key: row.extra[key] for key in row.extra if PERSONAL.fullmatch(key)}
                word = name_of(self.word_of(row))
                said = {"expression": word, "subject": row.subject, "box": box, **more}
                self.listing.add(row.source, said)
        # Among words, a number is a stray cell.
        if not order and all(map(is_number, self.words)):
            for word, source in self.words.items():
                if float(word) >= 0:
                    raise UserError(
                        f"The expression of '{source}' is the number {word}: say what numbers "
                        "stand for with the option order, as in order: [neutral, anger, ...], "
                        "counted from 0."
                    )

    def word_of(self, row: _Said) -> str:
        """Return the word of a row's label."""
        return in_order(row.word, self.order, row.source)


def _item(root: Path, row: _Said, table: _Table, read: set[str]) -> Record | Excluded:
    """Return the record of one row, or why it cannot be one."""
    reason = row.reason or table.listing.objection(row.source)
    if reason is None and row.source in read:
        reason = "listed twice"
    if reason:
        return Excluded(row.source, reason, row.subject, name_of(row.word))
    return labelled(row.source, row.subject, table.word_of(row), partial(_load, root, row))


def _load(root: Path, row: _Said) -> Picture:
    # A benchmark's images lie in a folder for each data set, or all together.
    # By `os.path`: pathlib raises where a name is too long to be one.
    source = row.source if os.path.exists(trees.spelled(root, row.source)) else row.name  # noqa: PTH110
    return replace(trees.load(root, source, row.extra), box=box_of(row.extra))
