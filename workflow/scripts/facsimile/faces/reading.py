"""From a corpus to arrays on disk: every image is read, or excluded with its reason.

Faces pass through one by one, so memory does not grow with the corpus.
"""

import csv
import hashlib
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from joblib import Parallel, delayed

from facsimile import FACE_SIZE
from facsimile.arrays import GrowingArray
from facsimile.errors import UserError
from facsimile.faces.alignment import OUTER_CORNERS, OWN, Alignment, align
from facsimile.faces.detection import Box, Detection, find_face
from facsimile.faces.records import Excluded, Picture, Record, UnreadableImage
from facsimile.faces.subjects import Subjects
from facsimile.faces.views import View
from facsimile.files import atomic

log = logging.getLogger(__name__)

FEATURES = slice(17, 68)

MOST_OUTSIDE = 5
"""So many of the 51 landmarks of brows, eyes, nose and mouth may lie outside the image; where more
do, it shows a profile, or half a face."""

LEAST_CONTRAST = 5
"""A face whose pixels have a smaller standard deviation, of 255, was read from another range than
the one that it was written in, or shows nothing."""

SMALLEST_BOX = 8
"""Side in pixels of the smallest box that can be one: others are shares of the image, perhaps."""

CONTRADICTED = "same pixels as an image with another expression"

EXCLUDED = ("source", "reason", "subject", "expression")
"""The columns of ``excluded.csv``."""

AT_ONCE = 128
"""Images that each process is handed at a time."""


Item = TypeVar("Item", bound=Record | Excluded)


@dataclass(frozen=True)
class ReadFace:
    """One face as it is kept: a row of ``faces.csv``, (224, 224) pixels, (68, 2) landmarks.

    In colour pixels are (224, 224, 3).
    """

    row: dict[str, object]
    pixels: np.ndarray
    landmarks: np.ndarray

    @property
    def source(self) -> object:
        """Return the name of the image in its corpus."""
        return self.row["source"]


@dataclass(frozen=True)
class CorpusFiles:
    """Where the faces of a corpus are kept.

    ``table`` (CSV) has a row for each face of ``pixels`` (n, 224, 224) uint8, in colour
    (n, 224, 224, 3), and ``landmarks`` (n, 68, 2) float32, both ``.npy``; ``excluded`` (CSV) has
    the columns source, reason, subject and expression.
    """

    table: str | Path
    pixels: str | Path
    landmarks: str | Path
    excluded: str | Path


def read_corpus(
    name: str,
    found: Iterable[Record | Excluded],
    into: CorpusFiles,
    alignment: Alignment = "rigid",
    processes: int = 1,
    people: str | None = None,
    view: View = OWN,
) -> None:
    """Read, detect, place landmarks and align every image of a corpus, in the corpus' order.

    The files appear once all is read: read = kept + excluded. All views have the same faces. Where
    its people are those of other corpora, too, ``people`` is their common name, and a column of the
    table.

    Raises
    ------
    UserError
        If no face is left, or the corpus' reader finds a fault.
    """
    with (
        atomic(into.pixels) as pixels,
        atomic(into.landmarks) as landmarks,
        atomic(into.excluded) as excluded,
        atomic(into.table) as table,
    ):
        drafts = CorpusFiles(table, pixels, landmarks, excluded)
        subjects, shape = (
            Subjects(name),
            (FACE_SIZE, FACE_SIZE, 3)[: 3 if view.colour == "rgb" else 2],
        )
        named = (with_one_name(item, subjects) for item in found)
        results = _results(name, named, alignment, processes, view)
        _write(name, results, drafts, shape, subjects, people)
    subjects.warn()


def with_one_name(item: Item, subjects: Subjects) -> Item:
    """Return an item whose subject has one name; where each face is a subject, as it is."""
    if item.subject in ("", item.source):
        return item
    return replace(item, subject=subjects.name(item.subject))


