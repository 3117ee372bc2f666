"""How much processor time does Snakemake itself take for each job, with our profile and without?

    python benchmarks/scheduler.py [--jobs 100 1000] [--inputs 40] [--cores 2]

A plain workflow, none of ours: so many jobs at once, each of which touches a file, from so many
files that all share, and one job that gathers what they made. Counted is the main process alone,
without the jobs'; the start is that of a workflow of one job.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[1]

SNAKEFILE = """
rule all:
    input: "all.txt"

rule one:
    input: [f"in/{{number}}.txt" for number in range({inputs})]
    output: "out/{{job}}.txt"
    shell: "touch {{output}}"

rule gather:
    input: [f"out/{{number}}.txt" for number in range({jobs})]
    output: "all.txt"
    shell: "touch {{output}}"

{start}
"""

UNLIMITED = """
onstart:
    workflow.scheduler.job_rate_limiter = None
"""
"""What the study's own Snakefile does, and why: see there."""

COUNTED = """
import json, resource, sys
from snakemake.cli import main
try:
    main(sys.argv[2:])
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    open(sys.argv[1], "w").write(json.dumps(used.ru_utime + used.ru_stime))
"""


def run(jobs: int, inputs: int, cores: int, profile: str) -> tuple[float, float]:
    """Return the main process's processor time in one run, and how long that took, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        start = UNLIMITED if profile != "none" else ""
        text = SNAKEFILE.format(jobs=jobs, inputs=inputs, start=start)
        Path(folder, "Snakefile").write_text(text)
        Path(folder, "in").mkdir()
        for number in range(inputs):
            Path(folder, "in", f"{number}.txt").touch()
        counted = Path(folder, "counted.json")
        command = [sys.executable, "-c", COUNTED, counted, "--cores", str(cores), "--quiet", "all"]
        began = time.perf_counter()
        subprocess.run([*command, "--workflow-profile", profile], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        return json.loads(counted.read_text()), time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--inputs", type=int, default=40)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--profiles", nargs="+", default=["none", "default"])
    given = parser.parse_args()
    for name in given.profiles:
        profile = name if name == "none" else str(PROJECT / "profiles" / name)
        start, _ = run(1, given.inputs, given.cores, profile)
        for jobs in given.jobs:
            used, took = run(jobs, given.inputs, given.cores, profile)
            each = 1000 * (used - start) / jobs
            print(
                f"profile {name}: {jobs} jobs, {used:.1f} s of processor time, {each:.1f} ms a job "
                f"beyond the start's {start:.1f} s; {took:.0f} s in all",
                flush=True,
            )


if __name__ == "__main__":
    main()
