"""A small study on a SLURM that cancels a job and takes nodes away: the bytes of a run here.

Runs inside of cluster.sh, as `make test-slurm` does; pytest does not find it by itself.
"""

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from running import PROJECT, copied, finished, snakemake

STUDY = Path(__file__).with_name("study.yaml")
COMPARED = (".npy", ".npz", ".csv", ".safetensors")
AN_HOUR = 3600  # enough anywhere; a run that takes longer waits for something that never comes
GPU_PARTITION = "# slurm_partition: my_gpu_partition"


def slurm(*command):
    """Return the lines that a command of SLURM prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


class Run:
    """The study on its way through the profile; whoever disturbs it waits for the right moment."""

    def __init__(self, project, directory):
        self.log = directory.with_suffix(".log")
        self.end = time.monotonic() + AN_HOUR
        profile = ["--workflow-profile", "profiles/slurm"]
        soon = ["--slurm-init-seconds-before-status-checks", "5"]
        study = ["--configfile", str(STUDY), "--directory", str(directory)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "snakemake", *profile, *soon, *study],
            cwd=project, stdout=self.log.open("w"), stderr=subprocess.STDOUT,
        )  # fmt: skip

    def until(self, found):
        """Return what a function finds, as soon as it finds something."""
        while not (answer := found()):
            here = self.process.poll() is None and time.monotonic() < self.end
            assert here, self.log.read_text()[-6000:]
            time.sleep(0.2)
        return answer

    def job(self, rule, other_than=None):
        """Return id and node of a rule's job, as soon as it runs."""

        def running():
            lines = slurm("squeue", "--noheader", "--states=RUNNING", "--format=%i %N %k")
            jobs = [line.split(maxsplit=2) for line in lines]
            return [(job, node) for job, node, comment in jobs
                    if comment.startswith(f"rule_{rule}") and job != other_than]  # fmt: skip

        return self.until(running)[0]


def set_node(node, state):
    slurm("scontrol", "update", f"nodename={node}", f"state={state}", "reason=test")


class Start(NamedTuple):
    """What became of a job that SLURM started, on which node, and what it had asked for."""

    state: str
    node: str
    asked: str


def accounted(rule):
    """Return all starts of a rule's jobs, the first one first."""
    asked = ["--starttime=now-1day", "--duplicates", "--format=Comment,State,NodeList,ReqTRES"]
    rows = [line.split("|") for line in slurm("sacct", "-XnP", *asked)]
    return [Start(*row[1:]) for row in rows if row[0].startswith(f"rule_{rule}")]


def differing(one, other):
    """Return the paths of arrays, tables and weights that are not the same, but for the clock's."""
    paths = {path.relative_to(root) for root in (one, other) for path in root.rglob("results/**/*")
             if path.suffix in COMPARED and path.name != "times.csv"}  # fmt: skip
    assert len(paths) > 50
    return [path for path in paths if (one / path).read_bytes() != (other / path).read_bytes()]


@pytest.fixture
def project(tmp_path):
    """The project as docs/cluster.md sets it up, and a GPU asked for, without which it computes."""
    project = copied(tmp_path / "project")
    (line,) = re.findall(r"^sed -i .*$", (PROJECT / "docs" / "cluster.md").read_text(), re.M)
    command = line.replace("PROJECT", "faces").replace("PARTITION", "short")
    subprocess.run(command, shell=True, check=True, cwd=project)
    profile = project / "profiles" / "slurm" / "profile.yaml"
    profile.write_text(profile.read_text().replace(GPU_PARTITION, "gpu: 1"))
    return project


@pytest.fixture
def run(project, tmp_path):
    run = Run(project, tmp_path / "far")
    yield run
    run.process.kill()


def test_a_disturbed_run_on_a_cluster_makes_the_bytes_of_a_run_here(run, project, tmp_path):
    far, near = tmp_path / "far", tmp_path / "near"

    cancelled, _ = run.job("train_network")
    run.until(lambda: list(far.glob("results/networks/weinet/repeat0/fold*/.unfinished.*")))
    slurm("scancel", cancelled)

    _, drained = run.job("train_network", other_than=cancelled)
    set_node(drained, "drain")
    _, lost = run.job("explain_faces")
    set_node(drained, "resume")
    set_node(lost, "down")
    set_node(lost, "resume")
    assert run.process.wait(AN_HOUR) == 0, run.log.read_text()[-6000:]

    first, second = accounted("train_network")
    assert first.state.startswith("CANCELLED") and "mem=16000M" in first.asked
    assert second[:2] == ("COMPLETED", drained) and "mem=32000M" in second.asked
    assert "gres/gpu=1" in first.asked and "gres/gpu=1" in second.asked
    killed, again = accounted("explain_faces")
    assert killed[:2] == ("NODE_FAIL", lost) and lost != drained
    assert again.state == "COMPLETED"

    finished(snakemake(near, configfile=STUDY, project=project))
    assert not differing(near, far)
