"""Kind ``regions``: polygons over the landmarks of the canonical face, in a YAML file."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from facsimile.atlas.references import ReferenceKind, Tables
from facsimile.options import option

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, kw_only=True)
class Regions(ReferenceKind):
    """Unions of polygons."""

    path: Path = option(
        "YAML file with the polygons of each expression, in the form of "
        "resources/references/ekman.yaml."
    )

    @property
    def words(self) -> str:
        """What its file says that it means."""
        from facsimile.atlas.polygons import read_meaning

        meaning = read_meaning(self.path) if self.path.is_file() else ""
        return meaning or "regions that this study brings itself, as polygons over landmarks."

    def draw(self, tables: Tables) -> "dict[str, np.ndarray]":
        """Return a mask for each expression."""
        from facsimile.atlas.canonical import read_landmarks
        from facsimile.atlas.polygons import read_regions
        from facsimile.atlas.regions import draw_mask

        landmarks = read_landmarks(tables["canonical_landmarks"])
        return {
            expression: draw_mask(polygons, landmarks)
            for expression, polygons in read_regions(self.path).items()
        }
