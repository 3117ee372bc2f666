"""Agreement of one network's heatmaps with all references: values, and what they hang on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from facsimile.atlas.heatmaps import CarriedFaces, coarsen
from facsimile.errors import UserError
from facsimile.measure.bootstrap import dof_of, drawn_maps, resampling_unit
from facsimile.measure.chance import Placed
from facsimile.measure.reliability import split_half
from facsimile.measure.scores import scores
from facsimile.measure.scoring import (
    Maps,
    Reference,
    References,
    Scored,
    flaw,
    flaw_of_reference,
    mean_defined,
    standardise,
)
from facsimile.seeds import generator

NUMBERS = [1, *sorted(whole * 2**power for whole in (2, 3) for power in range(12))]
"""Numbers of faces at which scores are given: those of networks with other numbers of faces can be
compared at the largest that all have."""

SUBSETS = 10
"""How many times so many faces are drawn."""


@dataclass(frozen=True)
class Agreement(Scored):
    """All that is measured of one network: its heatmaps of some expressions against references.

    Arrays; NaN where a score does not apply or is not defined. ``references`` is a column for each
    reference, whether of the same expression or of another; ``names`` a column for each name of
    references, whose own expression is the heatmap's.

    value : (scores, repeats, heatmaps, references) of each repeat's own heatmaps.
    pooled : (scores, heatmaps, references) of the heatmaps shown, the means over repeats.
    removed : (repeats, heatmaps, references) Pearson's r without the common face; see
        ``without_common_face``.
    folds : (scores, repeats * folds, heatmaps, names) of each fold's heatmaps.
    coarse : (scores, repeats, heatmaps, names) of the coarse maps that the bootstrap is made of.
    bootstrap : (scores, repeats, samples, heatmaps, names) float32, of samples of people.
    equal : (scores, ``NUMBERS``, heatmaps, names) of so many faces a repeat.
    elsewhere : (scores, heatmaps, names) mean over all placements on the face.
    reliability : (heatmaps,) of the heatmap shown; see ``reliability.split_half``.
    threshold : (heatmaps,) Otsu's, on the heatmap shown, stretched to 0..255.
    reason : (heatmaps,) why there is no score, or empty.
    faces : (repeats, heatmaps) how many; ``subjects``, ``dof`` : (heatmaps,) how many are known;
        degrees of freedom of people.
    resampling_unit : (heatmaps,) what the bootstrap draws, or why there is none.
    """

    value: np.ndarray
    pooled: np.ndarray
    removed: np.ndarray
    folds: np.ndarray
    coarse: np.ndarray
    bootstrap: np.ndarray
    equal: np.ndarray
    elsewhere: np.ndarray
    reliability: np.ndarray
    threshold: np.ndarray
    reason: np.ndarray
    faces: np.ndarray
    subjects: np.ndarray
    dof: np.ndarray
    resampling_unit: np.ndarray


class Yardstick:
    """The references: all of them, each expression's own, and these coarse and moved."""

    def __init__(self, references: Mapping[Reference, np.ndarray], orders: np.ndarray) -> None:
        """Prepare references, (name, expression) to (275, 224) bool or float.

        ``orders`` are the placements on the coarse face, as ``chance.placements`` gives them.

        Raises
        ------
        UserError
            If nothing can be scored against a reference.
        """
        for (name, expression), image in references.items():
            if flaw_of_reference(image):
                raise UserError(
                    f"The reference '{name}' of {expression} is no reference "
                    f"({flaw_of_reference(image)}): it must tell places apart."
                )
        self.maps, self.all = references, References(references)
        self.names = list(dict.fromkeys(name for name, _ in references))
        self._orders = orders

    def own(self, expression: str) -> tuple[References, References]:
        """Return an expression's references, one a name, fine and coarse."""
        own = {(name, expression): self.maps[name, expression] for name in self.names}
        return References(own), References({key: coarse_reference(own[key]) for key in own})

    def elsewhere(self, expression: str, coarse: np.ndarray) -> np.ndarray:
        """Return the mean over all placements and maps of each score, (scores, names)."""
        good = [image for image in coarse if not flaw(image)]
        table = np.full((len(scores()), len(self.names)), np.nan)
        for column, name in enumerate(self.names if good else ()):
            reference = coarse_reference(self.maps[name, expression])
            table[:, column] = Placed(reference, self._orders).level(Maps.of(np.stack(good)))
        return table


def coarse_reference(image: np.ndarray) -> np.ndarray:
    """Return a reference as a coarse map of its own kind."""
    coarse = coarsen(image)
    if image.dtype != bool:
        return coarse
    # A region, and what it leaves out, may be smaller than a block: neither must vanish.
    return coarse >= np.clip(0.5, np.nextafter(coarse.min(), 1), coarse.max())


