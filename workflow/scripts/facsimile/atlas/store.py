"""Maps on disk: arrays in ``.npy`` files, told apart by the keys that their paths carry."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from facsimile.files import atomic, keyed


def load_maps(
    paths: str | Iterable[str], pattern: str, mapped: bool = False
) -> dict[Any, np.ndarray]:
    """Return the arrays of some files by the keys of a pattern; see `files.keyed`.

    ``mapped`` ones stay on disk until they are used: for more than memory holds.
    """
    return {
        key: np.load(path, "r" if mapped else None) for key, path in keyed(paths, pattern).items()
    }


def save_map(image: np.ndarray, path: str | Path) -> None:
    """Write an array, whole or not at all."""
    with atomic(path) as draft:
        np.save(draft, image)
