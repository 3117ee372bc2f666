"""Running a method over many faces: one network, any number of its folds and expressions."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from tqdm import tqdm

from facsimile import EXPRESSIONS, FACE_SIZE, devices
from facsimile.errors import UserError
from facsimile.explain.attribution import Attribution
from facsimile.explain.baselines import Baseline, baseline_of
from facsimile.explain.explanations import Explanations
from facsimile.explain.methods import Method, method_of
from facsimile.explain.predictor import Predictor
from facsimile.explain.target import Target
from facsimile.faces.dataset import reader
from facsimile.faces.images import resize
from facsimile.networks.reproducible import reproducible
from facsimile.seeds import derive

log = logging.getLogger(__name__)

REPORT_EVERY = 5.0
"""Seconds between two lines of progress."""

Part = tuple[int, str]
"""A repeat and an expression."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Face:
    """What is read of a face to explain it.

    ``pixels`` (224, 224) or, in colour, (224, 224, 3) uint8; ``superpixels`` at the network's input
    size, (size, size) labels, or (0, 0) for methods that use none; ``extras`` further images by
    name, as the method and the baseline ``NEED`` them.
    """

    pixels: np.ndarray
    superpixels: np.ndarray = field(default_factory=lambda: np.empty((0, 0), np.uint16))
    extras: Mapping[str, np.ndarray] = field(default_factory=dict)


def face_loader(
    faces: pd.DataFrame,
    pixels: Mapping[str, str | Path],
    superpixels: Mapping[str, str | Path],
    extras: Mapping[tuple[str, str], str | Path],
) -> Callable[[str], Face]:
    """Return a function that reads a face by its id.

    Parameters
    ----------
    faces : of all corpora: id, corpus and row.
    pixels : of each corpus, the file with a row a face.
    superpixels : likewise; empty for methods that use none.
    extras : likewise, by corpus and name; empty where nothing more is needed.
    """
    images: dict[str, dict[str, str | Path]] = {"pixels": dict(pixels)}
    if superpixels:
        images["superpixels"] = dict(superpixels)
    for (corpus, name), path in extras.items():
        images.setdefault(name, {})[corpus] = path
    read = reader(faces, *images.values())

    def load_face(face: str) -> Face:
        found = dict(zip(images, read(face), strict=True))
        parts = {name: found.pop(name) for name in ("pixels", "superpixels") if name in found}
        return Face(**parts, extras=found)

    return load_face


@dataclass(frozen=True)
class Job:
    """How faces are explained, whichever they are.

    ``network`` is its name and ``input_size`` that of its images; ``method`` with its settings;
    ``load_predictor`` gives the network trained for a repeat and fold, ``load_face`` a face by its
    id; ``seed`` is the study's; ``baseline`` what is seen where parts are hidden, for methods that
    use one.
    """

    network: str
    input_size: int
    method: Method
    load_predictor: Callable[[int, int], Predictor]
    load_face: Callable[[str], Face]
    seed: int
    baseline: Baseline | None = None

    @classmethod
    def of(
        cls,
        network: str,
        input_size: int,
        row: Mapping[str, Any],
        load_predictor: Callable[[int, int], Predictor],
        load_face: Callable[[str], Face],
        seed: int,
    ) -> "Job":
        """Return the job of an explainer's row as `asking.asked` gives it."""
        baseline = baseline_of(row["baseline"]) if row["baseline"] else None
        return cls(network, input_size, method_of(row), load_predictor, load_face, seed, baseline)

    def covered(self, faces: pd.DataFrame) -> pd.DataFrame:
        """Return the faces for which there is a baseline; the log says how many have none.

        Raises
        ------
        UserError
            If no face has one.
        """
        if self.baseline is None or not self.baseline.MAY_LACK:
            return faces
        here = np.array([self.baseline.covers(self.load_face(face).extras) for face in faces["id"]])
        if not here.any():
            raise UserError(
                f"No face is left to explain: none can be {self.baseline.words}. Choose another "
                "baseline, or say what stands for it with `otherwise`."
            )
        if not here.all():
            log.warning(
                "%d of %d faces are not explained: they cannot be %s",
                (~here).sum(), len(here), self.baseline.words,
            )  # fmt: skip
        return faces[here]