def measure(
    heatmaps: Mapping[str, np.ndarray],
    repeats: Mapping[str, np.ndarray],
    folds: Mapping[str, np.ndarray],
    faces: Mapping[str, CarriedFaces],
    weights: pd.DataFrame | None,
    yardstick: Yardstick,
    seed: int,
    absent: str = "no face explained",
) -> Agreement:
    """Measure one network.

    Parameters
    ----------
    heatmaps : expression to (275, 224) float; NaN if it is the mean of no face.
    repeats : expression to (repeats, 275, 224), each repeat's own; empty where there are none, and
        the heatmap then stands for a single one.
    folds : expression to (repeats, folds, 275, 224), each fold's own; empty where there are none.
    faces : expression to the carried faces behind its heatmap; empty where nobody has them.
    weights : of the people in each sample, from ``bootstrap.draw_people``; None without faces.
    seed : of the study.
    absent : why a heatmap may be NaN all over.
    """
    each = {name: repeats.get(name, image[None]) for name, image in heatmaps.items()}
    parts = []
    for name, heatmap in heatmaps.items():
        carried = faces.get(name)
        per_fold = folds.get(name, np.empty((0, 0, *heatmap.shape)))
        own, coarse = yardstick.own(name)
        small = coarsen(each[name])
        value = yardstick.all.score_defined(each[name])
        # The mean over one repeat is that repeat's own heatmap.
        pooled = value if len(small) == 1 else yardstick.all.score_defined(heatmap[None])
        part = {
            "value": value,
            "pooled": pooled[:, 0],
            "folds": own.score_defined(per_fold.reshape(-1, *heatmap.shape)),
            "coarse": coarse.score_defined(small),
            "elsewhere": yardstick.elsewhere(name, small),
            "threshold": np.nan if flaw(heatmap) else Maps.of(heatmap[None]).threshold[0],
            "reason": flaw(heatmap, absent),
            "resampling_unit": resampling_unit(carried),
            **_of_faces(carried, len(small), weights, coarse, seed),
        }
        parts.append({key: np.asarray(values) for key, values in part.items()})
    return Agreement(
        score=np.array(list(scores())),
        expression=np.array(list(heatmaps)),
        reference=np.array(yardstick.all.keys),
        removed=without_common_face(each, yardstick.maps),
        # The axis of heatmaps is the last but that of references.
        **{
            key: np.stack([part[key] for part in parts], axis=-2 if first.ndim > 1 else -1)
            for key, first in parts[0].items()
        },
    )


def _of_faces(
    carried: CarriedFaces | None,
    repeats: int,
    weights: pd.DataFrame | None,
    coarse: References,
    seed: int,
) -> dict:
    """Return what is measured of the faces behind one heatmap."""
    shape = len(scores()), len(coarse.keys)
    samples = 0 if weights is None else weights.shape[1]
    bootstrap = np.full((shape[0], repeats, samples, shape[1]), np.nan, np.float32)
    if carried is None or weights is None:
        equal = np.full((shape[0], len(NUMBERS), shape[1]), np.nan)
        counts = {"faces": np.zeros(repeats, int), "subjects": 0, "dof": 0}
        return {"bootstrap": bootstrap, "equal": equal, "reliability": np.nan, **counts}
    each = [carried.only(carried.repeat == repeat) for repeat in range(repeats)]
    for repeat, own in enumerate(each):
        bootstrap[:, repeat] = coarse.score_defined(drawn_maps(own, weights))
    return {
        "bootstrap": bootstrap,
        "equal": _at_equal_numbers([own for own in each if len(own.id)], coarse, seed),
        "reliability": split_half(carried, seed),
        "faces": np.array([len(own.id) for own in each]),
        "subjects": carried.subjects,
        "dof": dof_of(carried),
    }


def _at_equal_numbers(repeats: Sequence[CarriedFaces], coarse: References, seed: int) -> np.ndarray:
    """Return the mean scores of so many faces of each repeat, (scores, numbers, names).

    NaN from the number on that some repeat does not have.
    """
    table = np.full((len(scores()), len(NUMBERS), len(coarse.keys)), np.nan)
    smallest = min((len(own.id) for own in repeats), default=0)
    for at, number in enumerate(NUMBERS):
        if number > smallest:
            break
        rng = generator(seed, "equal numbers", number)
        maps = [
            own.maps[rng.permutation(len(own.id))[:number]].mean(axis=0)
            for own in repeats
            for _ in range(SUBSETS)
        ]
        table[:, at] = mean_defined(coarse.score_defined(np.stack(maps)), axis=1)
    return table


def without_common_face(
    heatmaps: Mapping[str, np.ndarray], references: Mapping[Reference, np.ndarray]
) -> np.ndarray:
    """Return Pearson's r of what heatmaps and references have of their own.

    Each map, with mean 0 and norm 1, less the mean of the same over the expressions: of the
    heatmaps of its repeat, or of the references of its name.

    Parameters
    ----------
    heatmaps : expression to (repeats, 275, 224).
    references : (name, expression) to (275, 224).

    Returns
    -------
    (repeats, heatmaps, references); NaN where a repeat has fewer than two heatmaps.
    """
    names = dict.fromkeys(name for name, _ in references)
    drawn = np.stack([image.ravel() for image in references.values()])
    across = np.empty(drawn.shape)
    for name in names:
        rows = [row for row, key in enumerate(references) if key[0] == name]
        across[rows] = _own(drawn[rows])
    stacked = np.stack([maps.reshape(len(maps), -1) for maps in heatmaps.values()], axis=1)
    table = np.full((*stacked.shape[:2], len(references)), np.nan)
    for row, images in zip(table, stacked, strict=True):
        good = np.array([not flaw(image) for image in images])
        if good.sum() > 1:
            row[good] = _own(images[good]) @ across.T
    return table


def _own(images: np.ndarray) -> np.ndarray:
    """Return what each of some maps, (maps, pixels), has beside their mean, with norm 1."""
    standard = standardise(images.astype(np.float64))
    own = standard - standard.mean(axis=0)
    norms = np.linalg.norm(own, axis=1, keepdims=True)
    # Taking the mean leaves crumbs of maps that are all alike.
    return own / np.where(norms > 1e-6, norms, np.nan)
