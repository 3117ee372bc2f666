"""Global heatmaps: the mean of the explanations of many faces, on the canonical face."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from facsimile.arrays import Bundle
from facsimile.atlas.canonical import HEIGHT, WIDTH, Atlas

COARSE = (55, 56)
"""Rows and columns of a coarse map: blocks of 5 x 4 pixels of the canonical frame."""


@dataclass(frozen=True)
class Heatmaps:
    """Mean maps of one network and expression.

    ``pooled`` (275, 224) over all faces; ``folds`` (folds, 275, 224) over each fold's faces; both
    NaN where there was no face. ``faces`` (faces, 55, 56): each face's own map, coarse. All
    float32.
    """

    pooled: np.ndarray
    folds: np.ndarray
    faces: np.ndarray


@dataclass(frozen=True)
class CarriedFaces(Bundle):
    """The coarse maps behind a heatmap: what a bootstrap over people draws from.

    ``id``, ``person`` and ``fold`` of each face, and its map in ``maps`` (faces, 55, 56).
    ``person`` is the face's own id where its subject is unknown; ``known`` says where it is not.
    """

    id: np.ndarray
    person: np.ndarray
    known: np.ndarray
    fold: np.ndarray
    maps: np.ndarray

    @property
    def subjects(self) -> int:
        """How many people are known to be on these faces."""
        return len(set(self.person[self.known]))

    @classmethod
    def of(cls, faces: pd.DataFrame, maps: np.ndarray) -> "CarriedFaces":
        """Join coarse maps with the rows of their faces: id, corpus, subject, fold."""
        people = persons(faces)
        return cls(
            id=faces["id"].to_numpy(str),
            person=people.to_numpy(str),
            known=faces["subject"].notna().to_numpy(bool),
            fold=faces["fold"].to_numpy(np.int64),
            maps=maps,
        )


def persons(faces: pd.DataFrame) -> pd.Series:
    """Return who is on each face: corpus and subject, or the face itself where nobody knows."""
    people = faces["corpus"].astype(str) + "/" + faces["subject"].astype(str)
    return people.where(faces["subject"].notna(), faces["id"].astype(str))


def coarsen(images: np.ndarray) -> np.ndarray:
    """Return maps of the canonical frame, (..., 275, 224), as means of blocks, (..., 55, 56)."""
    rows, columns = COARSE
    blocks = (rows, HEIGHT // rows, columns, WIDTH // columns)
    return np.reshape(images, (*np.shape(images)[:-2], *blocks)).mean(axis=(-3, -1))


def average(
    maps: Iterable[np.ndarray], landmarks: np.ndarray, fold: np.ndarray, folds: int, atlas: Atlas
) -> Heatmaps:
    """Carry each face's map to the canonical frame and average them.

    Parameters
    ----------
    maps : one (size, size) map a face.
    landmarks : (faces, 68, 2), in pixels of the 224 x 224 faces.
    fold : (faces,) the fold of each face.
    folds : how many folds the study has.
    """
    total = np.zeros((folds, HEIGHT, WIDTH))
    faces = np.empty((len(fold), *COARSE), np.float32)
    for row, (image, points) in enumerate(zip(maps, landmarks, strict=True)):
        carried = atlas.carry(image, points)
        total[fold[row]] += carried
        faces[row] = coarsen(carried)
    count = np.bincount(np.asarray(fold, int), minlength=folds)[:, None, None]
    with np.errstate(invalid="ignore"):
        pooled = total.sum(0) / count.sum()
        return Heatmaps(pooled.astype(np.float32), (total / count).astype(np.float32), faces)