def explain_faces(
    job: Job,
    chosen: Mapping[Part, pd.DataFrame],
    device: str = "cpu",
    threads: int = 1,
    deterministic: bool = True,
    state: Path | None = None,
) -> dict[Part, Explanations]:
    """Explain each chosen face by the network of the fold in whose test side it is.

    The draws for a face come from the study's seed, the repeat and the face's id, so that all
    networks share them (but for a control, whose draws are each network's own).

    Parameters
    ----------
    chosen : for each repeat and expression the faces to explain: columns id and fold, a row a face.
    state : where to keep, every few seconds, what is done; what is there is gone on with. It has to
        be of the same job.

    Returns
    -------
    The explanations of each repeat and expression, in the order of its faces.

    Raises
    ------
    UserError
        If a face cannot be explained; the message names the network, repeat, fold and face.
    """
    todo = pd.concat(
        [_seeded(job, faces, *part) for part, faces in chosen.items()], ignore_index=True
    )
    # A network is loaded once, for all faces that it is asked about.
    order = todo.sort_values(["repeat", "fold"], kind="stable")
    found = Explanations.load(state).attributions() if state and state.is_file() else []
    progress, left = Progress(len(todo), len(found)), order[len(found) :]
    with reproducible(0, device, threads, deterministic):
        for repeat, fold in sorted(set(zip(left["repeat"], left["fold"], strict=True))):
            predictor = job.load_predictor(repeat, fold)
            for face in left[(left["repeat"] == repeat) & (left["fold"] == fold)].itertuples():
                found.append(_explain_face(job, predictor, face))
                if progress.step() and state:
                    Explanations.of(order[: len(found)], found).save(state)
            progress.leave(predictor)
    progress.end()
    by_row, explained = dict(zip(order.index, found, strict=True)), {}
    for repeat, expression in chosen:
        faces = todo[(todo["repeat"] == repeat) & (todo["expression"] == expression)]
        explained[repeat, expression] = Explanations.of(faces, [by_row[row] for row in faces.index])
    return explained


def _seeded(job: Job, faces: pd.DataFrame, repeat: int, expression: str) -> pd.DataFrame:
    """Return faces to explain: id, fold, repeat, seed of their draws, expression."""
    own = (job.network,) if job.method.OWN_DRAWS else ()
    seeds = [derive(job.seed, job.method.name, *own, repeat, face) for face in faces["id"]]
    return faces[["id", "fold"]].assign(
        repeat=np.int64(repeat), seed=np.array(seeds, np.int64), expression=expression
    )


def aim(
    predictor: Predictor,
    read: Face,
    expression: str,
    seed: int,
    baseline: Baseline | None,
    input_size: int,
) -> Target:
    """Return the question about one face: what spoke for an expression, before a baseline?"""
    behind = baseline.image(read.pixels, read.extras) if baseline else None
    # All of it black is what a network is shown where there is no baseline.
    shown = resize(behind[None], input_size)[0] if behind is not None and behind.any() else None
    return Target(
        predictor,
        resize(read.pixels[None], input_size)[0],
        read.superpixels,
        EXPRESSIONS.index(expression),
        np.random.default_rng(seed),
        shown,
        baseline.edge * input_size / FACE_SIZE if baseline else 0.0,
        read.extras,
    )


def patiently(predictor: Predictor, ask: Callable[[], Answer]) -> Answer:
    """Return what is asked of a network; asked again in smaller batches where memory runs out."""
    while True:
        try:
            return ask()
        except Exception as error:  # onnxruntime's own kinds derive from nothing narrower
            if not devices.is_full(error):
                raise
            predictor.halve()


def _explain_face(job: Job, predictor: Predictor, face: Any) -> Attribution:
    read = job.load_face(face.id)

    def explain() -> Attribution:
        # Begun anew, a face has its draws from the beginning, whatever its batches were.
        asked = predictor, read, face.expression, face.seed, job.baseline, job.input_size
        return job.method.explain(aim(*asked))

    with placed(job.network, face):
        return patiently(predictor, explain)


@contextmanager
def placed(network: str, face: Any) -> Iterator[None]:
    """Have errors name the network, and the repeat, fold and id of the face."""
    try:
        yield
    except UserError as error:
        place = f"Network '{network}', repeat {face.repeat}, fold {face.fold}, face '{face.id}'"
        raise UserError(f"{place}: {error}") from None


class Progress:
    """Lines of progress in the log, and at the end the throughput and the network's share of it."""

    def __init__(self, faces: int, before: int = 0) -> None:
        self.faces, self.before, self.done, self.passes, self.seconds = (
            faces,
            before,
            before,
            0,
            0.0,
        )
        self.start = self.said = time.perf_counter()

    def step(self) -> bool:
        """Count one face; return whether a line was due, since the last was seconds ago."""
        self.done += 1
        now = time.perf_counter()
        due = now - self.said > REPORT_EVERY and self.done < self.faces
        if due:
            self.said = now
            log.info(
                tqdm.format_meter(
                    self.done, self.faces, now - self.start, 79, unit=" faces", initial=self.before
                )
            )
        return due

    def leave(self, predictor: Predictor) -> None:
        """Add up what went through a fold's network."""
        self.passes += predictor.passes
        self.seconds += predictor.seconds

    def end(self) -> None:
        """Say how long it all took."""
        elapsed = time.perf_counter() - self.start
        log.info(
            "%d faces in %.1f s: %.0f samples a second, %.0f %% of the time in the network",
            self.done - self.before,
            elapsed,
            self.passes / elapsed,
            100 * self.seconds / elapsed,
        )
