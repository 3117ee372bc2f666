"""facsimile: does a network trained on facial expressions look where people look?"""

from copy import deepcopy
from time import time

from snakemake.utils import min_version

min_version("9.19")

STARTED = time()
GIVEN = deepcopy(config)  # what --configfile and --config bring, or a workflow that includes this


configfile: Path(workflow.current_basedir.get_path_or_uri(secret_free=False)) / "config/config.yaml"


include: "workflow/rules/studies.smk"
include: "workflow/rules/common.smk"
include: "workflow/rules/paths.smk"
include: "workflow/rules/inputs.smk"
include: "workflow/rules/faces.smk"
include: "workflow/rules/networks.smk"
include: "workflow/rules/explanations.smk"
include: "workflow/rules/heatmaps.smk"
include: "workflow/rules/faith.smk"
include: "workflow/rules/references.smk"
include: "workflow/rules/null.smk"
include: "workflow/rules/agreement.smk"
include: "workflow/rules/likeness.smk"
include: "workflow/rules/sensitivity.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/validation.smk"
include: "workflow/rules/targets.smk"


report: "workflow/report/workflow.rst"


# Downloads need the network, which nodes of a cluster may lack. Named targets are local by themselves.
localrules:
    fetch_weights,


rule all:
    default_target: True
    input:
        rules.report.input,


# On one machine as many jobs have a GPU at once as there are, unless profile or command say how many.
if workflow.local_exec and "gpu" not in workflow.global_resources:
    workflow.register_resource("gpu", devices.at_once(SETTINGS["device"]))


onstart:
    # Snakemake limits how many jobs start in a span of time, and sets a timer at each pass of its
    # scheduler, whose end is a pass again: they never cease, each job that ends adds one, and each
    # looks at all inputs of all jobs that are ready. After some hundred jobs they take a whole core.
    # A study is limited by its cores, or by the cluster's queue: no other limit, so no timers.
    workflow.scheduler.job_rate_limiter = None
    missing = corpus.missing("results")
    if missing:
        raise WorkflowError(missing)
    logger.addHandler(remaining.Remaining(workflow.dag.needrun_jobs(), logger.info))


onsuccess:
    conclude(STUDIES, STARTED, workflow.dag.jobs, workflow.persistence.metadata)
