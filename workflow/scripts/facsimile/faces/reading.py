"""From a corpus to arrays: every image is read, or excluded with its reason."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from facsimile.errors import UserError
from facsimile.faces.alignment import align
from facsimile.faces.corpora import Excluded, Record
from facsimile.faces.detection import Detection, find_face
from facsimile.faces.images import UnreadableImage

log = logging.getLogger(__name__)

OUTER_EYE_CORNERS = (36, 45)


@dataclass(frozen=True)
class ReadFace:
    """One face as it is kept: a row of ``faces.csv``, (224, 224) pixels, (68, 2) landmarks."""

    row: dict[str, object]
    pixels: np.ndarray
    landmarks: np.ndarray


@dataclass(frozen=True)
class Corpus:
    """All that was read of one corpus; read = kept + excluded.

    ``faces`` has a row for each face of ``pixels`` (n, 224, 224) uint8 and ``landmarks``
    (n, 68, 2) float32; ``excluded`` has the columns source and reason.
    """

    faces: pd.DataFrame
    pixels: np.ndarray
    landmarks: np.ndarray
    excluded: pd.DataFrame


def read_corpus(name: str, found: Iterable[Record | Excluded], processes: int = 1) -> Corpus:
    """Read, detect, place landmarks and align every image of a corpus, in the corpus' order.

    Raises
    ------
    UserError
        If no face is left.
    """
    items = list(found)
    work = Parallel(n_jobs=processes, return_as="generator")(
        delayed(read_face)(name, item) for item in items
    )
    results = list(_reported(work, len(items)))
    kept = [result for result in results if isinstance(result, ReadFace)]
    excluded = [result for result in results if isinstance(result, Excluded)]
    if len(items) != len(kept) + len(excluded):
        raise RuntimeError(f"{len(items)} read, {len(kept)} kept, {len(excluded)} excluded")
    if not kept:
        reasons = pd.Series([item.reason for item in excluded], dtype=str).value_counts()
        summary = "; ".join(f"{reason}: {number}" for reason, number in reasons.items())
        raise UserError(f"Corpus '{name}' has no usable face ({summary or 'it is empty'}).")
    return Corpus(
        pd.DataFrame([face.row for face in kept]),
        np.stack([face.pixels for face in kept]),
        np.stack([face.landmarks for face in kept]).astype(np.float32),
        pd.DataFrame([vars(item) for item in excluded], columns=["source", "reason"]),
    )


def read_face(corpus: str, item: Record | Excluded) -> ReadFace | Excluded:
    """Read one image of a corpus, or say why not."""
    if isinstance(item, Excluded):
        return item
    try:
        picture = item.load()
    except UnreadableImage as reason:
        return Excluded(item.source, str(reason))
    detection = find_face(picture.pixels)
    if detection is None:
        return Excluded(item.source, "no face found")
    aligned = align(picture.pixels, detection.landmarks)
    if aligned is None:
        return Excluded(item.source, "landmarks span no upright face")
    row = {
        "id": f"{corpus}/{item.source}",
        "corpus": corpus,
        "subject": item.subject,
        "expression": item.expression,
        "source": item.source,
        "sha256": hashlib.sha256(picture.pixels.tobytes()).hexdigest(),
        "faces_found": detection.faces_found,
        **dict(zip(("left", "top", "right", "bottom"), detection.box, strict=True)),
        "roll": aligned.roll,
        "landmark_error": landmark_error(detection, picture.landmarks),
    }
    # A corpus' own column must not pass for one of ours.
    row |= {f"{key}_given" if key in row else key: value for key, value in picture.extra.items()}
    return ReadFace(row, aligned.pixels, aligned.landmarks)


def landmark_error(detection: Detection, exact: np.ndarray | None) -> float | None:
    """Return the mean distance to the exact landmarks over that between the outer eye corners."""
    if exact is None:
        return None
    left, right = exact[list(OUTER_EYE_CORNERS)]
    distances = np.linalg.norm(detection.landmarks - exact, axis=1)
    return float(distances.mean() / np.linalg.norm(right - left))


def _reported(results: Iterator, total: int) -> Iterator:
    for count, result in enumerate(results, start=1):
        if count % 100 == 0 or count == total:
            log.info("%d of %d images read", count, total)
        yield result
