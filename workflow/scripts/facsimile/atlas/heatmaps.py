"""Global heatmaps: the mean of the explanations of many faces, on the canonical face."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.arrays import Bundle
from facsimile.atlas.canonical import HEIGHT, WIDTH, Atlas
from facsimile.explain.explanations import Explanations
from facsimile.faces.dataset import gather

COARSE = (55, 56)
"""Rows and columns of a coarse map: blocks of 5 x 4 pixels of the canonical frame."""


@dataclass(frozen=True)
class Heatmaps:
    """Mean maps of one network and expression.

    ``folds`` (repeats, folds, 275, 224) over each fold's faces, ``repeats`` (repeats, 275, 224)
    over each repeat's, and ``pooled`` (275, 224) over those repeats that have one, so that each
    training counts alike; all NaN where there was no face. ``faces`` (faces, 55, 56): each face's
    own map, coarse. All float32.
    """

    pooled: np.ndarray
    repeats: np.ndarray
    folds: np.ndarray
    faces: np.ndarray


@dataclass(frozen=True)
class CarriedFaces(Bundle):
    """The coarse maps behind a heatmap: what a bootstrap over people draws from.

    ``id``, ``person``, ``repeat`` and ``fold`` of each face, in rows, and its map in ``maps``
    (faces, 55, 56). A face that several repeats explain is there once for each. ``person`` is the
    face's own id where its subject is unknown; ``known`` says where it is not.
    """

    id: np.ndarray
    person: np.ndarray
    known: np.ndarray
    repeat: np.ndarray
    fold: np.ndarray
    maps: np.ndarray

    @property
    def subjects(self) -> int:
        """How many people are known to be on these faces."""
        return len(set(self.person[self.known]))

    @classmethod
    def of(cls, faces: pd.DataFrame, maps: np.ndarray) -> "CarriedFaces":
        """Join coarse maps with the rows of their faces: id, corpus, subject, repeat, fold."""
        people = persons(faces)
        return cls(
            id=faces["id"].to_numpy(str),
            person=people.to_numpy(str),
            known=faces["subject"].notna().to_numpy(bool),
            repeat=faces["repeat"].to_numpy(np.int64),
            fold=faces["fold"].to_numpy(np.int64),
            maps=maps,
        )

    def only(self, rows: np.ndarray) -> "CarriedFaces":
        """Return some of the faces: ``rows`` is a bool, or a place, of each."""
        return CarriedFaces(**{name: values[rows] for name, values in vars(self).items()})


def persons(faces: pd.DataFrame) -> pd.Series:
    """Return who is on each face: as folds have it, in a column ``person``, where that is known.

    Otherwise corpus and subject, or the face itself where nobody knows.
    """
    if "person" in faces:
        return faces["person"].astype(str)
    people = faces["corpus"].astype(str) + "/" + faces["subject"].astype(str)
    return people.where(faces["subject"].notna(), faces["id"].astype(str))


def coarsen(images: np.ndarray) -> np.ndarray:
    """Return maps of the canonical frame, (..., 275, 224), as means of blocks, (..., 55, 56)."""
    rows, columns = COARSE
    high, wide = HEIGHT // rows, WIDTH // columns
    values = np.asarray(images, np.result_type(images, np.float32))
    blocks = values.reshape(*values.shape[:-2], rows, high, columns, wide)
    across = reduce(
        np.add, np.moveaxis(blocks, -1, 0)
    )  # ten times as fast as a mean along short axes
    return across.sum(axis=-2) / (high * wide)


def average_explanations(
    explained: Sequence[Explanations],
    expression: str,
    faces: pd.DataFrame,
    landmarks: Mapping[str, str | Path],
    superpixels: Mapping[str, str | Path],
    contrast: bool,
    shape: tuple[int, int],
    atlas: Atlas,
) -> tuple[pd.DataFrame, Heatmaps]:
    """Average what spoke for an expression; see ``average`` and ``Explanations.maps``.

    Parameters
    ----------
    explained : the explanations of each repeat.
    faces : of the study: id, corpus, row, and what else is wanted.
    landmarks : the file of each corpus.
    superpixels : likewise; empty where there are maps of pixels.

    Returns
    -------
    The explained faces' rows, with repeat and fold, and the means of their maps.
    """
    rows = [one.rows(faces) for one in explained]
    target = EXPRESSIONS.index(expression)
    maps = (
        one.maps(target, gather(some, superpixels) if superpixels else [], contrast)
        for one, some in zip(explained, rows, strict=True)
    )
    table = pd.concat(rows, ignore_index=True)
    sides = zip(table["repeat"], table["fold"], strict=True)
    points = gather(table, landmarks)
    return table, average(chain.from_iterable(maps), points, sides, shape, atlas)


def average(
    maps: Iterable[np.ndarray],
    landmarks: np.ndarray,
    sides: Iterable[tuple[int, int]],
    shape: tuple[int, int],
    atlas: Atlas,
) -> Heatmaps:
    """Carry each face's map to the canonical face and average them.

    Parameters
    ----------
    maps : one (size, size) map a face.
    landmarks : (faces, 68, 2), in pixels of the 224 x 224 faces.
    sides : repeat and fold of each face.
    shape : how many repeats, and folds in each, the study has.
    """
    count, total = np.zeros(shape), np.zeros((*shape, HEIGHT, WIDTH))
    faces = np.empty((len(landmarks), *COARSE), np.float32)
    for row, (image, points, side) in enumerate(zip(maps, landmarks, sides, strict=True)):
        carried = atlas.carry(image, points)
        count[side] += 1
        total[side] += carried
        faces[row] = coarsen(carried)
    explained = count.sum(axis=1) > 0
    with np.errstate(invalid="ignore"):
        repeats = total.sum(axis=1) / count.sum(axis=1)[:, None, None]
        pooled = repeats[explained].sum(axis=0) / explained.sum()
        folds = total / count[..., None, None]
    return Heatmaps(
        pooled=pooled.astype(np.float32),
        repeats=repeats.astype(np.float32),
        folds=folds.astype(np.float32),
        faces=faces,
    )


def mean(maps: Iterable[np.ndarray], landmarks: np.ndarray, atlas: Atlas) -> np.ndarray:
    """Return the mean of all faces' maps on the canonical face, (275, 224) float32."""
    return average(maps, landmarks, [(0, 0)] * len(landmarks), (1, 1), atlas).pooled
