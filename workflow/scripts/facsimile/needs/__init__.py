"""What jobs need of the rows that their wildcards name: files, settings, names and modules of code.

A file for each section of the configuration that has rows. Its class has methods that are functions
of a job's wildcards, so that rules name them; what they return of paths is as seen from where the
study runs.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from facsimile import plugins
from facsimile.lookup import Lookup, Wildcards
from facsimile.project import Project

Row = Mapping[str, Any]


class Rows:
    """The rows of a section, of all studies of a workflow.

    Attributes
    ----------
    section : its key in the settings.
    wildcard : whose values are the names of its rows.
    package : where the kinds of such rows are found by name.
    """

    section: ClassVar[str]
    wildcard: ClassVar[str]
    package: ClassVar[str]

    def __init__(self, lookup: Lookup, project: Project):
        self.lookup = lookup
        self.project = project

    def row(self, wildcards: Wildcards) -> Row:
        """Return the row that a job's wildcard names."""
        return self.rows(wildcards)[wildcards[self.wildcard]]

    def rows(self, wildcards: Wildcards) -> Mapping[str, Row]:
        """Return all rows of a job's study, by their names."""
        return self.settings(wildcards)[self.section]

    def settings(self, wildcards: Wildcards) -> Mapping[str, Any]:
        """Return the settings of a job's study."""
        return self.lookup.study_of(wildcards).settings

    def kind(self, wildcards: Wildcards) -> list[str]:
        """Return the module of the kind of a job's row."""
        return [f"{self.package}.{self.row(wildcards)['kind']}"]


def all_in(package: str) -> list[str]:
    """Return the modules of all things that are found by name in a package."""
    return [f"{package}.{name}" for name in plugins.names(package)]
