"""Where on a drawn face the expression is: the pixels that its action units change.

The face is drawn with a unit and without it, all else being equal: the same person, the other
units, light, camera, and noise. The map is the absolute difference in grey levels.
"""

from collections.abc import Collection, Iterable

import numpy as np
from joblib import Parallel, delayed
from PIL import Image

from facsimile.errors import UserError
from facsimile.faces.alignment import Alignment, Framing, frame
from facsimile.faces.detection import find_face
from facsimile.faces.synthetic.drawing import DrawnFace, Sitting

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


def aligned_evidence(
    sitting: Sitting, alignment: Alignment = "rigid", source: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the units that tell the expression change, and the face without them.

    Both are as networks see the face: turned and cut out as `alignment.align` does with it, given
    the same ``alignment`` and ``source``. With its landmarks in ``landmarks.npy``, `Atlas.carry`
    takes the map to the canonical face, at whatever resolution.

    Returns
    -------
    (112, 112) float32 grey levels of change; and (224, 224) uint8, the face with nothing else
    changed than that these units are not shown.

    Raises
    ------
    UserError
        If dlib finds no face, so that the corpus has none either.
    """
    face, resting = sitting.picture(), sitting.picture(without=sitting.carrying)
    return _aligned(face, resting, _framing(face, alignment, source))


def undone(
    sitting: Sitting, alignment: Alignment = "rigid", source: str = ""
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return for each unit that a face shows what it changes, and the face without it alone.

    Both as `aligned_evidence` returns them for all units that tell the expression.
    """
    face = sitting.picture()
    framing = _framing(face, alignment, source)
    return {
        unit: _aligned(face, sitting.picture(without=[unit]), framing) for unit in sitting.units
    }


def _aligned(face: DrawnFace, other: DrawnFace, framing: Framing) -> tuple[np.ndarray, np.ndarray]:
    """Return where another picture of a face differs from it, and that picture, both cut out."""
    changed = Image.fromarray(framing.cut(_difference(face, other)))
    small = changed.resize((ALIGNED_SIZE, ALIGNED_SIZE), Image.Resampling.BOX)
    cut = framing.cut(np.asarray(Image.fromarray(other.image).convert("L")))
    # Turning rings around edges; no change is below none.
    return np.asarray(small).clip(0), cut


def aligned_evidence_of(
    sittings: Iterable[tuple[str, Sitting]], alignment: Alignment = "rigid", processes: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Return `aligned_evidence` of many, each with its source, in their order.

    Returns
    -------
    (n, 112, 112) float16 grey levels of change, and (n, 224, 224) uint8 faces without it.
    """
    pairs = Parallel(n_jobs=processes)(
        delayed(aligned_evidence)(sitting, alignment, source) for source, sitting in sittings
    )
    maps, faces = zip(*pairs, strict=True)
    return np.stack(maps).astype(np.float16), np.stack(faces)


def _framing(face: DrawnFace, alignment: Alignment, source: str) -> Framing:
    """Return how a drawn face is cut out when a corpus is read."""
    detection = find_face(face.image)
    framing = None if detection is None else frame(detection.landmarks, alignment, source)
    if framing is None:
        raise UserError("No face is found in this drawing: ask for the evidence of faces kept.")
    return framing


def _difference(face: DrawnFace, other: DrawnFace) -> np.ndarray:
    return np.abs((face.image.astype(np.float32) - other.image) @ LUMA)
