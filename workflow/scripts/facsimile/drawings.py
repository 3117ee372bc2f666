"""Which figures a workflow draws, study by study and stage by stage; where they lie."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from facsimile import EXPRESSIONS, show
from facsimile.lookup import Wildcards
from facsimile.show.facts import Facts
from facsimile.show.manifest import Drawing, drawings, figures
from facsimile.studies import EXTERNAL, STUDY, VALIDATION, Studies

_PAGES = Path(show.__file__).parent
TEMPLATES = sorted(file for kind in ("*.j2", "*.js") for file in _PAGES.rglob(kind))
"""What pages are made of beside code."""
VALIDATION_STAGE = "validation"
"""The stage of the figures that show all conditions of the validation together."""


class Drawings:
    """The figures of all studies of a workflow.

    Attributes
    ----------
    stages : folder of a study's results to the stages whose figures it has, in order. Of heatmaps
        made elsewhere, only what is measured is shown.
    """

    def __init__(
        self,
        studies: Studies,
        stages: Sequence[str],
        planted: Mapping[str, Any],
        project: Path,
        report: Callable[..., str],
    ):
        """Plan the figures of some stages.

        Parameters
        ----------
        stages : what figures are drawn of, in order.
        planted : the settings of the validation, all conditions together.
        project : the folder from which the places in settings start.
        report : Snakemake's mark of a path that goes into its own report.
        """
        self.studies = studies
        self.report = report
        left_out = (
            {VALIDATION_STAGE} if studies[STUDY].judges_faith else {VALIDATION_STAGE, "faith"}
        )
        self.stages = {STUDY: [one for one in stages if one not in left_out]}
        if EXTERNAL in studies:
            self.stages[EXTERNAL] = ["heatmaps", "references", "agreement", "likeness"]
        settings = {folder: one.settings for folder, one in studies.items()} | {VALIDATION: planted}
        self.facts_of = cache(lambda results: Facts.of(settings[results], project))
        self.names = {
            folder: {**one.names, "expression": [*EXPRESSIONS, "all"]}
            for folder, one in studies.items()
        }
        self.names[VALIDATION] = {"condition": planted["corpora"], "network": planted["networks"]}
        # Snakemake reads captions from files: these hold the figures' own, and go as the run ends.
        self.captions = TemporaryDirectory(prefix="facsimile-captions-")

    @property
    def drawn_together(self) -> list[tuple[str, str]]:
        """Return folder and stage of the figures that one job draws, the validation's included."""
        studied = [(folder, stage) for folder, some in self.stages.items() for stage in some]
        return [*studied, (VALIDATION, VALIDATION_STAGE)]

    def of(self, results: str, stage: str) -> list[Drawing]:
        """Return the figures of one stage of a study, or of the validation."""
        return drawings(stage, **self.names[results])

    def paths(self, *stages: str, results: str = STUDY) -> list[str]:
        """Return where the figures of some stages of a study lie."""
        found = (path for stage in stages for one in self.of(results, stage) for path in one.paths)
        return [f"{results}/{path}" for path in found]

    def on_pages(self, results: str) -> list[str]:
        """Return the stages whose figures a study's page shows: what goes beyond it has none."""
        return [stage for stage in self.stages[results] if stage != "sensitivity"]

    def pictures(self, wildcards: Wildcards) -> list[str]:
        """Return the figures of the page of a job's study."""
        found = self.paths(*self.on_pages(wildcards.results), results=wildcards.results)
        return [path for path in found if path.endswith(".png")]

    def reported(self, results: str, stage: str) -> list[str]:
        """Return the patterns of a stage's figures, with what Snakemake's report says of each."""
        return [
            self._reported(results, one, path)
            for one in self.of(results, stage)
            for path in one.paths
        ]

    def _reported(self, results: str, one: Drawing, path: str) -> str:
        caption = Path(self.captions.name, results, f"{path}.rst")
        caption.parent.mkdir(parents=True, exist_ok=True)
        caption.write_text(one.caption(self.facts_of(results)), encoding="utf-8")
        labels = {"figure": one.label, "format": path.rpartition(".")[2]}
        told = {"caption": str(caption), "category": one.category, "labels": labels}
        return self.report(f"{{results}}/{path}", **told)


def modules_of(stage: str) -> list[str]:
    """Return the modules of the figures of a stage."""
    return [type(one).__module__ for one in figures(stage)]
