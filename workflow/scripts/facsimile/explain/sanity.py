"""Faces explained again: as something changes that matters, and as something does that should not.

What should not matter: other draws, a cut of the picture two pixels to the side, its mirror image.
What should: that the network forgets what it has learned; see ``networks.randomised``.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from facsimile.explain.explanations import Explanations
from facsimile.explain.predictor import Predictor
from facsimile.explain.running import Face, Job, Part, explain_faces
from facsimile.explain.segmentation import segment_one
from facsimile.explain.superpixels import Superpixels
from facsimile.explain.ways import AGAIN, AS_BEFORE, FORGOTTEN, MIRRORED, SHIFTED
from facsimile.faces.images import resize
from facsimile.networks.finished import Finished
from facsimile.networks.network import to_pixels
from facsimile.networks.randomised import forget, twin_of
from facsimile.networks.recipe import Recipe
from facsimile.seeds import derive, drawn

SHIFT = 2
"""Pixels of a face's 224 by which it is moved to the right."""

STATISTICS = 64
"""Faces, at most, from which a network that forgets takes the statistics of its layers."""


@dataclass(frozen=True)
class Again:
    """Faces explained again, and how their maps come back to the faces as they were.

    ``explained`` by expression; ``load_face`` gives the face that was explained; ``moved`` are the
    pixels of a face's 224 by which it was moved to the right, ``mirrored`` whether it was.
    """

    explained: Mapping[str, Explanations]
    load_face: Callable[[str], Face]
    moved: int = 0
    mirrored: bool = False


def _choose(explained: Explanations, count: int, seed: int) -> Explanations:
    ids = pd.Series(explained.id, dtype=object)
    rows = drawn(ids, pd.Series(0, ids.index), count, seed, "sanity")
    return explained.only(rows.to_numpy(bool))


def explain_again(
    job: Job,
    explained: Mapping[Part, Explanations],
    count: int,
    network: Recipe | Finished,
    superpixels: Superpixels | None,
    load_landmarks: Callable[[str], np.ndarray],
    device: str = "cpu",
    threads: int = 1,
    deterministic: bool = True,
) -> dict[str, Again]:
    """Explain some faces of the first repeat again, in every way, and with other draws than before.

    Parameters
    ----------
    job : that explained them before.
    explained : what was said before, by repeat and expression.
    count : of faces of each expression, at most.
    network : what it was trained by, or the finished one.
    superpixels : how faces are cut for the job; None where it uses none.
    load_landmarks : gives the landmarks of a face by its id, (68, 2).
    device, threads, deterministic : see ``explain_faces``.

    Returns
    -------
    By name of the way; ``AS_BEFORE`` is what was said before. Without ``FORGOTTEN`` where a
    network's architecture is not known.
    """
    first = min(repeat for repeat, _ in explained)
    whole = {part: one for part, one in explained.items() if part[0] == first}
    chosen = {part: _choose(one, count, job.seed) for part, one in whole.items()}
    faces = {part: pd.DataFrame({"id": one.id, "fold": one.fold}) for part, one in chosen.items()}
    anew = replace(job, seed=derive(job.seed, AGAIN))

    def explain(changed: Job, moved: int = 0, mirrored: bool = False) -> Again:
        found = explain_faces(changed, faces, device, threads, deterministic)
        by_expression = {expression: one for (_, expression), one in found.items()}
        return Again(by_expression, changed.load_face, moved, mirrored)

    def load_shifted(name: str) -> Face:
        return _shifted(job.load_face(name), superpixels, load_landmarks(name), job.input_size)

    def load_mirrored(name: str) -> Face:
        return _each(job.load_face(name), lambda image: image[:, ::-1].copy())

    before = {expression: one for (_, expression), one in chosen.items()}
    found = {
        AS_BEFORE: Again(before, job.load_face),
        AGAIN: explain(anew),
        SHIFTED: explain(replace(anew, load_face=load_shifted), moved=SHIFT),
        MIRRORED: explain(replace(anew, load_face=load_mirrored), mirrored=True),
    }
    known = list(dict.fromkeys(name for one in whole.values() for name in one.id.tolist()))
    pixels = (job.load_face(name).pixels[None] for name in known[:STATISTICS])
    images = np.array([resize(one, job.input_size)[0] for one in pixels])
    for way, share in FORGOTTEN.items():
        forgetful = _forgetful(job, network, share, images)
        if forgetful is not None:
            found[way] = explain(replace(anew, load_predictor=forgetful))
    return found


def _forgetful(
    job: Job, network: Recipe | Finished, share: float, images: np.ndarray
) -> Callable[[int, int], Predictor] | None:
    """Return what gives the network of a repeat and fold as it forgets; None where it cannot."""
    if len(images) < 2 or twin_of(network, 0) is None:
        return None

    def load_predictor(repeat: int, fold: int) -> Predictor:
        predictor = job.load_predictor(repeat, fold)
        twin = twin_of(network, derive(job.seed, "twin", job.network, repeat, fold))
        assert twin is not None
        parts = max(1, len(images) // max(2, predictor.batch_size))
        batches = to_pixels(images, predictor.device).tensor_split(parts)
        forgetful = copy.copy(predictor)
        forgetful.network = forget(predictor.network, twin, share, batches)
        return forgetful

    return load_predictor


def _each(face: Face, change: Callable[[np.ndarray], np.ndarray]) -> Face:
    """Return a face all of whose pictures are changed alike."""
    extras = {name: change(image) for name, image in face.extras.items()}
    return replace(
        face, pixels=change(face.pixels), superpixels=change(face.superpixels), extras=extras
    )


def _shifted(face: Face, superpixels: Superpixels | None, landmarks: np.ndarray, size: int) -> Face:
    """Return a face moved to the right, what comes in like its edge, and cut anew."""
    moved = _each(face, _move)
    if superpixels is None:
        return moved
    cut = segment_one(moved.pixels, landmarks + (SHIFT, 0), size, superpixels)
    return replace(moved, superpixels=cut)


def _move(image: np.ndarray) -> np.ndarray:
    return np.concatenate([image[:, :1].repeat(SHIFT, axis=1), image[:, :-SHIFT]], axis=1)
