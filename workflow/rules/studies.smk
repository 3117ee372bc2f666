"""The studies of this workflow: the configured one, the validation's, and heatmaps made elsewhere.

All are carried out by the same rules. `{results}` is the folder of a study's results.
"""

import os
import sys
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError

# Of this file, and not of a workflow that may include it.
PROJECT = Path(workflow.current_basedir.get_path_or_uri(secret_free=False)).parents[1]
SCRIPTS = PROJECT / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.names import check_names
from facsimile.settings.checking import MAPS, check
from facsimile.settings.rows import cross, passes
from facsimile.study import Study

# A study names its own rows: these maps are not merged with the default study's.
for name in MAPS:
    if name in GIVEN:
        config[name] = GIVEN[name]


def place(path):
    """Return a path that starts at the project's folder as seen from where the study runs.

    It is no part of a study: `local` keeps a workflow that includes this one, under a prefix, from
    putting that before it.
    """
    return local(os.path.relpath(PROJECT / Path(path).expanduser()))


def configured_study(checked, variations):
    """Return the configured study; its explainers are its own and those of the sensitivity."""
    rows = checked["explainers"] | {name: one.row for name, one in variations.items()}
    return {"results": Study(checked, tuple(checked["references"]), rows, passes(rows))}


PLANTED_REGIONS = ("exact", "visible", "change")
"""What was planted, as three references."""


def validation_settings(checked):
    """Return the settings of the validation, on the machine of the study."""
    text = (PROJECT / "config" / "validation.yaml").read_text()
    machine = {key: checked[key] for key in ("device", "threads")}
    planted = check({**yaml.safe_load(text), **machine}, PROJECT)
    for wrong, sentence in (
        (
            any(one["kind"] != "synthetic" for one in planted["corpora"].values()),
            "evidence can be planted only in corpora of kind: synthetic",
        ),
        (
            any(one["weights"] != "random" for one in planted["networks"].values()),
            "its networks start from weights: random, since it needs nothing from elsewhere",
        ),
    ):
        if wrong:
            raise UserError(f"config/validation.yaml: {sentence}.")
    # Conditions, too, are references: of each other.
    check_names(planted["networks"], [*PLANTED_REGIONS, *planted["corpora"]], planted["explainers"])
    return planted


def validation_studies(planted):
    """Return a study for each condition of the validation: one corpus with planted evidence.

    Its heatmaps are held against what was planted, and against what others have elsewhere.
    """
    return {
        f"results/validation/{name}": Study(
            {**planted, "corpora": {name: corpus}, "references": {}},
            (*PLANTED_REGIONS, *elsewhere(planted["corpora"], corpus)),
            planted["explainers"],
            passes(planted["explainers"]),
        )
        for name, corpus in planted["corpora"].items()
    }


def elsewhere(corpora, corpus):
    """Return the conditions whose evidence lies in another place than a corpus'."""
    told = {name: one for name, one in corpora.items() if not one["shuffle_labels"]}
    return [name for name, one in told.items() if one["units"] != corpus["units"]]


def external_study(checked):
    """Return the study of heatmaps made elsewhere, if any: it has neither faces nor folds."""
    if not checked["external_heatmaps"]:
        return {}
    from facsimile.atlas.maps import find_networks  # seldom needed

    networks = find_networks(place(checked["external_heatmaps"]))
    check_names(networks, checked["references"], [])
    given = {"corpora": {}, "networks": networks, "explainers": {"external": {}}}
    study = {**checked, **given, "study": {**checked["study"], "folds": 0}}
    return {"results/external": Study(study, tuple(study["references"]))}


try:
    SETTINGS = check(config, PROJECT)
    VARIATIONS = cross(SETTINGS["explainers"], SETTINGS["sensitivity"])
    PLANTED = validation_settings(SETTINGS)
    STUDIES = (
        configured_study(SETTINGS, VARIATIONS)
        | validation_studies(PLANTED)
        | external_study(SETTINGS)
    )
except UserError as error:
    raise WorkflowError(str(error)) from None

CONDITIONS = list(PLANTED["corpora"])
