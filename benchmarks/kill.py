"""Does a study that is killed again and again end with the bytes of one that was not?

    python benchmarks/kill.py [--times 20] [--configfile config/config.yaml] [--cores 2]

Runs a study once without a break, or takes the results of one that ran so (--whole). Then the same
command is killed, with all its jobs, at random moments (SIGKILL, as a machine that loses power
does), its lock is removed as Snakemake's message says, and it is given again, until the study ends;
and so with a new one, until that many were killed. Counts the studies whose results differ.
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

LOCAL = {
    "times.csv",
    "record.json",
    "throughput.csv",
    "report.html",
    "summary.txt",
    "ro-crate-metadata.json",
}
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
        if process.wait(after):
            raise SystemExit(f"The study failed by itself: {' '.join(given)}")
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


def done(results: Path) -> int:
    """Return how many files of results there are."""
    return sum(path.is_file() for path in results.rglob("[!.]*"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--configfile", default="config/config.yaml")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", type=Path, help="folder of a study that ran without a break")
    parser.add_argument("--lasted", type=float, help="seconds that it took")
    given = parser.parse_args()
    moments, times, wrong, studies = random.Random(given.seed), 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        whole, lasted = given.whole or Path(folder, "whole"), given.lasted
        if not given.whole:
            start = time.perf_counter()
            run(*command(whole, given.configfile, given.cores))
            lasted = time.perf_counter() - start
        print(f"without a break: {lasted:.0f} s", flush=True)
        while times < given.times:
            broken = Path(folder, str(studies))
            same = command(broken, given.configfile, given.cores)
            while times < given.times:
                after = moments.uniform(0, 2 * lasted / given.times)
                if not killed(same, after):
                    break
                times += 1
                print(f"killed after {after:.0f} s, {done(broken / 'results')} files", flush=True)
                run(*same, "--unlock")
            run(*same)
            found = differences(whole / "results", broken / "results")
            studies, wrong = studies + 1, wrong + bool(found)
            print(f"study {studies}: {len(found)} files differ {found[:3]}", flush=True)
        print(f"killed {times} times; {studies - wrong} of {studies} studies have the same bytes")
        sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
