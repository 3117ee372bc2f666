"""Things found by name: a folder whose files each hold one method, corpus kind, score or figure.

No list names them, so that adding one is adding a file. A file is imported when it is asked for.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from facsimile.errors import unknown


def names(package: str) -> list[str]:
    """Return the names of the files in a package, in alphabetical order.

    Parameters
    ----------
    package : such as ``facsimile.explain.methods``; files that begin with ``_`` do not count.
    """
    folders = import_module(package).__path__
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
