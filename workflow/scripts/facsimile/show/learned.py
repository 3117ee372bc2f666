"""Networks that did not learn, and the mark that they bear wherever they are named."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd

    from facsimile.show.manifest import Inputs

MARK = "\N{DAGGER}"
NOTE = (
    f"{MARK} marks networks that did not learn: the interval of their accuracy includes what "
    "always naming the most frequent expression gives. Means over networks are over the others, if "
    "there are any."
)
"""To follow a caption."""

Mark = Callable[[str], str]
"""Returns a network's name with the mark, if it bears one."""

Named = TypeVar("Named")
NETWORKS = ("network", "other", "pretrained", "scratch", "left_out")
"""Columns in which networks are named, alone or, parted by commas, with others."""


def mark_of(classification: "pd.DataFrame | None") -> Mark:
    """Return what marks the networks of ``classification.csv`` that did not learn."""
    if classification is None:
        return str
    missed = set(classification.loc[~classification["learned"].astype(bool), "network"])
    return lambda name: f"{name} {MARK}" if name in missed else name


def mark_for(inputs: "Inputs") -> Mark:
    """Return the same for the figures of a stage; heatmaps made elsewhere bear no mark."""
    return mark_of(inputs.table_if_any("classification"))


def marked_tables(inputs: "Inputs", *names: str, **wanted: str) -> "Iterator[pd.DataFrame]":
    """Yield tables of a stage by their names, of these the rows with such values, likewise."""
    mark = mark_for(inputs)
    for name in names:
        yield marked(inputs.table(name, **wanted), mark)


def marked(table: "pd.DataFrame", mark: Mark) -> "pd.DataFrame":
    """Return a table with the mark behind the names of networks, in all columns that name any."""
    found = [column for column in NETWORKS if column in table]
    return table.assign(**{column: table[column].map(_each(mark)) for column in found})


def _each(mark: Mark) -> Callable[[Any], Any]:
    """Return what marks each name of a cell; empty cells stay as they are."""

    def names(cell: Any) -> Any:
        return ", ".join(map(mark, cell.split(", "))) if isinstance(cell, str) else cell

    return names


def marked_keys(found: Mapping[Any, Named], mark: Mark) -> dict[Any, Named]:
    """Return a mapping whose keys name networks, or begin with their names, likewise."""
    return {
        mark(key) if isinstance(key, str) else (mark(key[0]), *key[1:]): value
        for key, value in found.items()
    }
