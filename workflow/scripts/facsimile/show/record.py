"""How a study was made: what its numbers are owed to, in one file beside them."""

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

SOFTWARE = ("snakemake", "torch", "torchvision", "timm", "dlib-bin", "scikit-image",
            "scikit-learn", "scipy", "numpy", "pandas", "matplotlib",
            "seaborn")  # fmt: skip
VERSION = "0.1.0"
"""Of facsimile, as CITATION.cff has it."""


def software() -> dict[str, str]:
    """Return the versions of Python and of the libraries that shape the numbers."""
    versions = {"python": platform.python_version()}
    for name in SOFTWARE:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def read_records(paths: Sequence[str]) -> dict[str, str]:
    """Return what the jobs say that networks were computed on and in: each value that occurs."""
    found: dict[str, dict[str, None]] = {}
    for path in paths:
        for name, value in json.loads(Path(path).read_text(encoding="utf-8")).items():
            found.setdefault(name, {})[str(value)] = None
    return {name: " and ".join(values) for name, values in found.items()}


def settings_digest(settings: Mapping[str, Any]) -> str:
    """Return a digest of a study's settings, defaults and all: the same for the same study."""
    plain = json.dumps(settings, default=str, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def code_digest(workflow: Path) -> str:
    """Return a digest of all files of the workflow: rules, scripts and templates.

    Parameters
    ----------
    workflow : the folder that holds them.
    """
    total = hashlib.sha256()
    for path in sorted(workflow.rglob("*")):
        if path.is_file() and path.suffix in (".py", ".smk", ".j2", ".js"):
            total.update(path.relative_to(workflow).as_posix().encode() + path.read_bytes())
    return total.hexdigest()[:16]


def record(
    settings: Mapping[str, Any], workflow: Path, networks: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return how a study was made.

    Parameters
    ----------
    settings : of the study, with all defaults.
    workflow : the folder of its rules and scripts.
    networks : the records that the jobs left which computed with networks.

    Returns
    -------
    ``facsimile`` (version, and digests of code and settings), ``seeds``, ``software`` (versions),
    and ``computed``: device, precision and weights at the start, each value that occurs.
    """
    return {
        "facsimile": {
            "version": VERSION,
            "code": code_digest(workflow),
            "settings": settings_digest(settings),
        },
        "seeds": {"study": settings["study"]["seed"]},
        "software": software(),
        "computed": read_records(networks),
    }


def flat(made: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return a record as names and values in one line, as the page tells it."""
    own = made["facsimile"]
    lead = {"facsimile": own["version"], "code": own["code"], "settings": own["settings"]}
    seeds = {f"seed of the {name}": str(seed) for name, seed in made["seeds"].items()}
    return lead | seeds | dict(made["software"]) | dict(made["computed"])
