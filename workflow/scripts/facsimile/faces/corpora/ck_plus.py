"""Kind ``ck_plus``: Extended Cohn-Kanade (Lucey et al., CVPRW 2010; 593 sequences, 327 labelled).

``cohn-kanade-images/S005/001/S005_001_00000011.png`` is a frame of subject S005. A sequence runs
from neutral to the apex, and the one file in ``Emotion/S005/001`` labels its apex by a number:
the last frames carry it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.labels import in_order
from facsimile.faces.layouts import trees
from facsimile.faces.layouts.sequences import read_frames, sequences
from facsimile.faces.records import Excluded, Record
from facsimile.options import option

IMAGES, LABELS = "cohn-kanade-images", "Emotion"
EXAMPLE = f"{IMAGES}/S005/001/S005_001_00000011.png"
NAME = re.compile(
    rf"{IMAGES}/(?P<subject>S\d+)/(?P<sequence>\d+)/(?P=subject)_(?P=sequence)_(?P<frame>\d+)\.\w+",
    re.IGNORECASE,
)
ORDER = (
    "neutral", "anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CkPlus(Corpus):
    """The images and emotion labels below a folder."""

    LAYOUT = f"a folder with {EXAMPLE} and {LABELS}/S005/001/S005_001_00000011_emotion.txt"

    path: Path = option("The corpus' folder.")
    frames: int = option("Frames read of each labelled sequence: its last ones.", 3, ge=1)

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield every frame; read are the last ``frames`` of each labelled sequence."""
        root = trees.open_folder(self.path, self.LAYOUT, IMAGES, LABELS)
        others, found = sequences(root, IMAGES, NAME, EXAMPLE)
        yield from others
        labels = _label_files(root / LABELS)
        for (subject, sequence), sources in found.items():
            number, objection = _label(labels.pop((subject, sequence), []), sources)
            if objection:
                yield from (Excluded(source, objection, subject) for source in sources)
            else:
                word = in_order(number, ORDER, sources[-1])
                yield from read_frames(root, sources, slice(-self.frames, None), subject, word)
        for (subject, _), files in labels.items():
            for path in files:
                yield Excluded(path.relative_to(root).as_posix(), "frames not found", subject)


def _label_files(folder: Path) -> dict[tuple[str, str], list[Path]]:
    """Return the label files of each sequence, however their names are written."""
    found: dict[tuple[str, str], list[Path]] = {}
    for path in sorted(folder.glob("*/*/*")):
        if path.name.lower().endswith("_emotion.txt") and not path.name.startswith("."):
            sequence = path.parent
            found.setdefault((sequence.parent.name.upper(), sequence.name), []).append(path)
    return found


def _label(files: list[Path], frames: list[str]) -> tuple[str, str]:
    """Return the number that labels a sequence, by its last frame, and the reason if none does."""
    if len(files) != 1:
        return "", "several label files" if files else "sequence without a label"
    if files[0].stem.lower() != f"{PurePosixPath(frames[-1]).stem}_emotion".lower():
        return "", "label file is not of the last frame"
    try:
        return files[0].read_text().strip(), ""
    except (OSError, UnicodeDecodeError):
        return "", "label file cannot be read"
