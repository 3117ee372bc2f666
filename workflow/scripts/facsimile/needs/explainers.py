"""What jobs need of an explainer, and of the baselines that it is judged with."""

from collections.abc import Mapping

from facsimile.errors import unknown
from facsimile.explain import asking
from facsimile.lookup import Wildcards
from facsimile.needs import Row, Rows


class Explainers(Rows):
    """The explainer of a job, or the explainers of its study."""

    section = "explainers"
    wildcard = "explainer"

    def rows(self, wildcards: Wildcards) -> Mapping[str, Row]:
        """Return all rows of a job's study, and of what crosses its settings, by their names."""
        return self.lookup.study_of(wildcards).explainers

    def row(self, wildcards: Wildcards) -> Row:
        """Return its row.

        Raises
        ------
        UserError
            If there is none of that name.
        """
        rows = self.rows(wildcards)
        if wildcards.explainer not in rows:
            raise unknown("explainer", wildcards.explainer, rows, wildcards.results)
        return rows[wildcards.explainer]

    def asked(self, wildcards: Wildcards) -> Row:
        """Return its row without what matters only after the network has answered."""
        return asking.asked(self.row(wildcards), self.settings(wildcards)["baselines"])

    def contrast(self, wildcards: Wildcards) -> bool:
        """Return whether its heatmaps show what speaks for an expression more than for others."""
        return self.row(wildcards).get("contrast", False)

    def main_contrast(self, wildcards: Wildcards) -> bool:
        """Return the same of a study's main explainer."""
        return next(iter(self.rows(wildcards).values())).get("contrast", False)

    def modules(self, wildcards: Wildcards) -> list[str]:
        """Return the modules of its parts."""
        return asking.modules(self.asked(wildcards))

    def images(self, wildcards: Wildcards) -> list[str]:
        """Return the names of the images of faces that it needs beside the faces."""
        return asking.needs(self.asked(wildcards))

    def passes(self, wildcards: Wildcards) -> list[str]:
        """Return whose explanations it reads, or all do: of rows that share a pass, one's."""
        study, names = self.lookup.study_of(wildcards), self.lookup.names("explainer")(wildcards)
        if "explainer" in dict(wildcards):
            self.row(wildcards)  # there is one of that name
            names = [wildcards.explainer]
        return list(dict.fromkeys(study.passes[name] for name in names))

    def superpixels(self, wildcards: Wildcards) -> list[str]:
        """Return the name of the superpixels that it weighs, if it does."""
        name = self.row(wildcards)["superpixels"]
        return [name] if name else []

    def all_superpixels(self, wildcards: Wildcards) -> list[str]:
        """Return the names of those that any explainer weighs."""
        return sorted({row["superpixels"] for row in self.rows(wildcards).values()} - {None})

    def cut(self, wildcards: Wildcards) -> Row:
        """Return the settings of the superpixels that it weighs, if it does."""
        rows = self.settings(wildcards)["superpixels"]
        return next((rows[name] for name in self.superpixels(wildcards)), {})

    def size(self, wildcards: Wildcards) -> int:
        """Return the input size of a job's network, or of its networks that know nothing."""
        networks = self.settings(wildcards)["networks"]
        return int(wildcards.get("size") or networks[wildcards.network]["input_size"])

    def judging_superpixels(self, wildcards: Wildcards) -> str:
        """Return the name of those that it is judged by: where it weighs none, the first."""
        first = next(iter(self.settings(wildcards)["superpixels"]))
        return self.row(wildcards)["superpixels"] or first

    def judges(self, wildcards: Wildcards) -> dict[str, Row]:
        """Return the settings of the two baselines that it is judged with, by their names."""
        rows = self.settings(wildcards)["baselines"]
        return {name: rows[name] for name in self._judges(wildcards, wildcards.explainer)}

    def all_judges(self, wildcards: Wildcards) -> dict[str, list[str]]:
        """Return the names of the two baselines that each explainer is judged with."""
        names = self.lookup.names("explainer")(wildcards)
        return {name: self._judges(wildcards, name) for name in names}

    def judging_images(self, wildcards: Wildcards) -> list[str]:
        """Return the names of the images of faces that it and its judges need."""
        return asking.needs(self.asked(wildcards), *self.judges(wildcards).values())

    def judging_modules(self, wildcards: Wildcards) -> list[str]:
        """Return the modules of its parts, of its judges, and of its superpixels."""
        found = asking.modules(self.asked(wildcards), *self.judges(wildcards).values())
        cut = self.cut(wildcards)
        return found + ([f"facsimile.explain.superpixels.{cut['kind']}"] if cut else [])

    def _judges(self, wildcards: Wildcards, explainer: str) -> list[str]:
        settings = self.settings(wildcards)
        default, others = settings["study"]["baseline"], settings["faith"]["baselines"]
        return asking.judges(self.rows(wildcards)[explainer], default, others)
