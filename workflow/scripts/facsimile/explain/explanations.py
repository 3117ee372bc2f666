"""The explanations of one network and expression over all folds, and their file."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from facsimile import EXPRESSIONS
from facsimile.arrays import Bundle
from facsimile.errors import UserError
from facsimile.explain.attribution import Attribution, Question
from facsimile.explain.explainers import explainer_named
from facsimile.explain.forward import Forward
from facsimile.faces.images import resize
from facsimile.networks.reproducible import reproducible
from facsimile.seeds import derive

log = logging.getLogger(__name__)

REPORT_EVERY = 5.0
"""Seconds between two lines of progress."""


@dataclass(frozen=True)
class Explanations(Bundle):
    """Explained faces, in rows.

    ``id``, ``fold`` and ``seed`` (of the draws) of each face. Then what the explainer says, see
    `Attribution`: ``coefficients`` and ``standard_error`` (faces, superpixels, 6), with zeros past
    a face's own number of ``superpixels``; or ``map`` (faces, m, m); what is not there has length
    zero past the first axis. ``intercept``, ``r2`` and ``split_half`` (faces, 6),
    ``effective_samples`` and ``samples`` (faces,).
    """

    id: np.ndarray
    fold: np.ndarray
    seed: np.ndarray
    superpixels: np.ndarray
    coefficients: np.ndarray
    standard_error: np.ndarray
    map: np.ndarray
    intercept: np.ndarray
    r2: np.ndarray
    split_half: np.ndarray
    effective_samples: np.ndarray
    samples: np.ndarray

    @classmethod
    def of(cls, faces: pd.DataFrame, attributions: list[Attribution]) -> "Explanations":
        """Put the attributions of some faces (columns id, fold, seed) below each other."""
        arrays = {
            name: np.array([getattr(one, name) for one in attributions])
            for name in ("map", "intercept", "r2", "split_half", "effective_samples", "samples")
        }
        if not attributions:
            none = np.empty((0, len(EXPRESSIONS)))
            arrays |= {"map": np.empty((0, 0, 0), np.float32)}
            arrays |= dict.fromkeys(("intercept", "r2", "split_half"), none)
        return cls(
            id=faces["id"].to_numpy(str),
            fold=faces["fold"].to_numpy(np.int64),
            seed=faces["seed"].to_numpy(np.int64),
            superpixels=np.array([len(one.coefficients) for one in attributions], np.int64),
            coefficients=_filled([one.coefficients for one in attributions]),
            standard_error=_filled([one.standard_error for one in attributions]),
            **arrays,
        )

    def maps(self, answer: int, superpixels: np.ndarray, contrast: bool = False) -> Iterator:
        """Yield one map a face, (size, size) float32: what spoke for an answer.

        Negative weights count as none. With ``contrast``, what spoke for the answer more than for
        any other; it needs an explainer that answers for all. (Less the *mean* of the others
        would be the same map as without: the six answers' coefficients add up to zero.)

        Parameters
        ----------
        answer : place of the expression.
        superpixels : (faces, size, size) label images; not read where there are maps of pixels.
        """
        if self.map.size:
            yield from np.maximum(self.map, 0)
            return
        weights = self.coefficients[:, :, answer]
        if contrast:
            weights = weights - np.delete(self.coefficients, answer, axis=2).max(axis=2)
        for face, labels in zip(weights, superpixels, strict=True):
            yield np.maximum(face, 0).astype(np.float32)[labels]


def _filled(weights: list[np.ndarray]) -> np.ndarray:
    """Return arrays (n, 6) of several lengths as one, with zeros past the end of each."""
    longest = max(map(len, weights), default=0)
    filled = np.zeros((len(weights), longest, len(EXPRESSIONS)))
    for row, array in enumerate(weights):
        filled[row, : len(array)] = array
    return filled


@dataclass(frozen=True)
class Job:
    """What is to be explained, and how.

    ``network`` is its name; ``expression`` the one explained; ``explainer`` a name and
    ``settings`` its ``Settings``; ``forward_of`` gives the trained network of a fold; ``face_of``
    by its id the pixels of a face, (224, 224) uint8, its superpixels at the network's input size,
    (size, size) uint8, and as a third, if anything, what is beneath hidden superpixels, (224, 224)
    uint8; ``seed`` is the study's; ``hidden_by`` says what hides superpixels where nothing is
    beneath: black, or the mean grey of the face.
    """

    network: str
    expression: str
    explainer: str
    settings: object
    forward_of: Callable[[int], Forward]
    face_of: Callable[[str], tuple[np.ndarray, ...]]
    seed: int
    hidden_by: str = "black"


def explain_faces(
    job: Job, chosen: pd.DataFrame, device: str = "cpu", threads: int = 1
) -> Explanations:
    """Explain each chosen face by the network of the fold in whose test side it is.

    The draws for a face come from the study's seed and the face's id, so that all networks share
    them (but for a control, whose draws are each network's own).

    Parameters
    ----------
    chosen : columns id and fold, a row a face.

    Raises
    ------
    UserError
        If a face cannot be explained; the message names the network, the face and its fold.
    """
    own = (job.network,) if explainer_named(job.explainer).OWN_DRAWS else ()
    seeds = [derive(job.seed, job.explainer, *own, face) for face in chosen["id"]]
    faces = chosen[["id", "fold"]].assign(seed=np.array(seeds, np.int64)).reset_index(drop=True)
    attributions: list[Attribution] = [None] * len(faces)
    progress = Progress(len(faces))
    with reproducible(0, device, threads):
        for fold, rows in faces.groupby("fold"):
            forward = job.forward_of(int(fold))
            for face in rows.itertuples():
                attributions[face.Index] = _explain_face(job, forward, face)
                progress.step(forward)
            progress.leave(forward)
    progress.end()
    return Explanations.of(faces, attributions)


def _explain_face(job: Job, forward: Forward, face: tuple) -> Attribution:
    explain = explainer_named(job.explainer).explain
    pixels, superpixels, *beneath = job.face_of(face.id)
    if job.hidden_by == "grey":
        beneath = [np.full_like(pixels, np.round(pixels.mean()))]
    size = len(superpixels)
    pixels, *beneath = (resize(image[None], size)[0] for image in (pixels, *beneath))
    answer = EXPRESSIONS.index(job.expression)
    try:
        while True:
            # Begun anew, a face has its draws from the beginning, whatever its batches were.
            generator = np.random.default_rng(face.seed)
            try:
                question = Question(forward, pixels, superpixels, answer, generator, *beneath)
                return explain(question, job.settings)
            except torch.OutOfMemoryError:
                forward.halve()
    except UserError as error:
        place = f"Network '{job.network}', fold {face.fold}, face '{face.id}'"
        raise UserError(f"{place}: {error}") from None


class Progress:
    """Lines of progress in the log, and at the end the pace and the network's share of it."""

    def __init__(self, faces: int) -> None:
        self.faces, self.done, self.passes, self.seconds = faces, 0, 0, 0.0
        self.start = self.said = time.perf_counter()

    def step(self, forward: Forward) -> None:
        """Count one face."""
        self.done += 1
        now = time.perf_counter()
        if now - self.said > REPORT_EVERY and self.done < self.faces:
            self.said = now
            log.info(tqdm.format_meter(self.done, self.faces, now - self.start, 79, unit=" faces"))

    def leave(self, forward: Forward) -> None:
        """Add up what went through a fold's network."""
        self.passes += forward.passes
        self.seconds += forward.seconds

    def end(self) -> None:
        """Say how long it all took."""
        elapsed = time.perf_counter() - self.start
        log.info(
            "%d faces in %.1f s: %.0f samples a second, %.0f %% of the time in the network",
            self.done,
            elapsed,
            self.passes / elapsed,
            100 * self.seconds / elapsed,
        )
