"""Files that appear whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a neighbouring path to write to; move it to ``path`` once the block ends well.

    The neighbour keeps the suffix of ``path``, since writers choose their format by it.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_text(text: str, path: str | Path) -> None:
    """Write text to a file, whole or not at all."""
    with atomic(path) as draft:
        draft.write_text(text, encoding="utf-8")
