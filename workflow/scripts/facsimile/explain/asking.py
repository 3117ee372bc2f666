"""What a row of explainers asks for, known without a network."""

from collections.abc import Mapping
from typing import Any

from facsimile.explain.baselines import Baseline, baseline_of
from facsimile.explain.methods import Method, load_method

Row = Mapping[str, Any]


def asked(row: Row, baselines: Mapping[str, Row]) -> dict[str, Any]:
    """Return a row without what matters only after the network has answered.

    Its baseline, a name, is replaced by what that stands for.

    Parameters
    ----------
    row : of explainers.
    baselines : of the study, name to settings.
    """
    after = load_method(row["method"]).AFTER
    found = {key: value for key, value in row.items() if key not in after}
    return found | {"baseline": baselines[row["baseline"]] if row["baseline"] else None}


def modules(row: Row) -> list[str]:
    """Return the modules of the method of a row as `asked` gives it, and of its baseline."""
    return [part.__module__ for part in _parts(row)]


def needs(row: Row) -> list[str]:
    """Return the names of images of faces that such a row needs beside the faces themselves."""
    return list(dict.fromkeys(need for part in _parts(row) for need in part.NEEDS))


def _parts(row: Row) -> list[type[Method] | Baseline]:
    method, baseline = load_method(row["method"]), row["baseline"]
    return [method, baseline_of(baseline)] if baseline else [method]
