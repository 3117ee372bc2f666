"""The studies of a workflow, by the folders of their results: the same rules carry out all."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from facsimile.errors import UserError
from facsimile.names import check_names
from facsimile.settings.checking import check
from facsimile.settings.rows import passes
from facsimile.settings.sections import MACHINE_KEYS
from facsimile.study import Study

STUDY = "results"
VALIDATION = "results/validation"
EXTERNAL = "results/external"

PLANTED_REGIONS = ("exact", "visible", "change")
"""What was planted, as three references."""

Studies = dict[str, Study]
Settings = Mapping[str, Any]


def configured(settings: Settings, variations: Mapping[str, Any]) -> Studies:
    """Return the configured study; its explainers are its own and those of the sensitivity."""
    rows = settings["explainers"] | {name: one.row for name, one in variations.items()}
    return {STUDY: Study(settings, tuple(settings["references"]), rows, passes(rows))}


def validation_settings(settings: Settings, project: Path) -> dict:
    """Return the settings of the validation, on the machine of the study.

    Raises
    ------
    UserError
        If its corpora are not drawn, or its networks start from learned weights.
    """
    text = (project / "config" / "validation.yaml").read_text()
    machine = {key: settings[key] for key in MACHINE_KEYS}
    planted = check({**yaml.safe_load(text), **machine}, project)
    for key, column, value, why in (
        ("corpora", "kind", "synthetic", "evidence can be planted only there"),
        ("networks", "weights", "random", "it needs nothing from elsewhere"),
    ):
        if any(one.get(column) != value for one in planted[key].values()):
            raise UserError(f"config/validation.yaml: `{key}` need {column}: {value}, since {why}.")
    # Conditions, too, are references: of each other.
    check_names(planted["networks"], [*PLANTED_REGIONS, *planted["corpora"]], planted["explainers"])
    return planted


def validation(planted: Settings) -> Studies:
    """Return a study for each condition of the validation: one corpus with planted evidence.

    Its heatmaps are held against what was planted, and against what others have elsewhere.
    """
    rows = planted["explainers"]
    return {
        f"{VALIDATION}/{name}": Study(
            {**planted, "corpora": {name: corpus}, "references": {}},
            (*PLANTED_REGIONS, *_elsewhere(planted["corpora"], corpus)),
            rows,
            passes(rows),
        )
        for name, corpus in planted["corpora"].items()
    }


def _elsewhere(corpora: Mapping[str, Settings], corpus: Settings) -> list[str]:
    """Return the conditions whose evidence lies in another place than a corpus'."""
    return [name for name, one in corpora.items() if one["units"] != corpus["units"]]


def external(settings: Settings, folder: str) -> Studies:
    """Return the study of heatmaps made elsewhere, if any: it has neither faces nor folds.

    ``folder`` is where they lie, as seen from where the study runs.
    """
    if not settings["external_heatmaps"]:
        return {}
    from facsimile.atlas.maps import find_networks  # seldom needed

    networks = find_networks(folder)
    check_names(networks, settings["references"], [])
    given = {"corpora": {}, "networks": networks, "explainers": {"external": {}}}
    study = {**settings["study"], "folds": 0, "repeats": 1}
    return {EXTERNAL: Study({**settings, **given, "study": study}, tuple(settings["references"]))}


def external_targets(studies: Studies) -> list[str]:
    """Return what is wanted of heatmaps made elsewhere.

    Without a folder of them, a file that no rule makes, whose name in Snakemake's message says what
    to do.
    """
    if EXTERNAL not in studies:
        return ["a folder of heatmaps, named by --config external_heatmaps=DIR"]
    return [f"{EXTERNAL}/report.html", f"{EXTERNAL}/tables/agreement.tex"]
