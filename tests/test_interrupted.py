"""A run that is killed in the middle is gone on with, to the bytes of a run without a break."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest
import yaml

from running import PROJECT, copied, finished, snakemake

TARGET = "results/heatmaps/lime/weinet/fear.npy"
EPOCHS, SAMPLES = 12, 100  # seconds of each, in which to be killed


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the workflow that keeps the state of explaining after each face."""
    project = copied(tmp_path_factory.mktemp("project") / "facsimile")
    file = project / "workflow" / "scripts" / "facsimile" / "explain" / "running.py"
    text = file.read_text()
    assert "REPORT_EVERY = 5.0\n" in text
    file.write_text(text.replace("REPORT_EVERY = 5.0\n", "REPORT_EVERY = 0.0\n"))
    return project


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """A study of one network, whose training and explaining take seconds each."""
    study = yaml.safe_load((PROJECT / "tests" / "micro.yaml").read_text())
    study["study"]["repeats"] = 1
    study["networks"] = {"weinet": {"input_size": 32, "epochs": EPOCHS, "batch_size": 16}}
    study["explainers"] = {"lime": {"samples": SAMPLES}}
    path = tmp_path_factory.mktemp("interrupted") / "config.yaml"
    path.write_text(yaml.safe_dump(study))
    return path


def killed_at(project, directory, config, state):
    """Run the study until the state of an unfinished job is there, and kill all of it."""
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--directory", str(directory)]
    process = subprocess.Popen(
        [*command, TARGET, "--configfile", str(config)],
        cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        while not list(directory.glob(state)):
            assert process.poll() is None, f"ended before there was any {state}"
            time.sleep(0.01)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    finished(snakemake(directory, "--unlock", configfile=config, project=project))


def made(directory):
    """Return the bytes of all that trainings and explaining made, by their paths."""
    results = directory / "results"
    folders = ("networks", "explanations", "heatmaps")
    paths = [path for folder in folders for path in (results / folder).rglob("*.*")]
    return {str(path.relative_to(results)): path.read_bytes() for path in paths if path.is_file()}


def explained(directory):
    """Return how many faces the job that explained them says it did."""
    (log,) = (directory / "results" / "logs" / "explain_faces").rglob("*.log")
    (faces,) = re.findall(r"(\d+) faces in ", log.read_text())
    return int(faces)


@pytest.mark.slow
def test_a_run_killed_in_training_and_in_explaining_ends_with_the_same_bytes(
    project, config, tmp_path
):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    chosen = {"configfile": config, "project": project}
    finished(snakemake(whole, TARGET, **chosen))
    logs = broken / "results" / "logs"

    killed_at(project, broken, config, "results/networks/weinet/repeat0/fold*/.unfinished.*")
    assert not list(broken.rglob("history.csv")), "killed too late to tell anything"
    killed_at(project, broken, config, "results/explanations/lime/weinet/repeat0/.unfinished.*")
    (said,) = [path.read_text() for path in (logs / "train_network").rglob("*.log")]
    assert "goes on after epoch" in said
    assert not list(broken.rglob("explanations/**/[!.]*.npz"))

    finished(snakemake(broken, TARGET, **chosen))
    assert 0 < explained(broken) < explained(whole), (
        "faces explained before are not explained again"
    )
    assert made(broken) == made(whole)
    assert not list(broken.rglob(".unfinished.*")), "states are removed at the end"
