"""What a row of explainers asks for, known without a network."""

from collections.abc import Mapping, Sequence
from typing import Any

from facsimile.explain.baselines import load_baseline
from facsimile.explain.methods import load_method


def asked(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row without what matters only after the network has answered."""
    after = load_method(row["method"]).AFTER
    return {key: value for key, value in row.items() if key not in after}


def judges(row: Mapping[str, Any], default: str, others: Sequence[str]) -> list[str]:
    """Return the baselines that a row is judged with: its own, and the first of others that is not.

    ``default`` is that of rows whose method hides nothing.
    """
    own = row["baseline"] or default
    return [own, next(name for name in others if name != own)]


def modules(row: Mapping[str, Any]) -> list[str]:
    """Return the modules of a row's method, and of its baseline if it has one."""
    return [part.__module__ for part in _parts(row)]


def needs(row: Mapping[str, Any], *baselines: str) -> list[str]:
    """Return the names of images of faces that a row needs beside the faces themselves.

    ``baselines`` are further ones that it is judged with.
    """
    parts = [*_parts(row), *map(load_baseline, baselines)]
    return list(dict.fromkeys(need for part in parts for need in part.NEEDS))


def _parts(row: Mapping[str, Any]) -> list[Any]:
    method, baseline = load_method(row["method"]), row["baseline"]
    return [method, load_baseline(baseline)] if baseline else [method]
