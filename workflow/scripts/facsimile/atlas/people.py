"""Human maps: where people needed to look, measured by uncovering faces tile by tile.

The form of Wegrzyn, Vogt, Kireclioglu, Schneider and Kissler (PLOS ONE 12, 2017, e0177239): each
face hidden behind 6 columns x 8 rows of tiles; a tile's weight says, in percent above or below the
mean, how much its sight helped to name the expression.
"""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS, FACE_SIZE
from facsimile.atlas.canonical import HEIGHT, WIDTH, Atlas
from facsimile.errors import UserError
from facsimile.faces.labels import WORDS, name_of
from facsimile.faces.layouts.tables import read_rows
from facsimile.faces.subjects import Subjects
from facsimile.seeds import generator

COLUMNS, ROWS = 6, 8
TILES = COLUMNS * ROWS
SIZE = 192
"""Side, in pixels, of the picture that the tiles are painted on: both numbers divide it."""


@dataclass(frozen=True)
class Tiles:
    """Weights, and where the tiles of each face lie on the canonical face.

    ``weights``: columns participant, face, expression, tile0...tile47, no cell empty;
    ``carried``: (face, expression) to the tiles' own maps, (48, 275, 224); ``left_out``: how many
    rows had empty cells.
    """

    weights: pd.DataFrame
    carried: dict[tuple[str, str], np.ndarray]
    left_out: int

    def of(self, expression: str) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        """Return an expression's rows, their weights, and the maps that these weigh.

        The rows have participant and face; weights are (rows, faces * 48), >= 0, each row's in
        the columns of its own face; maps are (faces * 48, pixels). Carrying is linear, so the map
        of a row is their product.
        """
        rows = self.weights[self.weights["expression"] == expression].reset_index(drop=True)
        faces = rows["face"].unique()
        # Percent above or below the mean: -100 is no weight at all.
        own = 1 + rows[_names()].to_numpy(float) / 100
        blocks = [own * (rows["face"] == face).to_numpy()[:, None] for face in faces]
        maps = [self.carried[face, expression].reshape(TILES, -1) for face in faces]
        return rows[["participant", "face"]], np.hstack(blocks), np.vstack(maps)


def _names() -> list[str]:
    return [f"tile{number}" for number in range(TILES)]


def read_tiles(tiles: str | Path, landmarks: str | Path, atlas: Atlas) -> Tiles:
    """Read weights and landmarks, and carry every face's tiles to the canonical face.

    Parameters
    ----------
    tiles : a CSV with the columns participant, face, expression, tile0...tile47; tile
        ``8 * column + row``. Rows with empty cells are left out.
    landmarks : a CSV with the columns face, expression, width, height, x1, y1...x68, y68, in
        pixels of the picture.

    Raises
    ------
    UserError
        If a file, a column, an expression or the landmarks of a face are missing, or a weight is
        below -100.
    """
    for path in (tiles, landmarks):
        if not Path(path).is_file():
            raise UserError(f"There is no file {path}: docs/references.md says what it holds.")
    axes = [f"{axis}{number}" for number in range(1, 69) for axis in "xy"]
    weights = _read(tiles, ["participant", "face", "expression"], _names())
    points = _read(landmarks, ["face", "expression"], ["width", "height", *axes])
    full = weights[weights[_names()].notna().all(axis=1)]
    lacking = [name for name in EXPRESSIONS if name not in set(full["expression"])]
    if lacking:
        raise UserError(f"{tiles} has no full row of {', '.join(lacking)}: all six are needed.")
    if (full[_names()].to_numpy() < -100).any():
        raise UserError(f"{tiles} holds a weight below -100: weights are percent of the mean.")
    full = full[full["expression"].isin(EXPRESSIONS)]
    shown = points.set_index(["face", "expression"])
    carried = {}
    for face, expression in full[["face", "expression"]].drop_duplicates().itertuples(index=False):
        if (face, expression) not in shown.index:
            raise UserError(f"{landmarks} has no row of face '{face}', {expression}: add it.")
        row = shown.loc[(face, expression)]
        scale = FACE_SIZE / row[["width", "height"]].to_numpy(float)
        there = (row[axes].to_numpy(float).reshape(68, 2) + 0.5) * scale - 0.5
        carried[face, expression] = np.stack([atlas.carry(tile, there) for tile in _tiles()])
    return Tiles(full, carried, len(weights) - len(weights.dropna(subset=_names())))


