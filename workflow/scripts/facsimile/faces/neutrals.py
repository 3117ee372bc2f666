"""Neutral pictures of the people of a corpus, each brought onto the faces of that person."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from facsimile.errors import UserError
from facsimile.faces.alignment import OWN, Alignment
from facsimile.faces.reading import ReadFace, read_face, with_one_name
from facsimile.faces.records import Excluded, Record
from facsimile.faces.registration import fit
from facsimile.faces.subjects import Subjects
from facsimile.faces.views import View

log = logging.getLogger(__name__)


def read_neutrals(
    corpus: str,
    found: Iterable[Record],
    subjects: Iterable[str],
    alignment: Alignment = "rigid",
    processes: int = 1,
    view: View = OWN,
) -> dict[str, list[ReadFace]]:
    """Return the neutral pictures of each subject, read as faces are.

    Parameters
    ----------
    corpus : its name.
    found : the neutral pictures of its people, in its order.
    subjects : of its faces; pictures of others are not read.

    Raises
    ------
    UserError
        If there is none of these subjects that can be used.
    """
    known = Subjects(corpus)
    names = {known.name(subject) for subject in subjects}
    records = [with_one_name(one, known) for one in found]
    wanted = [one for one in records if one.subject in names]
    read = Parallel(n_jobs=processes)(
        delayed(read_face)(corpus, one, alignment, view) for one in wanted
    )
    of_subject: dict[str, list[ReadFace]] = {}
    for record, one in zip(wanted, read, strict=True):
        if isinstance(one, Excluded):
            log.warning("%s is no neutral picture to use: %s", one.source, one.reason)
        else:
            of_subject.setdefault(record.subject, []).append(one)
    if not of_subject:
        raise UserError(
            f"Corpus '{corpus}' has no neutral picture of anybody in it ({len(records)} of other "
            "people): the baseline `neutral` is for corpora that have; `average` and `blur` need "
            "none."
        )
    return of_subject


def neutrals_of(
    faces: pd.DataFrame,
    pixels: Sequence[np.ndarray],
    landmarks: Sequence[np.ndarray],
    neutrals: Mapping[str, Sequence[ReadFace]],
    processes: int = 1,
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield for each face the source of its neutral picture, and that picture brought onto it.

    Where there is none, the source is empty and the picture black.

    Parameters
    ----------
    faces : rows of ``faces.csv``, in the order of pixels and landmarks.
    neutrals : by subject, see `read_neutrals`.
    """
    rows = zip(faces["subject"], pixels, landmarks, strict=True)
    yield from Parallel(n_jobs=processes, return_as="generator", batch_size=16)(
        delayed(_nearest)(face, points, neutrals.get(subject, ())) for subject, face, points in rows
    )


def _nearest(
    face: np.ndarray, points: np.ndarray, neutrals: Sequence[ReadFace]
) -> tuple[str, np.ndarray]:
    """Return the neutral picture that is nearest once it lies on a face: mean difference."""
    nearest, least = ("", np.zeros_like(face)), np.inf
    for one in neutrals:
        brought = fit(one.pixels, one.landmarks, face, points)
        apart = np.abs(brought.astype(np.float32) - face).mean()
        if apart < least:
            nearest, least = (str(one.source), brought), apart
    return nearest
