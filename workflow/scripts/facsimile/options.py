"""Settings that explain themselves: dataclass fields with a meaning, limits and a default.

The dataclasses that describe a method, a corpus or a network are made of these. Whoever checks a
configuration reads all from them: what is allowed, what it means, and what applies if left out.
"""

from dataclasses import MISSING, field
from typing import Any


def option(meaning: str, default: Any = MISSING, **limits: Any) -> Any:
    """Return a field of a dataclass of settings.

    Parameters
    ----------
    meaning : what it sets, in a sentence or two.
    default : its value where it is not given; without one it must be given.
    limits : of its values, under pydantic's names: ``ge``, ``gt``, ``le``, ``lt``, ``min_length``,
        ``pattern``.
    """
    return field(default=default, metadata={"description": meaning, **limits})
