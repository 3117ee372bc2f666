"""Files that appear whole or not at all, and the keys that their paths carry."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

AnyPath = TypeVar("AnyPath", bound=str | Path)


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a neighbouring path to write to; move it to ``path`` once the block ends well.

    The neighbour keeps the suffix of ``path``, since writers choose their format by it. Those that
    jobs left behind which were killed are removed: one job at a time writes a file.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_drafts(path)
    draft = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        mode = _mode_of_new(draft)
        yield draft
        draft.chmod(mode)  # some writers, safetensors among them, leave a file to its owner alone
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _mode_of_new(path: Path) -> int:
    """Return the permissions that a new file has here, by the user's mask."""
    path.touch()
    mode = path.stat().st_mode
    path.unlink()
    return mode


def _remove_drafts(path: Path) -> None:
    left = re.compile(rf"(\.\d+\.)+{re.escape(path.name)}")
    for one in path.parent.iterdir():
        if left.fullmatch(one.name):
            one.unlink(missing_ok=True)


def write_text(text: str, path: str | Path) -> None:
    """Write text to a file, whole or not at all."""
    with atomic(path) as draft:
        draft.write_text(text, encoding="utf-8")


def can_be_input(path: str | Path) -> bool:
    """Return whether a file or folder of the user's can be an input of a job.

    It must be there, and have no braces in its path, which Snakemake takes for wildcards: a job
    reads such a one all the same, but not anew when it changes.
    """
    return os.path.exists(path) and not re.search(r"[{}]", str(path))  # noqa: PTH110


def files_in(places: Iterable[Path]) -> list[Path]:
    """Return the files among some places that can be inputs, those in folders one by one."""
    found = [sorted(one.iterdir()) if one.is_dir() else [one] for one in places]
    known = (path for some in found for path in some if not path.name.startswith("."))
    return [path for path in known if path.is_file() and can_be_input(path)]


def keyed(paths: AnyPath | Iterable[AnyPath], pattern: str) -> dict[Any, AnyPath]:
    """Return paths by the keys that they carry, in the order given.

    Parameters
    ----------
    paths : one path or several.
    pattern : how each path ends, from any folder on and with every folder down to the file's:
        ``{name}`` is a key (within one folder's or file's name), ``*`` is a folder of any name,
        and the file's name may be cut short. ``faces/{corpus}/`` is for
        ``results/faces/ck_plus/faces.npy``, ``faces/{corpus}/superpixels/*/`` for
        ``results/faces/ck_plus/superpixels/slic30/150.npy``, ``/fold{fold}/`` for
        ``results/networks/weinet/repeat0/fold0/weights.safetensors``. Counted from the end, no path
        fits it in two ways, whatever the user's folders and rows are called.

    Returns
    -------
    The key, a text, to its path; with several names the tuple of keys, in the pattern's order.

    Raises
    ------
    ValueError
        If a path does not end so, or two carry the same keys.
    """
    ending = _ending(pattern)
    found: dict[Any, AnyPath] = {}
    for path in [paths] if isinstance(paths, str | Path) else paths:
        match = ending.search(str(path))
        if match is None:
            raise ValueError(
                f"{path} does not end in {pattern!r} (name every folder down to the file's; "
                "* is a folder that is no key)"
            )
        keys = match.groups()
        key = keys[0] if len(keys) == 1 else keys
        if key in found:
            raise ValueError(f"{found[key]} and {path} both have the key {key!r} of {pattern!r}")
        found[key] = path
    return found


def _ending(pattern: str) -> re.Pattern[str]:
    """Return the expression of how a path ends, a group for each ``{name}``."""
    parts = re.split(r"(\{\w+\}|\*)", pattern.removeprefix("/"))
    kinds = {"{": "([^/]+?)", "*": "[^/]+"}
    text = "".join(kinds.get(part[:1], re.escape(part)) for part in parts)
    # A name may have dots of its own: a file's suffix begins with the last.
    rest = {"}": "", ".": "[^/.]*"}.get(pattern[-1], "[^/]*")
    return re.compile(f"(?:^|/){text}{rest}$")
