"""Is an explanation true of its network? Superpixels are hidden, and shown, in the order it gives.

Deletion hides them from the most important on, insertion shows them from the most important on
over the baseline (Petsiuk, Das & Saenko, BMVC 2018); the answer is followed from step to step. If
the order is true, deletion takes the answer away at once and insertion brings it back at once. Read
from its end, insertion is deletion in the reverse order: so both together hold an order against its
reverse. A random order is followed beside them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.explain.baselines import Baseline
from facsimile.explain.explanations import Explanations
from facsimile.explain.predictor import Predictor
from facsimile.explain.running import Face, Job, Part, aim, patiently, placed
from facsimile.explain.target import Target
from facsimile.networks.reproducible import reproducible
from facsimile.seeds import derive, drawn

BLOCK = 4
"""Steps of each order that go through the network together."""

SETTLED = 0.02
"""An order is followed no further once the answers of a block differ from that at its end by less
than this share of what lies between the answers to the whole and to the hidden face."""


@dataclass(frozen=True)
class Areas:
    """The network's answers for an expression as superpixels of one face are hidden or shown.

    ``whole`` and ``hidden`` to the face with nothing and with all hidden; ``deletion``,
    ``insertion`` and ``random`` the mean answer on the way, trapezoids over the share of
    superpixels; ``random`` is about a random order, be it of hiding or of showing. ``lowest`` and
    ``highest`` are the outermost answers on all ways. All are probabilities. ``samples`` counts the
    passes through the network.
    """

    whole: float
    hidden: float
    deletion: float
    insertion: float
    random: float
    lowest: float
    highest: float
    samples: int


def follow(target: Target, order: np.ndarray, random: np.ndarray, settled: float) -> Areas:
    """Follow a network's answer as the superpixels of a face are hidden and shown.

    Parameters
    ----------
    order : (superpixels,) their numbers, from the most important on.
    random : (superpixels,) the same in a random order.
    settled : see ``SETTLED``; 0 follows every order to its end.

    Raises
    ------
    UserError
        If the face is a single superpixel, or the network's answer is not a number.
    """
    count, passes = target.n_superpixels, target.predictor.passes
    ways = {"deletion": ~_first(order), "insertion": _first(order), "random": ~_first(random)}
    ends = np.array([[True], [False]]).repeat(count, axis=1)
    whole, hidden = target.predict_masked(ends)[:, target.target]
    starts = {"deletion": whole, "insertion": hidden, "random": whole}
    ending = {"deletion": hidden, "insertion": whole, "random": hidden}
    answers = {name: np.full(count - 1, ending[name]) for name in ways}
    near, going = settled * abs(whole - hidden), list(ways)
    for first in range(0, count - 1, BLOCK):
        block = slice(first, first + BLOCK)
        masks = [ways[name][block] for name in going]
        found = target.predict_masked(np.concatenate(masks))[:, target.target]
        for name, part in zip(going, np.split(found, len(going)), strict=True):
            answers[name][block] = part
        going = [name for name in going if _differ(answers[name][block], ending[name], near)]
        if not going:
            break
    areas = {
        name: float((starts[name] / 2 + some.sum() + ending[name] / 2) / count)
        for name, some in answers.items()
    }
    met = np.concatenate([[whole, hidden], *answers.values()])
    samples = target.predictor.passes - passes
    return Areas(
        float(whole), float(hidden), **areas, lowest=met.min(), highest=met.max(), samples=samples
    )


def _first(order: np.ndarray) -> np.ndarray:
    """Return masks (superpixels - 1, superpixels): true for the first, for the first two, ..."""
    return np.argsort(order) < np.arange(1, len(order))[:, None]


def _differ(answers: np.ndarray, end: float, near: float) -> bool:
    return bool((np.abs(answers - end) >= near).any())


def on_superpixels(image: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the mean of a map of pixels, (m, m), on each superpixel, (superpixels,)."""
    whole = Image.fromarray(np.asarray(image, np.float32))
    values = np.asarray(whole.resize(labels.shape[::-1], Image.Resampling.BILINEAR))
    return np.bincount(labels.ravel(), values.ravel()) / np.bincount(labels.ravel())


