"""Agreement of one network's heatmaps with all references: values, chance and bootstrap."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from facsimile.arrays import Bundle
from facsimile.atlas.heatmaps import CarriedFaces, coarsen
from facsimile.errors import UserError
from facsimile.measure import intervals
from facsimile.measure.chance import Placed
from facsimile.measure.scores import scores
from facsimile.measure.scoring import Maps, Reference, References, flaw, flaw_of_reference


@dataclass(frozen=True)
class Agreement(Bundle):
    """All that is measured of one network: its heatmaps of some expressions against references.

    Arrays, with a row for each heatmap and a column for each reference, whether of the same
    expression or of another; NaN where a score does not apply or is not defined.

    score : (scores,) their names.
    expression : (heatmaps,) that of each.
    reference : (references, 2) name and expression of each.
    value : (scores, heatmaps, references) of the pooled heatmaps.
    folds : (scores, folds, heatmaps, references) of each fold's heatmaps.
    coarse : as ``value``, of the coarse maps that the bootstrap is made of.
    bootstrap : (scores, samples, heatmaps, references) float32, of one draw of people each.
    chance, p : (scores, heatmaps, references); NaN for a reference of another expression.
    threshold : (heatmaps,) Otsu's, on the heatmap stretched to 0..255.
    reason : (heatmaps,) why there is no score, or empty.
    faces, subjects, dof : (heatmaps,) how many, of subjects those that are known; degrees of
        freedom of the intervals.
    resampling_unit : (heatmaps,) what the bootstrap draws, or why there is none.
    """

    score: np.ndarray
    expression: np.ndarray
    reference: np.ndarray
    value: np.ndarray
    folds: np.ndarray
    coarse: np.ndarray
    bootstrap: np.ndarray
    chance: np.ndarray
    p: np.ndarray
    threshold: np.ndarray
    reason: np.ndarray
    faces: np.ndarray
    subjects: np.ndarray
    dof: np.ndarray
    resampling_unit: np.ndarray

    def axes(self) -> tuple[list[str], list[str], list[Reference]]:
        """Return scores, expressions and references in the order of the arrays."""
        references = [(name, expression) for name, expression in self.reference.tolist()]
        return self.score.tolist(), self.expression.tolist(), references


class Yardstick:
    """The references, fine and coarse, and the orders of pixels that place them."""

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
        coarse = {key: coarse_reference(image) for key, image in references.items()}
        self.keys = list(references)
        self.fine, self.coarse = References(references), References(coarse)
        self._coarse, self._orders = coarse, orders

    def placed(self, expression: str) -> Iterator[tuple[int, Placed]]:
        """Yield an expression's references in all their placements, each with its column."""
        for column, key in enumerate(self.keys):
            if key[1] == expression:
                yield column, Placed(self._coarse[key], self._orders)


def coarse_reference(image: np.ndarray) -> np.ndarray:
    """Return a reference as a coarse map of its own kind."""
    coarse = coarsen(image)
    if image.dtype != bool:
        return coarse
    # A region, and what it leaves out, may be smaller than a block: neither must vanish.
    return coarse >= np.clip(0.5, np.nextafter(coarse.min(), 1), coarse.max())


def measure(
    heatmaps: Mapping[str, np.ndarray],
    folds: Mapping[str, np.ndarray],
    faces: Mapping[str, CarriedFaces],
    weights: pd.DataFrame | None,
    yardstick: Yardstick,
    absent: str = "no face explained",
) -> Agreement:
    """Measure one network.

    Parameters
    ----------
    heatmaps : expression to (275, 224) float; NaN if it is the mean of no face.
    folds : expression to (folds, 275, 224), each fold's own; empty where there are none.
    faces : expression to the carried faces behind its heatmap; empty where nobody has them.
    weights : of the people in each draw, from ``intervals.draw_people``; None without faces.
    absent : why a heatmap may be NaN all over.
    """
    expressions = list(heatmaps)
    shape = (len(scores()), len(expressions), len(yardstick.keys))
    value, coarse, chance, p = (np.full(shape, np.nan) for _ in range(4))
    thresholds = np.full(len(expressions), np.nan)
    samples = 0 if weights is None else weights.shape[1]
    bootstrap = np.full((len(scores()), samples, *shape[1:]), np.nan, np.float32)
    for row, expression in enumerate(expressions):
        if flaw(heatmaps[expression]):
            continue
        fine, small = (
            Maps.of(image[None]) for image in (heatmaps[expression], coarsen(heatmaps[expression]))
        )
        value[:, row] = yardstick.fine.score(fine)[:, 0]
        coarse[:, row] = yardstick.coarse.score(small)[:, 0]
        thresholds[row] = fine.threshold[0]
        for column, reference in yardstick.placed(expression):
            found = reference.chance(small)
            chance[:, row, column], p[:, row, column] = found.level, found.p
        if weights is not None:
            images = intervals.drawn_maps(faces[expression], weights)
            bootstrap[:, :, row] = _score_defined(images, yardstick.coarse)
    carried = [faces.get(expression) for expression in expressions]
    return Agreement(
        score=np.array(list(scores())),
        expression=np.array(expressions),
        reference=np.array(yardstick.keys),
        value=value,
        folds=np.stack([_score_defined(folds[name], yardstick.fine) for name in expressions], 2)
        if folds
        else np.empty((len(scores()), 0, *shape[1:])),
        coarse=coarse,
        bootstrap=bootstrap,
        chance=chance,
        p=p,
        threshold=thresholds,
        reason=np.array([flaw(heatmaps[name], absent) for name in expressions], str),
        faces=np.array([0 if one is None else len(one.id) for one in carried]),
        subjects=np.array([0 if one is None else one.subjects for one in carried]),
        dof=np.array([0 if one is None else intervals.dof_of(one) for one in carried]),
        resampling_unit=np.array([intervals.resampling_unit(one) for one in carried], str),
    )


def _score_defined(images: np.ndarray, references: References) -> np.ndarray:
    """Return (scores, images, references), NaN for images that have no score."""
    images = images.reshape(len(images), -1)
    table = np.full((len(scores()), len(images), len(references.keys)), np.nan)
    good: np.ndarray = np.isfinite(images).all(axis=1)
    good[good] = np.ptp(images[good], axis=1) > 0
    if good.any():
        table[:, good] = references.score(Maps.of(images[good]))
    return table
