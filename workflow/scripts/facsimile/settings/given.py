"""Settings as they are given: which of them are inherited from the default study."""

from collections.abc import Iterable, Mapping
from typing import Any

OWN = ("corpora", "networks")
"""Keys that make settings a study of their own."""


def chosen(given: Mapping, merged: Mapping, rows: Iterable[str]) -> dict[str, Any]:
    """Return the settings of a study: those given, or the default study's as these change them.

    Parameters
    ----------
    given : from files and the command line. With corpora and networks it is a study of its own,
        and what it does not say has the defaults that are documented.
    merged : the default study with what is given laid over it, key by key.
    rows : keys of named rows, which are replaced as a whole: of the default study's rows, those
        given would be others.
    """
    if all(key in given for key in OWN):
        return dict(given)
    return {**merged, **{key: given[key] for key in rows if key in given}}
