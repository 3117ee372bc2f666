"""What jobs need of a corpus."""

import os
from functools import cache

from facsimile.errors import UserError
from facsimile.faces.corpora import Corpus, corpus_of, missing
from facsimile.faces.inventory import inventory
from facsimile.files import can_be_input
from facsimile.lookup import Lookup, Wildcards
from facsimile.needs import Row, Rows
from facsimile.plugins import placed
from facsimile.project import Project


class Corpora(Rows):
    """The corpus of a job, or the corpora of its study."""

    section = "corpora"
    wildcard = "corpus"
    package = "facsimile.faces.corpora"

    def __init__(self, lookup: Lookup, project: Project):
        super().__init__(lookup, project)
        self._inventory = cache(self._take_inventory)  # a corpus may have very many files

    def row(self, wildcards: Wildcards) -> Row:
        """Return its row, with its places as seen from where the study runs."""
        return self._placed(super().row(wildcards))

    def view(self, wildcards: Wildcards) -> Row:
        """Return how its faces are cut and coloured."""
        return self.lookup.study_of(wildcards).views[wildcards.view].settings

    def tables(self, wildcards: Wildcards) -> list[str]:
        """Return those of the project's tables that it is drawn from."""
        return self._tables(self.row(wildcards))

    def places(self, wildcards: Wildcards) -> list[str]:
        """Return the files of the user's that its row names: where one changes, it is read again.

        For a missing one the run stops at its start, so that a plan can be made without it.
        """
        found = self._corpus(super().row(wildcards)).places()
        there = (path for path in found if os.path.isfile(path) and can_be_input(path))  # noqa: PTH113
        return [self.project.local(str(path)) for path in there]

    def files(self, wildcards: Wildcards) -> str:
        """Return what the files in its folders are, as a digest; likewise."""
        return self._inventory(wildcards.results, wildcards.corpus)

    def drawn(self, wildcards: Wildcards) -> dict[str, Row]:
        """Return the rows of those corpora of a study whose faces are drawn, by their names."""
        rows = self.rows(wildcards)
        return {name: rows[name] for name in self.lookup.study_of(wildcards).drawn}

    def drawn_tables(self, wildcards: Wildcards) -> list[str]:
        """Return those of the project's tables that these are drawn from."""
        return [table for row in self.drawn(wildcards).values() for table in self._tables(row)]

    def planted(self, wildcards: Wildcards) -> Row:
        """Return the row of the one corpus of a condition of the validation."""
        (row,) = self.rows(wildcards).values()
        return row

    def missing(self, results: str) -> str | None:
        """Return one sentence on all corpora of a study that are not where they should be."""
        rows = self.lookup.studies[results].settings["corpora"]
        return missing({name: self._corpus(row) for name, row in rows.items()})

    def _placed(self, row: Row) -> Row:
        return placed(type(corpus_of(row)), row, self.project.place)

    def _corpus(self, row: Row) -> Corpus:
        return corpus_of(self._placed(row))

    def _tables(self, row: Row) -> list[str]:
        return [self.project.resource(name) for name in corpus_of(row).tables]

    def _take_inventory(self, results: str, name: str) -> str:
        try:
            corpus = self._corpus(self.lookup.studies[results].settings["corpora"][name])
            return inventory(corpus.files())
        except UserError:
            return "files unreadable"  # the job says why
