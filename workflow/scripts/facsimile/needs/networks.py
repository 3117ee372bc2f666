"""What jobs need of a network, be it trained here or brought."""

from collections.abc import Callable
from typing import Any

from facsimile.files import can_be_input
from facsimile.lookup import Wildcards
from facsimile.needs import Row, Rows
from facsimile.networks.finished import Finished, is_finished, located
from facsimile.plugins import build


class Networks(Rows):
    """The network of a job, or the networks of its study."""

    section = "networks"
    wildcard = "network"

    def row(self, wildcards: Wildcards) -> Row:
        """Return its row, its file as seen from where the study runs."""
        return located(super().row(wildcards), self.project.place)

    def value(self, key: str) -> Callable[[Wildcards], Any]:
        """Return a function: what its row has for a key."""
        return lambda wildcards: self.row(wildcards)[key]

    def weights(self, wildcards: Wildcards) -> list[str]:
        """Return the file of the user's that its training starts from, if it does."""
        return self.project.there([self.row(wildcards)["weights"]])

    def is_pretrained(self, wildcards: Wildcards) -> bool:
        """Return whether its training starts from weights that were learned elsewhere."""
        return self.row(wildcards)["weights"] != "random"

    def checkpoint(self, wildcards: Wildcards) -> list[str]:
        """Return the files of a finished network; of one that is trained none."""
        row = self.row(wildcards)
        return self.project.there(build(Finished, row).files) if is_finished(row) else []

    def trained(self, pattern: str, **given: object) -> Callable[[Wildcards], list[str]]:
        """Return a function for files that a training makes; none of a finished network."""
        paths = self.lookup.every(pattern, **given)
        return lambda wildcards: [] if is_finished(self.row(wildcards)) else paths(wildcards)

    def audited(self, wildcards: Wildcards) -> list[str]:
        """Return the name of a network whose recipe is to be tried, or the names of all such."""
        names = self.lookup.study_of(wildcards).audited
        return [name for name in names if wildcards.get("network", name) == name]

    def measured(self, wildcards: Wildcards) -> list[str]:
        """Return its name if its speed is to be measured, since no batch size is given."""
        return [] if self.settings(wildcards)["inference"]["batch_size"] else [wildcards.network]

    def maps(self, wildcards: Wildcards) -> list[str]:
        """Return the files of heatmaps that were made elsewhere."""
        return [self.project.local(str(path)) for path in super().row(wildcards).values()]

    def origins(self, wildcards: Wildcards) -> list[str]:
        """Return the table of where networks come from, beside such heatmaps, if there is one."""
        if self.lookup.study_of(wildcards).has_faces:
            return []
        folder = self.settings(wildcards)["external_heatmaps"]
        table = self.project.place(f"{folder}/networks.csv")
        return [table] if can_be_input(table) else []
