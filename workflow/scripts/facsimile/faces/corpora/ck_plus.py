"""Kind ``ck_plus``: Extended Cohn-Kanade (Lucey et al., CVPRW 2010; 593 sequences, 327 labelled).

``cohn-kanade-images/S005/001/S005_001_00000011.png`` is a frame of subject S005. A sequence runs
from neutral to the apex, and the one file in ``Emotion/S005/001`` labels its apex by a number:
the last frames carry it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from facsimile.faces.corpora import trees
from facsimile.faces.corpora.labels import in_order
from facsimile.faces.corpora.records import Excluded, Record
from facsimile.faces.corpora.sequences import read_frames, sequences

IMAGES, LABELS = "cohn-kanade-images", "Emotion"
EXAMPLE = f"{IMAGES}/S005/001/S005_001_00000011.png"
LAYOUT = f"a folder with {EXAMPLE} and {LABELS}/S005/001/S005_001_00000011_emotion.txt"
NAME = re.compile(
    rf"{IMAGES}/(?P<subject>S\d+)/(?P<sequence>\d+)/S\d+_\d+_(?P<frame>\d+)\.\w+", re.IGNORECASE
)
ORDER = (
    "neutral", "anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise",
)  # fmt: skip


def records(path: str | Path, frames: int = 3) -> Iterator[Record | Excluded]:
    """Yield every frame; read are the last ``frames`` of each labelled sequence."""
    root = trees.open_folder(path, LAYOUT, IMAGES, LABELS)
    others, found = sequences(root, IMAGES, NAME, EXAMPLE)
    yield from others
    for (subject, sequence), sources in found.items():
        number, objection = _label(root / LABELS / subject / sequence)
        if objection:
            yield from (Excluded(source, objection, subject) for source in sources)
        else:
            word = in_order(number, ORDER)
            yield from read_frames(root, sources, slice(-frames, None), subject, word)


def _label(folder: Path) -> tuple[str, str]:
    """Return the number that labels a sequence, and the reason where there is none."""
    files = sorted(folder.glob("*_emotion.txt"))
    if len(files) != 1:
        return "", "several label files" if files else "sequence without a label"
    try:
        return files[0].read_text().strip(), ""
    except (OSError, UnicodeDecodeError):
        return "", "label file cannot be read"
