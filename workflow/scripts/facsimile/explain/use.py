"""What a network uses of a drawn face, part by part, and what explanations say of it.

Each action unit is undone alone, and the network's own answer falls by what it took from that unit:
the truth for this network, where the planting is only what it could have used.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.explain.explanations import Explanations
from facsimile.explain.predictor import Predictor
from facsimile.faces.images import resize

Undone = Mapping[str, tuple[np.ndarray, np.ndarray]]
"""Unit to what it changes and the face without it, see `faces.synthetic.evidence.undone`."""

Asked = tuple[int, int, str]
"""Repeat, fold and id of a face."""


def falls(
    predictor: Predictor, size: int, face: np.ndarray, without: Sequence[np.ndarray], target: int
) -> np.ndarray:
    """Return by how much the probability of an expression falls without each unit.

    Parameters
    ----------
    size : of the network's input.
    face, without : (224, 224) uint8.
    """
    import torch

    images = resize(np.stack([face, *without]), size)
    with torch.inference_mode():
        pixels = torch.cat([predictor.pixels(image) for image in images])
        answers = predictor.probabilities(pixels)[:, target].double().cpu().numpy()
    fall: np.ndarray = answers[0] - answers[1:]
    return fall


def attributed(explanation: np.ndarray, changes: Sequence[np.ndarray]) -> np.ndarray:
    """Return what a map says of each unit: its mean, weighted by what the unit changes.

    NaN for a unit that changes nothing by itself, as where two cut the same furrow.

    Parameters
    ----------
    explanation : (size, size) of any resolution.
    changes : (m, m) grey levels of each unit.
    """
    weights = np.stack(changes).astype(np.float64)
    drawn = Image.fromarray(np.asarray(explanation, np.float32))
    same = np.asarray(drawn.resize(weights.shape[:0:-1], Image.Resampling.BILINEAR))
    total = weights.sum(axis=(1, 2))
    sums = (weights * same).sum(axis=(1, 2))
    return np.divide(sums, total, out=np.full(len(total), np.nan), where=total > 0)


def ask(
    explained: Iterable[tuple[str, Explanations]],
    pictures: Mapping[str, tuple[np.ndarray, Undone]],
    load_predictor: Callable[[int, int], Predictor],
    size: int,
) -> dict[Asked, np.ndarray]:
    """Return `falls` of all explained faces of a network, each asked once.

    Parameters
    ----------
    explained : expression and explanations.
    pictures : id to the face, and the same with each unit undone.
    load_predictor : gives the network of a repeat and fold.
    size : of its input.
    """
    asked = {
        (int(repeat), int(fold), str(face), expression)
        for expression, one in explained
        for repeat, fold, face in zip(one.repeat, one.fold, one.id, strict=True)
    }
    answers = {}
    for (repeat, fold), part in groupby(sorted(asked), key=lambda one: one[:2]):
        predictor = load_predictor(repeat, fold)
        for _, _, face, expression in part:
            picture, units = pictures[face]
            how = [one for _, one in units.values()], EXPRESSIONS.index(expression)
            answers[repeat, fold, face] = falls(predictor, size, picture, *how)
    return answers


def told(
    explained: Explanations,
    expression: str,
    superpixels: Sequence[np.ndarray],
    pictures: Mapping[str, tuple[np.ndarray, Undone]],
    answers: Mapping[Asked, np.ndarray],
) -> Iterator[dict]:
    """Yield a row a face and unit: repeat, id, expression, unit, fall, attribution.

    Parameters
    ----------
    superpixels : of each explained face; none of maps of pixels.
    answers : of `ask`.
    """
    maps = explained.maps(EXPRESSIONS.index(expression), superpixels)
    keys = zip(explained.repeat, explained.fold, explained.id, strict=True)
    for (repeat, fold, face), image in zip(keys, maps, strict=True):
        units = pictures[face][1]
        said = attributed(image, [change for change, _ in units.values()])
        fall = answers[int(repeat), int(fold), str(face)]
        for unit, lost, there in zip(units, fall, said, strict=True):
            row = {"repeat": repeat, "id": face, "expression": expression, "unit": unit}
            yield row | {"fall": lost, "attribution": there}
