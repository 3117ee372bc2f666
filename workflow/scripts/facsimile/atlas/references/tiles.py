"""Kind ``tiles``: what people needed to see, measured by uncovering faces tile by tile."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from facsimile import EXPRESSIONS
from facsimile.atlas.references import ReferenceKind, Tables
from facsimile.options import option

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from facsimile.atlas import people


@dataclass(frozen=True, kw_only=True)
class Tiles(ReferenceKind):
    """Densities: mean weights of tiles over participants and faces."""

    tiles: Path = option(
        "CSV with a row a participant, face and expression: participant, face, expression, tile0 "
        "to tile47, in percent above or below the row's mean."
    )
    landmarks: Path = option(
        "CSV with a row a face and expression: face, expression, width, height, x1, y1 to x68, "
        "y68, in pixels of the picture shown."
    )
    words = (
        "what people needed to see to name the expression, measured by uncovering faces tile by "
        "tile (after Wegrzyn et al. 2017), carried to the canonical face and averaged."
    )

    def draw(self, tables: Tables) -> "dict[str, np.ndarray]":
        """Return the mean map of each expression."""
        from facsimile.atlas.people import human_map

        measured = self._read(tables)
        return {expression: human_map(measured, expression) for expression in EXPRESSIONS}

    def ceiling(self, tables: Tables, seed: int) -> "pd.DataFrame":
        """Return how well the maps of people agree with each other."""
        from facsimile.atlas.people import noise_ceiling

        return noise_ceiling(self._read(tables), seed)

    def _read(self, tables: Tables) -> "people.Tiles":
        from facsimile.atlas.canonical import Atlas, read_landmarks
        from facsimile.atlas.people import read_tiles

        atlas = Atlas.of(read_landmarks(tables["canonical_landmarks"]))
        return read_tiles(self.tiles, self.landmarks, atlas)
