"""The studies of this workflow: the configured one, the validation's, and heatmaps made elsewhere.

All are carried out by the same rules. `{results}` is the folder of a study's results.
"""

import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

# Of this file, and not of a workflow that may include it.
PROJECT = Path(workflow.current_basedir.get_path_or_uri(secret_free=False)).parents[1]
SCRIPTS = PROJECT / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

from facsimile import EXPRESSIONS, studies
from facsimile.errors import UserError
from facsimile.project import Project
from facsimile.settings.checking import MAPS, check
from facsimile.settings.given import chosen
from facsimile.settings.rows import cross
from facsimile.slips import refuse_slips
from facsimile.studies import PLANTED_REGIONS

try:
    project = Project.for_study_here(PROJECT, local)
    refuse_slips(workflow.configfiles)
    SETTINGS = check(chosen(GIVEN, config, MAPS), PROJECT)
    VARIATIONS = cross(SETTINGS["explainers"], SETTINGS["sensitivity"])
    PLANTED = studies.validation_settings(SETTINGS, PROJECT)
    STUDIES = (
        studies.configured(SETTINGS, VARIATIONS)
        | studies.validation(PLANTED)
        | studies.external(SETTINGS, project.place(SETTINGS["external_heatmaps"] or ""))
    )
except UserError as error:
    raise WorkflowError(str(error)) from None
