"""What all rules share: the names of wildcards, and what a job depends on."""

from facsimile import devices
from facsimile.digest import code_from
from facsimile.lookup import Lookup, either
from facsimile.plugins import names
from facsimile.settings.sections import MACHINE_KEYS

ENVIRONMENT = "../../envs/facsimile.yaml"
MACHINE = {key: SETTINGS[key] for key in MACHINE_KEYS}
GPU = int(devices.wants_gpu(SETTINGS["device"]))


LOOKUP = Lookup(STUDIES)
study_of, of_any, where = LOOKUP.study_of, LOOKUP.of_any, LOOKUP.where
code = code_from(SCRIPTS, kept=Path(".snakemake/facsimile-code.json"))
every, fact, row, setting = LOOKUP.every, LOOKUP.fact, LOOKUP.row, LOOKUP.setting
WITH_FACES = where(lambda study: study.has_faces)
IN_CONDITION = where(lambda study: not study.settings["references"])


wildcard_constraints:
    results=either(*STUDIES),
    corpus=of_any(lambda study: study.names["corpus"]),
    network=of_any(lambda study: study.names["network"]),
    superpixels=of_any(lambda study: study.settings["superpixels"]),
    explainer=of_any(lambda study: study.explainers or study.names["explainer"]),
    reference=of_any(lambda study: study.references),
    condition=either(*CONDITIONS),
    expression=either(*EXPRESSIONS),
    repeat=r"\d+",
    fold=r"\d+",
    view=f"({of_any(lambda study: filter(None, study.views))})?",
    size=r"\d+",


def with_faces(paths):
    """Return a function for files that only a study with faces has; none for others."""
    return lambda wildcards: paths(wildcards) if study_of(wildcards).has_faces else []


def kind_in(package, row_of):
    """Return a function of a job's wildcards: the module of the kind that a row of theirs has."""
    return lambda wildcards: [f"{package}.{row_of(wildcards)['kind']}"]


def resource(name):
    """Return a table of the project's own, by its name without a suffix."""
    (found,) = (PROJECT / "resources").glob(f"{name}.*")
    return place(f"resources/{found.name}")


def all_in(package):
    """Return the modules of all things that are found by name in a package."""
    return [f"{package}.{name}" for name in names(package)]
