"""Corpora: a file for each kind, which holds one subclass of `Corpus` and is found by its name.

Planning a study imports these files, so they are light: what reads or draws images is imported
inside their methods.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, get_type_hints

from facsimile.faces.inventory import Named, files_below
from facsimile.faces.labels import NEUTRAL
from facsimile.faces.records import Excluded, Record
from facsimile.options import option
from facsimile.plugins import build, load

Tables = Mapping[str, str | Path]
"""Names of the project's own tables and where they are."""

PLACES = (Path, Path | None)
"""What options that are places are annotated with."""

NO_TABLES: Tables = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Corpus(ABC):
    """A corpus as its row of the configuration describes it.

    A kind is a frozen dataclass of keywords. Its fields are the options of the row; those that
    are annotated ``Path`` are places of the user's.

    Attributes
    ----------
    LAYOUT : half a sentence on what lies where.
    HAS_EVIDENCE : whether it is known where on each face its expression is: ``evidence.npy`` and
        ``neutralised.npy`` can be made.
    """

    LAYOUT: ClassVar[str]
    HAS_EVIDENCE: ClassVar[bool] = False

    people: str | None = option(
        "A name for the people in this corpus, if they are in others, too: in corpora with the "
        "same name here, subjects of one name are one person.",
        None,
    )

    @abstractmethod
    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield a record for every face to read, and what is left out with its reason.

        Parameters
        ----------
        tables : the paths of what `tables` names.

        Raises
        ------
        UserError
            If the corpus is not there, or not as it should be.
        """

    def neutrals(self, tables: Tables = NO_TABLES) -> Iterator[Record]:
        """Yield a record for every neutral picture of its people, none of which is studied."""
        for item in self.records(tables):
            if isinstance(item, Excluded) and item.load is not None:
                yield Record(item.source, item.subject, NEUTRAL, item.load)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the project's own tables that it is read by."""
        return ()

    def places(self) -> list[Path]:
        """Return the files and folders of the user's that it is read from."""
        hints = get_type_hints(type(self))
        given = (getattr(self, name) for name, kind in hints.items() if kind in PLACES)
        return [Path(place) for place in given if place is not None]

    def files(self) -> Iterator[Named]:
        """Yield the files in its folders: where one of them changes, it is to be read again.

        Raises
        ------
        UserError
            If what says which they are cannot be read.
        """
        for place in self.places():
            yield from files_below(place)


def corpus_of(row: Mapping) -> Corpus:
    """Return the corpus that a row of the configuration describes: its ``kind``, and options.

    Raises
    ------
    UserError
        If the kind is unknown, or its options do not go together.
    """
    return build(load(__name__, row["kind"], Corpus, "kind of corpus"), row)


def missing(corpora: Mapping[str, Corpus]) -> str | None:
    """Return one sentence on all corpora, by name, that are not where they should be, if any."""
    gone = {
        (name, place.resolve())
        for name, corpus in corpora.items()
        for place in corpus.places()
        if not place.exists()
    }
    if not gone:
        return None
    return (
        f"{len(dict(gone))} of {len(corpora)} corpora missing. Put them in place, or change "
        "`corpora` in the configuration; docs/corpora.md says how to obtain each."
    ) + "".join(
        f"\n  {name}: nothing at {place}\n    expected is {corpora[name].LAYOUT}."
        for name, place in sorted(gone)
    )
