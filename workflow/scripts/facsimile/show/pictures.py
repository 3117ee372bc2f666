"""What the page shows of one network's cells: its trainings, and faces with their explanations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.atlas.canonical import Atlas
from facsimile.explain.explanations import Explanations
from facsimile.faces.dataset import Rows
from facsimile.show.painting import (
    data_uri,
    edged,
    edges_of,
    painted,
    resized,
    shrunk,
    weighed,
)

FACES = 6
"""Faces shown of each cell."""
SIZE = 128
"""Pixels of a face's picture on the page."""
SMALL = (138, 112)
"""Rows and columns of a map's picture there: half of the canonical frame."""


@dataclass(frozen=True)
class Sources:
    """What pictures of explained faces are made from.

    ``faces``, ``landmarks`` and ``superpixels`` give the arrays of rows of the study's faces;
    ``superpixels`` is None where an explainer weighs pixels. ``mean_face`` is (275, 224).
    """

    faces: dict[str, str]
    landmarks: dict[str, str]
    superpixels: dict[str, str] | None
    mean_face: np.ndarray
    atlas: Atlas

    @property
    def small_face(self) -> np.ndarray:
        """Return the mean face as maps are shown on it."""
        return shrunk(self.mean_face, *SMALL)


def training_pictures(folds: np.ndarray, sources: Sources) -> list[dict[str, object]]:
    """Return the heatmap of each training: ``repeat``, ``fold``, and ``map``, a data URI.

    Parameters
    ----------
    folds : (repeats, folds, 275, 224), NaN where a training explained no face.
    """
    below = sources.small_face
    return [
        {"repeat": repeat, "fold": fold, "map": data_uri(painted(shrunk(one, *SMALL), below))}
        for repeat, some in enumerate(folds)
        for fold, one in enumerate(some)
        if not np.isnan(one).all()
    ]


def face_pictures(
    explained: Sequence[Explanations],
    expression: str,
    table: pd.DataFrame,
    sources: Sources,
    contrast: bool,
) -> list[dict[str, object]]:
    """Return some explained faces of a cell, from the poorest fit to the best.

    They are spread evenly over the ranks of R²; over all faces in their order where no surrogate
    was fitted.

    Parameters
    ----------
    explained : the explanations of each repeat.
    table : all faces of the study: id, corpus, row, subject.
    contrast : see ``Explanations.maps``.

    Returns
    -------
    For each face ``id``, ``repeat``, ``fold``, ``r2`` (None where none is known), and pictures as
    data URIs: ``original``, ``superpixels`` (where there are any), ``weights`` and ``carried``.
    """
    target = EXPRESSIONS.index(expression)
    # A face that several repeats explain is shown once.
    first = {one.id[row]: (one, row) for one in reversed(explained) for row in range(len(one.id))}
    places = list(first.values())
    fits = np.array([one.r2[row, target] for one, row in places])
    chosen = [places[at] for at in spread(fits, FACES)]
    return [_pictured(one, row, target, table, sources, contrast) for one, row in chosen]


def spread(fits: np.ndarray, count: int) -> np.ndarray:
    """Return places of up to ``count`` numbers, spread evenly over their ranks; NaN come first."""
    order = np.argsort(np.nan_to_num(fits, nan=-np.inf), kind="stable")
    if len(order) <= count:
        return order
    return order[np.linspace(0, len(order) - 1, count).round().astype(int)]


def _pictured(
    one: Explanations, row: int, target: int, table: pd.DataFrame, sources: Sources, contrast: bool
) -> dict[str, object]:
    """Return what the page shows of one explained face."""
    faces = table[table["id"] == one.id[row]]
    only = alone(one, row)
    cuts = Rows(faces, sources.superpixels)[:] if sources.superpixels else None
    pixels = Rows(faces, sources.faces)[:][0] / 255
    (points,) = Rows(faces, sources.landmarks)[:]
    (spoke_for,) = only.maps(target, [] if cuts is None else cuts, contrast)
    picture, fit = shrunk(pixels, SIZE, SIZE), one.r2[row, target]
    shown: dict[str, object] = {
        "id": str(one.id[row]),
        "repeat": int(one.repeat[row]),
        "fold": int(one.fold[row]),
        "r2": None if np.isnan(fit) else round(float(fit), 3),
        "original": data_uri(picture),
    }
    edges = None if cuts is None else edges_of(cuts[0], SIZE)
    if edges is not None:
        shown["superpixels"] = data_uri(edged(picture, edges))
    weights = resized(signed(only, target, cuts, contrast), SIZE)
    shown["weights"] = data_uri(weighed(picture, weights, edges))
    carried = shrunk(sources.atlas.carry(spoke_for, points), *SMALL)
    shown["carried"] = data_uri(painted(carried, sources.small_face))
    return shown


def alone(explained: Explanations, row: int) -> Explanations:
    """Return the explanation of a single face."""
    return replace(explained, **{name: values[[row]] for name, values in vars(explained).items()})


def signed(
    one: Explanations, target: int, cuts: np.ndarray | None, contrast: bool = False
) -> np.ndarray:
    """Return what spoke for an expression, above zero, and against it, of a single face.

    Parameters
    ----------
    one : with one row.
    cuts : (1, size, size) superpixels, or None where the explainer weighs pixels.
    """
    if one.map.size or cuts is None:
        return one.map[0]
    weights = one.coefficients[0]
    others = np.delete(weights, target, axis=1).max(axis=1) if contrast else 0
    return (weights[:, target] - others)[cuts[0]]
