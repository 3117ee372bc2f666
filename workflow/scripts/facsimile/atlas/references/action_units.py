"""Kind ``action_units``: where the face moves when an expression is shown."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from facsimile.atlas.references import ReferenceKind, Tables
from facsimile.options import option

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, kw_only=True)
class ActionUnits(ReferenceKind):
    """Unions of the regions of an expression's action units."""

    TABLES = ("expression_units", "action_unit_regions", "canonical_landmarks")

    units: Literal["core", "variants"] = option(
        "Which action units: those that at least half of an expression's prototypes have, or those "
        "of all prototypes and major variants.",
        "core",
    )

    @property
    def words(self) -> str:
        """Which units these are."""
        which = {
            "core": "in at least half of an expression's prototypes",
            "variants": "of all of an expression's prototypes and major variants",
        }[self.units]
        return (
            f"where the face moves: the action units {which} (Ekman, Friesen and Hager 2002), each "
            "where it shows on the canonical face."
        )

    def draw(self, tables: Tables) -> "dict[str, np.ndarray]":
        """Return a mask for each expression."""
        from facsimile.atlas.canonical import read_landmarks
        from facsimile.atlas.facs import facs_regions, read_unit_regions, read_units
        from facsimile.atlas.regions import draw_mask

        roles = {"core": ("core",), "variants": ("core", "variant")}[self.units]
        units = read_units(tables["expression_units"])
        regions = read_unit_regions(tables["action_unit_regions"])
        landmarks = read_landmarks(tables["canonical_landmarks"])
        return {
            expression: draw_mask(polygons, landmarks)
            for expression, polygons in facs_regions(units, regions, roles).items()
        }