def _results(
    name: str,
    found: Iterable[Record | Excluded],
    alignment: Alignment,
    processes: int,
    view: View,
) -> Iterator[ReadFace | Excluded]:
    """Yield what became of each image, in order, with a limited number under way."""
    items, read = iter(found), 0
    with Parallel(n_jobs=processes, return_as="generator", batch_size=8) as parallel:
        while batch := list(islice(items, AT_ONCE * processes)):
            results = parallel(delayed(read_face)(name, item, alignment, view) for item in batch)
            for item, result in zip(batch, results, strict=True):
                if result.source != item.source:
                    raise RuntimeError(f"'{item.source}' was read, '{result.source}' came back")
                yield result
            read += len(batch)
            log.info("%d images read", read)


def _write(
    name: str,
    results: Iterable[ReadFace | Excluded],
    into: CorpusFiles,
    shape: tuple[int, ...],
    subjects: Subjects,
    people: str | None,
) -> None:
    """Write each result where it belongs as it comes, and take out what contradicts itself."""
    reasons: Counter[str] = Counter()
    labels: dict[object, object] = {}
    contradicted: set[object] = set()
    with (
        GrowingArray(into.pixels, shape, np.uint8) as pixels,
        GrowingArray(into.landmarks, (68, 2), np.float32) as landmarks,
        Path(into.table).open("w", encoding="utf-8", newline="") as table,
        Path(into.excluded).open("w", encoding="utf-8", newline="") as excluded,
    ):
        left_out = csv.DictWriter(excluded, EXCLUDED, lineterminator="\n")
        left_out.writeheader()
        kept = None
        for result in results:
            if isinstance(result, Excluded):
                left_out.writerow({name: getattr(result, name) for name in EXCLUDED})
                reasons[result.reason] += 1
                continue
            row = result.row | ({"people": people} if people else {})
            if kept is None:
                kept = csv.DictWriter(table, list(row), lineterminator="\n")
                kept.writeheader()
            kept.writerow(row)
            if row["subject"] != row["source"]:
                subjects.show(str(row["subject"]), str(row["expression"]))
            if labels.setdefault(row["sha256"], row["expression"]) != row["expression"]:
                contradicted.add(row["sha256"])
            pixels.append(result.pixels)
            landmarks.append(result.landmarks)
    if contradicted:
        number = _leave_out(contradicted, into)
        reasons[CONTRADICTED] += number
        log.warning("Corpus '%s': %d images are left out: %s", name, number, CONTRADICTED)
        kept = kept if len(np.load(into.pixels, mmap_mode="r")) else None
    if kept is None:
        summary = "; ".join(f"{reason}: {number}" for reason, number in reasons.most_common())
        raise UserError(f"Corpus '{name}' has no usable face ({summary or 'it is empty'}).")


def _leave_out(images: Collection[object], into: CorpusFiles) -> int:
    """Move faces of some images from those kept to those left out; return how many these are."""
    with (
        Path(into.table).open(encoding="utf-8", newline="") as faces,
        atomic(into.table) as draft,
        draft.open("w", encoding="utf-8", newline="") as table,
        Path(into.excluded).open("a", encoding="utf-8", newline="") as excluded,
    ):
        rows = csv.DictReader(faces)
        kept = csv.DictWriter(table, rows.fieldnames or [], lineterminator="\n")
        kept.writeheader()
        left_out = csv.DictWriter(excluded, EXCLUDED, "", "ignore", lineterminator="\n")
        stays = []
        for row in rows:
            stays.append(row["sha256"] not in images)
            if stays[-1]:
                kept.writerow(row)
            else:
                left_out.writerow(row | {"reason": CONTRADICTED})
    for path in (into.pixels, into.landmarks):
        array = np.load(path, mmap_mode="r")
        with atomic(path) as draft, GrowingArray(draft, array.shape[1:], array.dtype) as rest:
            for place in np.flatnonzero(stays):
                rest.append(array[place])
    return stays.count(False)


def read_face(
    corpus: str, item: Record | Excluded, alignment: Alignment = "rigid", view: View = OWN
) -> ReadFace | Excluded:
    """Read one image of a corpus, or say why not."""
    if isinstance(item, Excluded):
        return item
    try:
        return _read_face(corpus, item, alignment, view)
    except UnreadableImage as reason:
        return Excluded(item.source, str(reason), item.subject, item.expression)


