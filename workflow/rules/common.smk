"""What all rules share: the names of wildcards, and what a job depends on."""

from functools import cache
from re import escape

from facsimile.digest import digest
from facsimile.plugins import names

ENVIRONMENT = "../../envs/facsimile.yaml"
MACHINE = {key: SETTINGS[key] for key in ("device", "threads")}
GPU = int(SETTINGS["device"] == "cuda")


def either(*names):
    """Return the pattern of a wildcard that is one of some names."""
    return "|".join(escape(str(name)) for name in dict.fromkeys(names)) or "(?!)"


def of_any(names_of):
    """Return the pattern of a wildcard that is one of the names which any study has for it."""
    return either(*(name for study in STUDIES.values() for name in names_of(study)))


def where(condition):
    """Return the pattern of the folders of those studies that fulfil a condition."""
    return either(*(folder for folder, study in STUDIES.items() if condition(study)))


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
    size=r"\d+",


def study_of(wildcards):
    """Return the study that a job belongs to."""
    return STUDIES[wildcards.results]


def every(pattern, **given):
    """Return a function of a job's wildcards: a path for each name of its study that they leave open.

    ``given`` are names for some of the pattern's keys.
    """

    def paths(wildcards):
        known = {**dict(wildcards.items()), **given}
        return STUDIES[known["results"]].paths(pattern, known)

    return paths


def with_faces(paths):
    """Return a function for files that only a study with faces has; none for others."""
    return lambda wildcards: paths(wildcards) if study_of(wildcards).has_faces else []


def setting(*keys):
    """Return a function of a job's wildcards: one of its study's settings."""

    def value(wildcards):
        found = study_of(wildcards).settings
        for key in keys:
            found = found[key]
        return found

    return value


def fact(name):
    """Return a function of a job's wildcards: what its study says of itself."""
    return lambda wildcards: getattr(study_of(wildcards), name)


def row(section, key):
    """Return a function of a job's wildcards: the row, in its study's settings, that one names."""
    return lambda wildcards: study_of(wildcards).settings[section][wildcards[key]]


@cache
def digested(script, *modules):
    return digest(SCRIPTS / f"{script}.py", *modules)


def code(script, *modules):
    """Return a function of a job's wildcards: what its code means; see `facsimile.digest`.

    ``modules`` are what a script reaches by names that only settings tell, or functions of the
    wildcards that return such names.
    """

    def meaning(wildcards):
        known = (one(wildcards) if callable(one) else [one] for one in modules)
        return digested(script, *(name for names in known for name in names))

    return meaning


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
