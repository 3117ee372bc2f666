"""Running the workflow as people do, and reading what it plans."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import planning

PROJECT = Path(__file__).parents[1]
PARTS = ("Snakefile", "config", "envs", "profiles", "resources", "workflow")
"""All that the workflow is made of."""
STUDIES = (
    *(f"config/{name}.yaml" for name in ("config", "paper", "pretraining", "validation")),
    "docs/gallery/photographs.yaml",
    "tests/tiny.yaml",
)
"""Studies that come with the project, and a tiny one."""


def snakemake(directory, *arguments, configfile=None, project=PROJECT):
    """Run a workflow with its results under a directory; return the finished process."""
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