def _read_face(corpus: str, item: Record, alignment: Alignment, view: View) -> ReadFace:
    picture = item.load()
    detection = _face_of(picture)
    if outside(detection.landmarks, picture.pixels.shape) > MOST_OUTSIDE:
        raise UnreadableImage("landmarks outside the image")
    aligned = align(picture.pixels, detection.landmarks, alignment, item.source)
    if aligned is None:
        raise UnreadableImage("landmarks span no upright face")
    # In the study's own view, so that all views have the same faces.
    if aligned.pixels.std() < LEAST_CONTRAST:
        raise UnreadableImage("hardly any contrast")
    if view != OWN:
        how = alignment, item.source, view, detection.box
        aligned = align(picture.pixels, detection.landmarks, *how)
        assert aligned is not None  # for it was not, in the study's own
    row: dict[str, object] = {
        "id": f"{corpus}/{item.source}",
        "corpus": corpus,
        "subject": item.subject,
        "expression": item.expression,
        "source": item.source,
        "sha256": hashlib.sha256(picture.pixels.tobytes()).hexdigest(),
        "faces_found": detection.faces_found,
        "box_from": detection.box_from,
        **dict(zip(("left", "top", "right", "bottom"), detection.box, strict=True)),
        "roll": aligned.roll,
        "landmark_error": landmark_error(detection, picture.landmarks),
    }
    # A corpus' own column must not pass for one of ours.
    ours = {*row, "people"}
    row |= {f"{key}_given" if key in ours else key: value for key, value in picture.extra.items()}
    return ReadFace(row, aligned.pixels, aligned.landmarks)


def _face_of(picture: Picture) -> Detection:
    """Return the face that is labelled: where the corpus says, or the largest.

    People crop images and keep the table. A box that is not of this image is passed over where only
    one face is found.
    """
    box = picture.box
    if box and not _is_inside(box, picture.pixels.shape):
        box = None
    detection = find_face(picture.pixels, box)
    if detection is None:
        raise UnreadableImage("no face found in its box" if box else "no face found")
    if picture.box and not box and detection.faces_found > 1:
        raise UnreadableImage("several faces found, and its box is not of this image")
    return detection


def _is_inside(box: Box, shape: tuple[int, ...]) -> bool:
    """Return whether a box is one of an image of (height, width, ...), in its pixels."""
    corners = np.array(box).reshape(2, 2)
    sides = np.ptp(corners, axis=0)
    inside = np.ptp(corners.clip(0, shape[1::-1]), axis=0)
    return bool(sides.min() >= SMALLEST_BOX and inside.prod() >= sides.prod() / 2)


def outside(landmarks: np.ndarray, shape: tuple[int, ...]) -> int:
    """Return how many landmarks of features lie outside an image of (height, width, ...)."""
    points = landmarks[FEATURES]
    return int(((points < -0.5) | (points > np.array(shape[1::-1]) - 0.5)).any(axis=1).sum())


def landmark_error(detection: Detection, exact: np.ndarray | None) -> float | None:
    """Return the mean distance to the exact landmarks over that between the outer eye corners."""
    if exact is None:
        return None
    left, right = exact[list(OUTER_CORNERS)]
    distances = np.linalg.norm(detection.landmarks - exact, axis=1)
    return float(distances.mean() / np.linalg.norm(right - left))


def read_views(
    found: Iterable[Record | Excluded],
    sources: Sequence[str],
    views: Sequence[View],
    alignment: Alignment = "rigid",
    processes: int = 1,
) -> list[np.ndarray]:
    """Return some faces of a corpus in several views: of each view (n, 224, 224) or in colour.

    Parameters
    ----------
    found : of the corpus, in its order.
    sources : names of images that are known to show a face; the order of what is returned.
    """
    records = (one for one in found if isinstance(one, Record))
    wanted = {one.source: one for one in records if one.source in set(sources)}
    cut = Parallel(n_jobs=processes)(
        delayed(_in_views)(wanted[source], alignment, views) for source in sources
    )
    return [np.stack(faces) for faces in zip(*cut, strict=True)]


def _in_views(item: Record, alignment: Alignment, views: Sequence[View]) -> list[np.ndarray]:
    picture = item.load()
    detection = _face_of(picture)
    shown = (
        align(picture.pixels, detection.landmarks, alignment, item.source, view, detection.box)
        for view in views
    )
    return [face.pixels for face in shown if face is not None]
