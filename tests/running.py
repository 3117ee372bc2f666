"""Running the workflow as people do, and reading what it plans."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import planning
from facsimile.digest import Known

PROJECT = Path(__file__).parents[1]
PARTS = ("Snakefile", "config", "envs", "profiles", "resources", "workflow")
"""All that the workflow is made of."""
STUDIES = (
    *(f"config/{name}.yaml" for name in ("config", "paper", "pretraining", "validation")),
    "docs/gallery/photographs.yaml",
    "tests/tiny.yaml",
)
"""Studies that come with the project, and a tiny one."""


@cache
def known_code():
    """Return what all code of the library means, as a workflow keeps it between two plannings."""
    known = Known()
    for path in (PROJECT / "workflow" / "scripts").rglob("*.py"):
        known.read(path)
    return json.dumps(known.found)


def snakemake(directory, *arguments, configfile=None, project=PROJECT):
    """Run a workflow with its results under a directory; return the finished process."""
    kept = Path(directory, ".snakemake", "facsimile-code.json")
    if not kept.exists() and os.access(directory, os.W_OK):  # saves half of a small plan's time
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(known_code())
    chosen = ["--configfile", str(configfile)] if configfile else []
    given = ["--cores", "2", "--directory", str(directory), *arguments, *chosen]
    if "-n" in arguments:
        return planning.plan(given, project)
    return subprocess.run(
        [sys.executable, "-m", "snakemake", *given],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def finished(process):
    """Return a process that ended well; fail with what it said otherwise."""
    assert process.returncode == 0, process.stdout[-6000:]
    return process


def refused(process):
    """Return what a process said that stopped with a sentence, and without a traceback."""
    assert process.returncode != 0, process.stdout[-2000:]
    assert "Traceback" not in process.stdout
    return process.stdout


def planned(process):
    """Return how many jobs of each rule a dry run plans."""
    said = finished(process).stdout
    lines = said.partition("Job stats:")[2].partition("total")[0].splitlines()
    counts = [line.split() for line in lines if line.strip() and "---" not in line]
    return {rule: int(number) for rule, number in counts if number.isdigit()}


def setting(name, value):
    """Return a setting as it is written on the command line."""
    return f"{name}={json.dumps(value)}"


def copied(directory):
    """Return a copy of the workflow that a test may change."""
    directory.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source, target = PROJECT / part, directory / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return directory
