"""What is said where a run ends well: the study in five lines; and where its time went."""

from time import time

from facsimile.files import write_text

STARTED = time()


def seconds_by_rule(jobs):
    """Return rule to how many of its jobs there are, and their seconds, by Snakemake's records."""
    found = {}
    for job in jobs:
        made = workflow.persistence.metadata(job.output[0]) if job.output else None
        if made and made.starttime and made.endtime:
            found.setdefault(made.rule, []).append(made.endtime - made.starttime)
    return dict(sorted(found.items(), key=lambda one: -sum(one[1])))


def write_times(path):
    """Write where the time of a run's jobs went, those of earlier runs of it among them."""
    rows = ["rule,jobs,seconds,longest"]
    for name, spent in seconds_by_rule(workflow.dag.jobs).items():
        rows.append(f"{name},{len(spent)},{sum(spent):.1f},{max(spent):.1f}")
    write_text("\n".join(rows) + "\n", path)


onsuccess:
    for folder in ("results", "results/external"):
        summary = Path(folder, "summary.txt")
        if summary.is_file() and summary.stat().st_mtime >= STARTED:
            print(f"\n{summary.read_text('utf-8')}", file=sys.stderr)
            write_times(Path(folder, "times.csv"))
