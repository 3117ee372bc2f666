"""What a job had done when it was cut off: kept beside its results until these are there.

Snakemake removes the results of a job that did not end, and begins it anew. What it does not know
of, it leaves: a job keeps its state in a hidden file whose name says what the state follows from.
So another job, or the same one with other settings or inputs, never takes it for its own.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

PREFIX = ".unfinished."


def unfinished(result: str | Path, follows_from: str) -> Path:
    """Return where the state of a job is kept that makes a result; see ``identity``."""
    result = Path(result)
    return result.with_name(f"{PREFIX}{follows_from}.{result.name}")


def identity(params: Mapping[str, Any], inputs: Iterable[str | Path]) -> str:
    """Return what tells a job's state from others': settings and code, and the inputs as they are.

    An input is known by its path, size and time: one that was copied counts as another, and the job
    then begins anew.
    """
    files = [(str(path), Path(path).stat()) for path in inputs]
    known = [(path, about.st_size, about.st_mtime_ns) for path, about in files]
    text = repr((sorted(params.items(), key=lambda one: one[0]), known))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def finish(result: str | Path) -> None:
    """Remove all states of jobs that made, or began to make, a result."""
    result = Path(result)
    for state in result.parent.glob(f"{PREFIX}*.{result.name}"):
        state.unlink(missing_ok=True)
