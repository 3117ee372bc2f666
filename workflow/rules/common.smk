"""The study's settings, checked; the names of things; what each job depends on."""

import os
import sys
from functools import cache
from itertools import product
from modulefinder import ModuleFinder
from pathlib import Path

from snakemake.exceptions import WorkflowError

PROJECT = Path(workflow.basedir)
SCRIPTS = PROJECT / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

from facsimile import EXPRESSIONS, settings
from facsimile.errors import UserError, unknown

# A study names its own corpora and networks: these maps are not merged with the default's.
for name in ("corpora", "networks"):
    if name in GIVEN:
        config[name] = GIVEN[name]

try:
    schema = settings.read_schema(PROJECT / "config" / "schema.yaml")
    config.update(settings.check(config, schema))
except UserError as error:
    raise WorkflowError(str(error)) from None

STUDY, CORPORA, NETWORKS = config["study"], config["corpora"], config["networks"]
EXPLAINERS, REFERENCES = config["explainers"], config["references"]
# A contrast is another reading of the same explanations.
EXPLAINED_BY = list(dict.fromkeys(name.removesuffix("_contrast") for name in EXPLAINERS))
FOLDS = range(STUDY["folds"])
MACHINE = {"device": config["device"], "threads": config["threads"]}
GPU = int(config["device"] == "cuda")
ENVIRONMENT = PROJECT / "envs" / "facsimile.yaml"
BASELINES = ("center", "face", "ones")
ORIGINS = {name: (one["architecture"], one["weights"]) for name, one in NETWORKS.items()}


# Where references come from: polygons in the project, people's tiles, the user's own maps.
REGIONS = sorted(path.stem for path in (PROJECT / "resources" / "references").glob("*.yaml"))
HUMAN = {key: os.path.relpath(PROJECT / path) for key, path in config.get("human", {}).items()}
GIVEN_MAPS = {
    name: os.path.relpath(PROJECT / folder) for name, folder in config["reference_maps"].items()
}
CEILING = ["results/references/human/ceiling.csv"] if "human" in REFERENCES else []
KNOWN = {*REGIONS, "facs_core", "facs_variants", *GIVEN_MAPS, *(["human"] if HUMAN else [])}
for name in REFERENCES:
    if name == "human" and not HUMAN:
        raise WorkflowError(
            "The reference 'human' needs measured data: say where they are, as "
            "human: {tiles: tiles.csv, landmarks: landmarks.csv}; docs/references.md says more."
        )
    if name not in KNOWN:
        raise WorkflowError(str(unknown("reference", name, KNOWN, "references")))

# Heatmaps made elsewhere, for the target `external`.
EXTERNAL, EXTERNAL_FOLDER = {}, ""
if "external_heatmaps" in config:
    from facsimile.atlas.maps import find_networks

    EXTERNAL_FOLDER = os.path.relpath(PROJECT / config["external_heatmaps"])
    try:
        EXTERNAL = find_networks(EXTERNAL_FOLDER)
    except UserError as error:
        raise WorkflowError(str(error)) from None


wildcard_constraints:
    corpus="|".join(CORPORA),
    network="|".join(NETWORKS),
    expression="|".join(EXPRESSIONS),
    explainer="|".join(dict.fromkeys(EXPLAINERS + EXPLAINED_BY)),
    reference="|".join(REFERENCES),
    external="|".join(EXTERNAL) or "(?!)",
    fold=r"\d+",
    size=r"\d+",


def project(path):
    """Return a path inside the project as seen from the folder where the study runs."""
    return os.path.relpath(PROJECT / path)


@cache
def code(rule, *modules):
    """Return the library files that a rule's script reaches by its imports.

    As inputs of the rule they make it run again when they change, and only then. Modules that it
    imports by name, which no finder sees, are given as paths without their suffix.
    """
    files = {str(SCRIPTS / f"{module}.py") for module in modules}
    for start in (rule, *modules):
        finder = ModuleFinder(path=[str(SCRIPTS)])
        finder.run_script(str(SCRIPTS / f"{start}.py"))
        files |= {found.__file__ for name, found in finder.modules.items() if name != "__main__"}
    return sorted(os.path.relpath(file) for file in files if file)


def recipe(wildcards):
    """Return all that decides how a network is trained, except its faces and seed."""
    return NETWORKS[wildcards.network]


def size_of(wildcards):
    return NETWORKS[wildcards.network]["input_size"]


def weights_of(wildcards):
    """Return where a network's weights come from: imagenet, or the path of a file."""
    weights = NETWORKS[wildcards.network]["weights"]
    return weights if weights in ("random", "imagenet") else os.path.relpath(PROJECT / weights)


def corpus_options(name):
    """Return a corpus' options as its reader takes them, paths as seen from where the study runs."""
    options = CORPORA[name]
    return options | {key: project(options[key]) for key in ("path", "images") if key in options}


def corpus_places(name):
    """Return the files and folders of a corpus: none where the project draws the faces."""
    options = corpus_options(name)
    return [options[key] for key in ("path", "images") if key in options]


def missing_corpora():
    """Return one sentence on all corpora that are not where they should be, if any."""
    missing = [
        (name, Path(place).resolve())
        for name in CORPORA
        for place in corpus_places(name)
        if not os.path.exists(place)
    ]
    if not missing:
        return None
    from facsimile.faces.corpora import KINDS  # takes a second, and is hardly ever needed

    sentences = [
        f"\n  {name}: nothing at {place}\n    expected is {KINDS[CORPORA[name]['kind']].LAYOUT}."
        for name, place in missing
    ]
    return (
        f"{len(dict(missing))} of {len(CORPORA)} corpora missing. Put them in place, or change "
        "`corpora` in the configuration; docs/corpora.md says how to obtain each."
        + "".join(sentences)
    )