def descending(weights: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return the places of weights from the largest on; among equal ones chance decides."""
    return np.lexsort((generator.random(len(weights)), -weights))


def follow_faces(
    job: Job,
    explained: Mapping[Part, Explanations],
    baselines: Mapping[str, Baseline],
    count: int,
    contrast: bool,
    device: str = "cpu",
    threads: int = 1,
    deterministic: bool = True,
    settled: float = SETTLED,
) -> pd.DataFrame:
    """Follow the answers for some explained faces, with each of several baselines.

    Parameters
    ----------
    job : the network, and how its faces are read, with superpixels.
    explained : by repeat and expression.
    baselines : by name; a face for which there is one without an image is left out.
    count : of faces of each repeat and expression, at most.
    contrast : whether the explainer shows what speaks for an expression more than for any other.
    device, threads, deterministic, settled : see ``explain_faces`` and ``follow``.

    Returns
    -------
    A row a face and baseline: id, repeat, fold, expression, baseline, and those of ``Areas``.

    Raises
    ------
    UserError
        If a network's answer is not a number; the message names the network, repeat, fold and face.
    """
    faces = pd.concat(
        [_chosen(one, *part, count, contrast, job.seed) for part, one in explained.items()]
    )
    rows: list[dict] = []
    with reproducible(0, device, threads, deterministic):
        for repeat, fold in sorted(set(zip(faces["repeat"], faces["fold"], strict=True))):
            predictor = job.load_predictor(repeat, fold)
            for face in faces[(faces["repeat"] == repeat) & (faces["fold"] == fold)].itertuples():
                with placed(job.network, face):
                    rows += _follow_face(job, predictor, face, baselines, settled)
    return pd.DataFrame(rows, columns=[*KEYS, "baseline", *Areas.__dataclass_fields__])


KEYS = ["id", "repeat", "fold", "expression"]


def _follow_face(
    job: Job, predictor: Predictor, face: Any, baselines: Mapping[str, Baseline], settled: float
) -> Iterator[dict]:
    read = job.load_face(face.id)
    if not all(baseline.covers(read.extras) for baseline in baselines.values()):
        return
    orders = _orders(face, read, job.seed)
    for name, baseline in baselines.items():
        target = aim(predictor, read, face.expression, 0, baseline, job.input_size)
        areas = patiently(predictor, partial(follow, target, *orders, settled))
        yield {key: getattr(face, key) for key in KEYS} | {"baseline": name} | vars(areas)


def _chosen(
    explained: Explanations, repeat: int, expression: str, count: int, contrast: bool, seed: int
) -> pd.DataFrame:
    """Return some explained faces: id, repeat, fold, expression, and what is said of them."""
    said = list(explained.map)
    if not explained.map.size:
        weights = explained.weights(EXPRESSIONS.index(expression), contrast)
        said = [own[:number] for own, number in zip(weights, explained.superpixels, strict=True)]
    ids = pd.Series(explained.id, dtype=object)
    faces = pd.DataFrame({"id": ids, "fold": explained.fold, "repeat": repeat})
    faces = faces.assign(expression=expression, said=pd.Series(said, dtype=object))
    return faces[drawn(ids, faces["repeat"], count, seed, "faith")]


def _orders(face: Any, read: Face, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the order of a face's superpixels by what was said of them, and a random one.

    All explainers and networks share the latter.
    """
    said = face.said if face.said.ndim == 1 else on_superpixels(face.said, read.superpixels)
    ties, shuffled = (
        np.random.default_rng(derive(seed, "faith", what, face.repeat, face.id))
        for what in ("ties", "random")
    )
    return descending(said, ties), shuffled.permutation(len(said))
