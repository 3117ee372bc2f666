"""References from action units: where the face moves when an expression is shown.

Each expression has action units (Ekman, Friesen and Hager 2002, Facial Action Coding System),
and each unit a region of the face; an expression's mask is the union of its units' regions.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd
import yaml

from facsimile import EXPRESSIONS
from facsimile.errors import UserError

COLUMNS = ("expression", "unit", "role", "source")


def read_units(path: str | Path) -> pd.DataFrame:
    """Return the action units of each expression: expression, unit, role, source.

    Raises
    ------
    UserError
        If a column is missing, or an expression has no core unit.
    """
    table = pd.read_csv(path, dtype=str)
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise UserError(f"{path} lacks the column {', '.join(missing)}: it needs "
                        f"{', '.join(COLUMNS)}.")  # fmt: skip
    lacking = set(EXPRESSIONS) - set(table.loc[table["role"] == "core", "expression"])
    if lacking:
        raise UserError(f"{path} has no core unit of {', '.join(sorted(lacking))}: add one.")
    return table


def facs_regions(
    units: pd.DataFrame, regions: Mapping[str, list[str]], roles: Collection[str]
) -> dict[str, list[str]]:
    """Return the polygons of each expression: those of all its units with one of the roles.

    Parameters
    ----------
    units : from ``read_units``.
    regions : unit to polygons, written as for ``regions.draw_mask``.

    Raises
    ------
    UserError
        If a unit has no region.
    """
    chosen = units[units["role"].isin(list(roles))]
    unknown = sorted(set(chosen["unit"]) - set(regions))
    if unknown:
        raise UserError(f"No region is drawn for {', '.join(unknown)}: add it to the regions.")
    return {
        expression: [
            polygon
            for unit in chosen.loc[chosen["expression"] == expression, "unit"]
            for polygon in regions[unit]
        ]
        for expression in EXPRESSIONS
    }


def read_unit_regions(path: str | Path) -> dict[str, list[str]]:
    """Return the polygons of each action unit, from YAML."""
    return yaml.safe_load(Path(path).read_text())
