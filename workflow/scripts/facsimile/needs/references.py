"""What jobs need of a reference."""

from facsimile.atlas.references import reference_of
from facsimile.lookup import Wildcards
from facsimile.needs import Row, Rows
from facsimile.plugins import placed


class References(Rows):
    """The reference of a job, or the references of its study."""

    section = "references"
    wildcard = "reference"
    package = "facsimile.atlas.references"

    def row(self, wildcards: Wildcards) -> Row:
        """Return its row, with its places as seen from where the study runs."""
        row = super().row(wildcards)
        return placed(type(reference_of(row)), row, self.project.place)

    def tables(self, wildcards: Wildcards) -> list[str]:
        """Return those of the project's tables that it is drawn by."""
        return [self.project.resource(name) for name in reference_of(self.row(wildcards)).TABLES]

    def sources(self, wildcards: Wildcards) -> list[str]:
        """Return the files that it is read from, those of a folder one by one."""
        return self.project.there(reference_of(self.row(wildcards)).places())
