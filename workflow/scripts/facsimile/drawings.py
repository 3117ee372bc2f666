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


class Drawings:
    """The figures of all studies of a workflow.

    Attributes
    ----------
    stages : folder of a study's results to the stages whose figures it has, in order. Of heatmaps
        made elsewhere, only what is measured is shown.
    """

    def __init__(
        self, studies: Studies, stages: Sequence[str], project: Path, report: Callable[..., str]
    ):
        """Plan the figures of some stages.

        Parameters
        ----------
        project : the folder from which the places in settings start.
        report : Snakemake's mark of a path that goes into its own report.
        """
        self.studies = studies
        self.report = report
        kept = [one for one in stages if one != "faith" or studies[STUDY].judges_faith]
        self.stages = {STUDY: kept}
        if EXTERNAL in studies:
            self.stages[EXTERNAL] = ["heatmaps", "references", "agreement", "likeness"]
        self.facts_of = cache(lambda results: Facts.of(studies[results].settings, project))
        # Snakemake reads captions from files: these hold the figures' own, and go as the run ends.
        self.captions = TemporaryDirectory(prefix="facsimile-captions-")

    def of(self, results: str, stage: str) -> list[Drawing]:
        """Return the figures of one stage of a study."""
        names = self.studies[results].names
        return drawings(stage, **{**names, "expression": [*EXPRESSIONS, "all"]})

    def paths(self, *stages: str, results: str = STUDY) -> list[str]:
        """Return where the figures of some stages of a study lie."""
        found = (path for stage in stages for one in self.of(results, stage) for path in one.paths)
        return [f"{results}/{path}" for path in found]

    def of_validation(self, planted: Mapping[str, Any]) -> list[str]:
        """Return where the figures lie that show all conditions of the validation together."""
        found = drawings("validation", condition=planted["corpora"], network=planted["networks"])
        return [f"{VALIDATION}/{path}" for one in found for path in one.paths]

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
