"""Does a run that is killed at random moments end with the bytes of one that was not?

    python benchmarks/kill.py [--times 20] [--configfile tests/micro.yaml] [--cores 1]

Runs a study once without a break. Then, each time in a new folder, the same command is killed, with
all its jobs, at a random moment (SIGKILL, as a machine that loses power does), its lock is removed
as its message says, and it is given again. Counts the runs whose results differ.
"""

import argparse
import filecmp
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[1]

LOCAL = {"times.csv", "record.json", "throughput.csv", "report.html", "summary.txt"}
"""Files that say when and how fast a run was."""


def command(directory: Path, configfile: str, cores: int, *further: str) -> list[str]:
    """Return the command of a study."""
    given = ["--directory", str(directory), "--configfile", configfile, "--cores", str(cores)]
    return [sys.executable, "-m", "snakemake", *given, "--quiet", "all", *further]


def run(*given: str) -> None:
    """Run a command to its good end."""
    subprocess.run(given, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)


def killed(given: list[str], after: float) -> bool:
    """Start a command, kill it and all its jobs after some seconds; return whether it still ran."""
    process = subprocess.Popen(given, cwd=PROJECT, start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        process.wait(after)
        return False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True


def differences(one: Path, other: Path) -> list[str]:
    """Return the results that two studies do not have alike."""
    files = {
        str(path.relative_to(folder))
        for folder in (one, other)
        for path in folder.rglob("*")
        if path.is_file() and path.name not in LOCAL and "logs" not in path.parts
    }
    return sorted(name for name in files if not _alike(one / name, other / name))


def _alike(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and filecmp.cmp(one, other, shallow=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--configfile", default="tests/micro.yaml")
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    moments = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, "whole")
        start = time.perf_counter()
        run(*command(whole, given.configfile, given.cores))
        lasted = time.perf_counter() - start
        print(f"without a break: {lasted:.0f} s", flush=True)
        wrong = 0
        for number in range(given.times):
            broken = Path(folder, str(number))
            after = moments.uniform(0, lasted)
            still = killed(command(broken, given.configfile, given.cores), after)
            run(*command(broken, given.configfile, given.cores, "--unlock"))
            run(*command(broken, given.configfile, given.cores))
            found = differences(whole / "results", broken / "results")
            wrong += bool(found)
            print(f"{number}: killed after {after:.0f} s{'' if still else ' (it had ended)'}; "
                  f"{len(found)} files differ {found[:3]}", flush=True)  # fmt: skip
        print(f"{given.times - wrong} of {given.times} runs have the same bytes")
        sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
