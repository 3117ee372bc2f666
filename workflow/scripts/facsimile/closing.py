"""What is said where a run ends well: the study in five lines; and where its time went."""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from facsimile.crate import NAME, crate
from facsimile.files import write_text


def conclude(
    folders: Iterable[str], started: float, jobs: Iterable[Any], record_of: Callable[[str], Any]
) -> None:
    """Say what was found, for each study whose summary the run wrote; write its times and crate.

    Parameters
    ----------
    folders : of the results of studies.
    started : when the run did, in seconds of the clock.
    jobs : all jobs of its plan, with their ``output``.
    record_of : gives what Snakemake recorded of a file: ``rule``, ``starttime`` and ``endtime``.
    """
    jobs = list(jobs)
    for folder in map(Path, folders):
        summary = folder / "summary.txt"
        if summary.is_file() and summary.stat().st_mtime >= started:
            said = summary.read_text("utf-8")
            print(f"\n{said}", file=sys.stderr)
            write_text(times(seconds_by_rule(jobs, record_of)), folder / "times.csv")
            software = json.loads((folder / "record.json").read_text("utf-8"))["software"]
            whole = crate(folder, jobs, record_of, software, said)
            write_text(json.dumps(whole, indent=1) + "\n", folder / NAME)


def seconds_by_rule(jobs: Iterable[Any], record_of: Callable[[str], Any]) -> dict[str, list[float]]:
    """Return rule to the seconds of each of its jobs, those of earlier runs among them.

    The rule that took longest comes first.
    """
    found: dict[str, list[float]] = {}
    for job in jobs:
        made = record_of(job.output[0]) if job.output else None
        if made and made.starttime and made.endtime:
            found.setdefault(made.rule, []).append(made.endtime - made.starttime)
    return dict(sorted(found.items(), key=lambda one: -sum(one[1])))


def times(seconds: dict[str, list[float]]) -> str:
    """Return a table as text: of each rule, how many jobs it had, their time, and the longest."""
    rows = ["rule,jobs,seconds,longest"]
    for name, spent in seconds.items():
        rows.append(f"{name},{len(spent)},{sum(spent):.1f},{max(spent):.1f}")
    return "\n".join(rows) + "\n"
