"""Which action units an expression shows: a draw from the table of action units.

The table is tidy, a row for each expression and unit: ``core`` units are always shown,
``optional`` ones each with its probability, and of the ``variant`` ones exactly one, with chances
in proportion to their probabilities. Intensities are uniform from ``low`` to ``high``.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.errors import UserError, unknown
from facsimile.faces.synthetic.actions import MOVES

COLUMNS = ("expression", "unit", "role", "probability", "low", "high")
ROLES = ("core", "optional", "variant")


def choose(
    expression: str, action_units: pd.DataFrame, generator: np.random.Generator
) -> dict[str, float]:
    """Return the action units of one face and their intensities, 0 to 1.

    Raises
    ------
    UserError
        If the expression, a unit or a role is unknown, or the table is incomplete.
    """
    rows = _rows(expression, action_units)
    chances = generator.random(len(rows))
    intensities = [generator.uniform(row["low"], row["high"]) for row in rows]
    shown = [
        row["role"] == "core" or (row["role"] == "optional" and chance < row["probability"])
        for row, chance in zip(rows, chances, strict=True)
    ]
    variants = [number for number, row in enumerate(rows) if row["role"] == "variant"]
    if variants:
        weights = np.array([rows[number]["probability"] for number in variants])
        shown[generator.choice(variants, p=weights / weights.sum())] = True
    return {
        row["unit"]: float(intensity)
        for row, intensity, here in zip(rows, intensities, shown, strict=True)
        if here
    }


def distract(
    others: pd.DataFrame, allowed: Collection[str], generator: np.random.Generator
) -> dict[str, float]:
    """Return the ``allowed`` units of an expression drawn at random.

    Whatever the face is to show, these have the same chances: they tell nothing about it.
    """
    shown = choose(str(generator.choice(EXPRESSIONS)), others, generator)
    return {unit: share for unit, share in shown.items() if unit in allowed}


def _rows(expression: str, table: pd.DataFrame) -> list[dict]:
    """Return the table's rows of one expression, checked."""
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise UserError(
            f"The table of action units lacks {', '.join(missing)}: it has "
            f"{', '.join(map(str, table.columns))}; expected are {', '.join(COLUMNS)}."
        )
    if expression not in EXPRESSIONS:
        raise unknown("expression", expression, EXPRESSIONS)
    rows = table[table["expression"] == expression].to_dict("records")
    if not rows:
        raise UserError(
            f"The table of action units has no row for '{expression}': "
            "give it at least one unit of role core."
        )
    for row in rows:
        _check(row)
    chances = [row["probability"] for row in rows if row["role"] == "variant"]
    if chances and not sum(chances):
        raise UserError(
            f"The table of action units gives every variant of {expression} the probability 0: "
            "raise one, or drop the variants."
        )
    return rows


def _check(row: dict) -> None:
    """Refuse a row with an unknown word, or numbers that are no probability or intensity."""
    for column, allowed in (("unit", MOVES), ("role", ROLES)):
        if row[column] not in allowed:
            raise unknown(column, row[column], allowed)
    place = f"The table of action units, {row['expression']} {row['unit']}"
    for column in ("probability", "low", "high"):
        value = row[column]
        if not (isinstance(value, int | float) and 0 <= value <= 1):
            raise UserError(f"{place}: {column} is {value}, expected is a number between 0 and 1.")
    if row["low"] > row["high"]:
        raise UserError(f"{place}: low {row['low']} is above high {row['high']}: swap them.")