def _read(path: str | Path, names: list[str], numbers: list[str]) -> pd.DataFrame:
    """Return a table of numbers, in which each combination of names is there once."""
    rows = list(read_rows(Path(path), [*names, *numbers]))
    for row in rows:
        if row.fault:
            raise UserError(f"Row {row.number + 1} of {path} has {row.fault}: mend it.")
    texts = pd.DataFrame([row.cells for row in rows], columns=[*names, *numbers])
    table = texts.assign(expression=texts["expression"].map(name_of))
    if "participant" in names:
        people = Subjects(str(path))
        table["participant"] = [people.name(name) for name in texts["participant"]]
        people.warn()
    table[numbers] = texts[numbers].apply(pd.to_numeric, errors="coerce")
    odd = (texts[numbers] != "").to_numpy() & ~np.isfinite(table[numbers].to_numpy(float))
    if odd.any():
        at, column = (int(place[0]) for place in np.nonzero(odd))
        cell = str(texts[numbers].iloc[at, column])
        raise UserError(f"Row {at + 1} of {path} has '{cell}' for {numbers[column]}: no number.")
    unknown = sorted(set(table["expression"]) - set(WORDS))
    if unknown:
        raise UserError(f"{path} has the expression '{unknown[0]}', which is none: mend it.")
    twice = table[table.duplicated(names)]
    if len(twice):
        said = ", ".join(map(str, twice[names].iloc[0]))
        raise UserError(
            f"{path} has two rows of {said}: which of them holds is not known; keep one."
        )
    return table


def _tiles() -> np.ndarray:
    """Return one picture a tile, (48, 192, 192): 1 on the tile, 0 elsewhere."""
    down, across = np.mgrid[:SIZE, :SIZE]
    number = across * COLUMNS // SIZE * ROWS + down * ROWS // SIZE
    return (number == np.arange(TILES)[:, None, None]).astype(np.float32)


def human_map(tiles: Tiles, expression: str) -> np.ndarray:
    """Return the mean map of an expression over participants and faces, (275, 224) float32."""
    _, weights, maps = tiles.of(expression)
    return (weights.mean(axis=0) @ maps).reshape(HEIGHT, WIDTH).astype(np.float32)


def noise_ceiling(tiles: Tiles, seed: int, splits: int = 1000) -> pd.DataFrame:
    """Return how well human maps agree with themselves: the most that a model can reach.

    Parameters
    ----------
    splits : random halves of the participants, for which r is averaged.

    Returns
    -------
    Columns expression; between (``halves`` of the participants, each on all faces, or ``faces``,
    each by all participants); r of two such maps over pixels, the mean over splits or over pairs
    of faces; reliability of the whole map, the mean of k such parts (two halves, or all faces),
    after Spearman and Brown (1910), k r / (1 + (k - 1) r); ceiling, its square root: the highest r
    to expect of a perfect model with the measured map; participants, rows, left_out (rows with
    empty cells, of all expressions).
    """
    lines = []
    for expression in EXPRESSIONS:
        rows, weights, maps = tiles.of(expression)
        centred = (maps - maps.mean(axis=1, keepdims=True)).astype(np.float64)
        covariance = centred @ centred.T
        people, faces = rows["participant"].unique(), rows["face"].unique()
        halves = []
        for split in range(splits if len(people) > 1 else 0):
            order = generator(seed, "halves", expression, split).permutation(people)
            halves.append(rows["participant"].isin(order[: len(order) // 2]).to_numpy())
        shown = [(rows["face"] == face).to_numpy() for face in faces]
        parts = {
            "halves": (2, [(half, ~half) for half in halves]),
            "faces": (len(faces), list(combinations(shown, 2))),
        }
        counts = {"participants": len(people), "rows": len(rows), "left_out": tiles.left_out}
        for between, (k, pairs) in parts.items():
            found = [
                _correlation(weights[one].mean(axis=0), weights[other].mean(axis=0), covariance)
                for one, other in pairs
            ]
            r = float(np.mean(found)) if found else np.nan
            reliability = k * r / (1 + (k - 1) * r)
            ceiling = np.sqrt(np.maximum(reliability, 0))
            names = {"expression": expression, "between": between}
            lines.append(
                {**names, "r": r, "reliability": reliability, "ceiling": ceiling, **counts}
            )
    return pd.DataFrame(lines)


def _correlation(one: np.ndarray, other: np.ndarray, covariance: np.ndarray) -> float:
    """Return Pearson's r of two mixes of maps with this covariance over pixels."""
    product, own, others = (
        a @ covariance @ b for a, b in ((one, other), (one, one), (other, other))
    )
    return product / np.sqrt(own * others)
