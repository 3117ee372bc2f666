"""Where on a drawn face the expression is: the pixels that its action units change.

The face is drawn with a unit and without it, all else being equal: the same person, the other
units, light, camera, and noise. The map is the absolute difference in grey levels.
"""

from collections.abc import Collection, Iterable

import numpy as np
from joblib import Parallel, delayed
from PIL import Image

from facsimile.errors import UserError
from facsimile.faces.alignment import Framing, frame
from facsimile.faces.detection import find_face
from facsimile.faces.embedded.drawing import DrawnFace, Sitting

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Grey of red, green and blue (ITU-R BT.601), as in the faces that networks see."""

ALIGNED_SIZE = 112
"""Width and height of aligned maps, in pixels: finer than any superpixel, a quarter to store."""


def change(sitting: Sitting, units: Collection[str]) -> np.ndarray:
    """Return what some action units, taken together, change in the picture.

    Returns
    -------
    (size, size) float32, grey levels from 0 to 255; 0 where a pixel is the same without them.
    """
    return _difference(sitting.picture(), sitting.picture(without=units))


def evidence(sitting: Sitting) -> dict[str, np.ndarray]:
    """Return what each action unit shown changes by itself: unit -> map, see `change`.

    Where two units cut the same furrow, either alone accounts for it, and neither map shows it:
    what several do together is `change` of all of them.
    """
    return {unit: change(sitting, [unit]) for unit in sitting.units}


def aligned_evidence(sitting: Sitting) -> np.ndarray:
    """Return what the units that tell the expression change, on the face as networks see it.

    The map is turned and cut out as `alignment.align` does with the face: with its landmarks in
    ``landmarks.npy``, `Atlas.carry` takes it to the canonical face, at whatever resolution.

    Returns
    -------
    (112, 112) float32 grey levels.

    Raises
    ------
    UserError
        If dlib finds no face, so that the corpus has none either.
    """
    face = sitting.picture()
    framing = _framing(face)
    changed = _difference(face, sitting.picture(without=sitting.carrying))
    cut = Image.fromarray(framing.cut(changed))
    small = cut.resize((ALIGNED_SIZE, ALIGNED_SIZE), Image.Resampling.BOX)
    return np.asarray(small).clip(0)  # turning rings around edges; no change is below none


def aligned_without(sitting: Sitting) -> np.ndarray:
    """Return the face without the units that tell its expression, all else being equal.

    Returns
    -------
    (224, 224) uint8 grey, turned and cut out as the face with its units is.

    Raises
    ------
    UserError
        As `aligned_evidence`.
    """
    framing = _framing(sitting.picture())
    resting = sitting.picture(without=sitting.carrying).image
    return framing.cut(np.asarray(Image.fromarray(resting).convert("L")))


def aligned_evidence_of(sittings: Iterable[Sitting], processes: int = 1) -> np.ndarray:
    """Return `aligned_evidence` of many, (n, 112, 112) float16, in their order."""
    maps = Parallel(n_jobs=processes)(delayed(aligned_evidence)(sitting) for sitting in sittings)
    return np.stack(maps).astype(np.float16)


def _framing(face: DrawnFace) -> Framing:
    """Return how a drawn face is cut out when a corpus is read."""
    detection = find_face(face.image)
    framing = None if detection is None else frame(detection.landmarks)
    if framing is None:
        raise UserError("No face is found in this drawing: ask for the evidence of faces kept.")
    return framing


def _difference(face: DrawnFace, other: DrawnFace) -> np.ndarray:
    return np.abs((face.image.astype(np.float32) - other.image) @ LUMA)
