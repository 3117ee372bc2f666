"""Kind ``maps``: maps of your own, a PNG or NPY an expression."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from facsimile.atlas.references import ReferenceKind, Tables
from facsimile.options import option

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, kw_only=True)
class Maps(ReferenceKind):
    """Regions where all maps hold two values, and densities otherwise."""

    TABLES = ()

    path: Path = option(
        "Folder with {expression}.png or .npy of all six expressions, 224 wide and 275 high, grey: "
        "higher where people look."
    )
    words = "maps that this study brings itself."

    def draw(self, tables: Tables) -> "dict[str, np.ndarray]":
        """Return the maps."""
        from facsimile.atlas.maps import read_reference

        return read_reference(self.path)

    def places(self) -> list[Path]:
        """Return the maps; the folder where there are none."""
        found = [path for path in self.path.glob("*") if path.suffix.lower() in (".png", ".npy")]
        return sorted(found) or [self.path]
