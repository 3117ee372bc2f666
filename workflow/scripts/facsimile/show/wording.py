"""How numbers are told: values with their intervals, p beside the least p, and verdicts."""

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import pandas as pd

LEVEL = 0.05
DASH = "\N{EN DASH}"
TOO_FEW = "too few to tell"

Verdict = Literal["more", "less", "open", "too few", "untested"]
"""What a two-sided test says of a difference."""

ARROWS: dict[Verdict, str] = {"more": "\N{UPWARDS ARROW}", "less": "\N{DOWNWARDS ARROW}"}


def verdict(difference: float, q: float, p_min: float) -> Verdict:
    """Return what a test says of a difference.

    Parameters
    ----------
    difference : positive where there is more of what is asked about.
    q : false discovery rate of a two-sided test; NaN where nothing was tested.
    p_min : the least p that the test can give, NaN where it has none. Over 5 % the test could not
        have found anything: there is no verdict.
    """
    if not np.isfinite(q):
        return "untested"
    if p_min > LEVEL:
        return "too few"
    if q < LEVEL:
        return "more" if difference > 0 else "less"
    return "open"


def p_number(p: float) -> str:
    """Return p with three decimals, or with its first digit where these are zero."""
    return f"{p:.3f}" if p >= 0.001 else f"{p:.1g}"


TEST = ["p", "p_min", "q"]
"""Columns of a test, as ``p_cell`` and ``p_told`` take them."""


def p_cell(p: float, p_min: float, q: float = np.nan) -> str:
    """Return a test for a table: p, the least that it could have been, and q; see ``verdict``."""
    if not np.isfinite(p):
        return DASH
    least = "" if np.isnan(p_min) else f" (\N{GREATER-THAN OR EQUAL TO} {p_number(p_min)})"
    if p_min > LEVEL:
        return f"{TOO_FEW}{least}"
    return f"{p_number(p)}{least}" + ("" if np.isnan(q) else f", q {p_number(q)}")


def p_told(p: float, p_min: float, q: float = np.nan) -> str:
    """Return a test for a sentence, likewise."""
    if not np.isfinite(p):
        return "no p"
    if p_min > LEVEL:
        return f"p cannot be under {p_number(p_min)}: {TOO_FEW}"
    least = "" if np.isnan(p_min) else f", least possible {p_number(p_min)}"
    return f"p = {p_number(p)}{least}" + ("" if np.isnan(q) else f", q = {p_number(q)}")


def number(value: float, sign: str = "", digits: int = 3) -> str:
    """Return a number rounded, with the minus that typesetters use; a dash for NaN.

    Parameters
    ----------
    sign : "+" for differences.
    """
    if pd.isna(value):
        return DASH
    return f"{value:{sign}.{digits}f}".replace("-", "\N{MINUS SIGN}")


def ranged(value: float, low: float, high: float, *, sign: str = "", digits: int = 3) -> str:
    """Return a value with its interval in brackets, where there is one; see ``number``."""
    told, *ends = (number(one, sign, digits) for one in (value, low, high))
    return told if pd.isna(low) else f"{told} [{', '.join(ends)}]"


def percent(share: float) -> str:
    """Return a share as a percentage, with a space that does not break."""
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def cells(table: pd.DataFrame, digits: int = 3) -> pd.DataFrame:
    """Return a table's cells as text: fractions rounded, undefined ones as a dash."""

    def text(value: Any) -> str:
        if pd.isna(value) or isinstance(value, float):
            return number(value, digits=digits)
        return str(value)

    return table.map(text)


def listed(names: Iterable[Any]) -> str:
    """Return names as a sentence has them: a, b and c; a dash for none."""
    known = [str(name) for name in names]
    return " and ".join([", ".join(known[:-1]), known[-1]] if known[1:] else known) or DASH


def counted(count: int, noun: str) -> str:
    """Return a number of things, such as '1 network' and '3 networks'."""
    return f"{count:g} {noun}{'' if count == 1 else 's'}"


def split(names: Any) -> list[str]:
    """Return the names in a cell of a table that lists them; none of an empty cell."""
    return [] if pd.isna(names) else [name for name in str(names).split(", ") if name]
