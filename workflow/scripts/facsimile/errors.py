"""Errors that a user can act on: what was found, what was expected, what to do."""

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """One clear sentence for the person who runs the study; shown without a traceback."""


def unknown(what: str, found: str, allowed: Iterable[str], where: str = "") -> UserError:
    """Return the error for a name that is none of the allowed ones, with the nearest of them."""
    names = sorted(map(str, allowed))
    near = difflib.get_close_matches(str(found), names, n=1, cutoff=0.5)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    place = f" in '{where}'" if where else ""
    return UserError(f"Unknown {what} '{found}'{place}.{hint} Allowed: {', '.join(names)}.")
