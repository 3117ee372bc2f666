"""What a row of explainers asks for, known without a network."""

from collections.abc import Mapping, Sequence
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


def judges(row: Row, default: str, others: Sequence[str]) -> list[str]:
    """Return the baselines that a row is judged with: its own, and the first of others that is not.

    ``default`` is that of rows whose method hides nothing.
    """
    own = row["baseline"] or default
    return [own, next(name for name in others if name != own)]


def modules(row: Row, *baselines: Row) -> list[str]:
    """Return the modules of the method of a row as `asked` gives it, and of its baseline.

    ``baselines`` are further ones that it is judged with.
    """
    return list(dict.fromkeys(part.__module__ for part in _parts(row, *baselines)))


def needs(row: Row, *baselines: Row) -> list[str]:
    """Return the names of images of faces that all these need beside the faces themselves."""
    return list(dict.fromkeys(need for part in _parts(row, *baselines) for need in part.NEEDS))


def _parts(row: Row, *baselines: Row) -> list[type[Method] | Baseline]:
    own = [row["baseline"]] if row["baseline"] else []
    return [load_method(row["method"]), *map(baseline_of, [*own, *baselines])]
