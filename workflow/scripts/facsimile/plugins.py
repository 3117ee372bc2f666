"""Things found by name: a folder whose files each hold one method, corpus kind, score or figure.

No list names them, so that adding one is adding a file. A file is imported when it is asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, get_args, get_type_hints

from facsimile.errors import unknown


def names(package: str) -> list[str]:
    """Return the names of the files in a package, in alphabetical order.

    Parameters
    ----------
    package : such as ``facsimile.explain.methods``; files that begin with ``_`` do not count.
    """
    folders = tuple(import_module(package).__path__)
    return list(_names(folders, tuple(Path(one).stat().st_mtime_ns for one in folders)))


@cache
def _names(folders: tuple[str, ...], _changed: tuple[int, ...]) -> list[str]:
    """Return the names of the files in folders that were changed at some times."""
    return sorted(one.name for one in iter_modules(folders) if not one.name.startswith("_"))


def load(package: str, name: str, base: type, what: str) -> Any:
    """Return what a file of a package holds: the one subclass, or instance, of a class.

    Parameters
    ----------
    package, name : of the file.
    base : the class.
    what : the word for such a thing, such as ``method``.

    Raises
    ------
    UserError
        If there is no such file: its name, the nearest name and all names.
    TypeError
        If the file does not hold exactly one.
    """
    known = names(package)
    if name not in known:
        raise unknown(what, name, known)
    module = import_module(f"{package}.{name}")
    found = [
        one
        for one in vars(module).values()
        if (isinstance(one, type) and issubclass(one, base) and one.__module__ == module.__name__)
        or isinstance(one, base)
    ]
    if len(found) != 1:
        raise TypeError(f"{module.__name__} holds {len(found)} of {base.__name__}; expected one")
    return found[0]


def build(kind: type, row: Mapping[str, Any]) -> Any:
    """Return what a row of settings describes: an instance of a class with fields by `option`.

    Keys that are no fields of the class, such as ``kind``, are not its own; what is None is left to
    the default. Lists become tuples, and text becomes a path or settings of their own where the
    field is annotated so.
    """
    hints = get_type_hints(kind)
    given = {one.name: row[one.name] for one in fields(kind) if row.get(one.name) is not None}
    return kind(**{name: _read(value, hints[name]) for name, value in given.items()})


def _read(value: Any, hint: Any) -> Any:
    kinds = [one for one in (hint, *get_args(hint)) if isinstance(one, type)]
    nested = [one for one in kinds if is_dataclass(one)]
    if isinstance(value, Mapping) and nested:
        return build(nested[0], value)
    if isinstance(value, str) and Path in kinds:
        return Path(value)
    return tuple(value) if isinstance(value, list) else value


def placed(kind: type, row: Mapping[str, Any], place: Callable[[str], str]) -> dict[str, Any]:
    """Return a row with its places, the fields annotated `Path`, as ``place`` gives them."""
    hints = get_type_hints(kind)
    places = {
        name: str(place(row[name]))
        for name, hint in hints.items()
        if Path in (hint, *get_args(hint)) and row.get(name) is not None
    }
    return {**row, **places}
