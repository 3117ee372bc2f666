"""Maps of faces that were explained again, each carried to the canonical face."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.arrays import Bundle
from facsimile.atlas.canonical import Atlas
from facsimile.atlas.heatmaps import COARSE, coarsen, persons
from facsimile.explain.ways import AS_BEFORE, OTHER

if TYPE_CHECKING:
    from facsimile.explain.sanity import Again


@dataclass(frozen=True)
class CarriedAgain(Bundle):
    """Coarse maps of faces, explained in several ways.

    ``id``, ``person`` and ``expression`` of each face, in rows; ``way`` is how it was explained,
    ``maps`` (ways, faces, 55, 56) float32.
    """

    id: np.ndarray
    person: np.ndarray
    expression: np.ndarray
    way: np.ndarray
    maps: np.ndarray


def carry_again(
    ways: "Mapping[str, Again]",
    faces: pd.DataFrame,
    load_landmarks: Callable[[str], np.ndarray],
    contrast: bool,
    atlas: Atlas,
) -> CarriedAgain:
    """Carry what speaks for the expression of each face, and, where that is known, for all others.

    Parameters
    ----------
    ways : see ``explain_again``.
    faces : of the study: id, corpus, subject.
    load_landmarks : gives the landmarks of a face by its id, (68, 2).
    contrast : see ``Explanations.maps``.
    """

    def maps_of(again: "Again", place: int = 0) -> np.ndarray:
        found = [
            one
            for expression in before
            for one in _carried(again, expression, place, load_landmarks, contrast, atlas)
        ]
        return np.array(found, np.float32).reshape(-1, *COARSE)

    before = ways[AS_BEFORE].explained
    maps = {way: maps_of(again) for way, again in ways.items()}
    if all(
        one.coefficients.size and np.isfinite(one.coefficients).all() for one in before.values()
    ):
        maps |= {way: maps_of(ways[AS_BEFORE], place) for place, way in enumerate(OTHER, start=1)}
    ids = np.concatenate([one.id for one in before.values()]).astype(str)
    return CarriedAgain(
        id=ids,
        person=persons(faces.set_index("id", drop=False).loc[ids]).to_numpy(str),
        expression=np.repeat(list(before), [len(one.id) for one in before.values()]).astype(str),
        way=np.array(list(maps)),
        maps=np.array(list(maps.values())),
    )


def _carried(
    again: "Again",
    expression: str,
    place: int,
    load_landmarks: Callable[[str], np.ndarray],
    contrast: bool,
    atlas: Atlas,
) -> Iterator[np.ndarray]:
    """Yield the maps of an expression's faces, of it or, counted on from it, of another."""
    explained = again.explained[expression]
    target = (EXPRESSIONS.index(expression) + place) % len(EXPRESSIONS)
    cuts = [again.load_face(str(name)).superpixels for name in explained.id]
    for name, image in zip(explained.id, explained.maps(target, cuts, contrast), strict=True):
        whole = image[:, ::-1] if again.mirrored else image
        yield coarsen(atlas.carry(whole, load_landmarks(str(name)) + (again.moved, 0)))
