"""Kind ``raf_db``: Real-world Affective Faces (Li, Deng and Du, CVPR 2017), the basic expressions.

``EmoLabel/list_patition_label.txt`` (so spelt) has lines as ``train_00001.jpg 5``, and
``Image/aligned/train_00001_aligned.jpg`` or ``Image/original/train_00001.jpg`` is that image.
It names no people: each image counts as a person of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from facsimile.errors import UserError
from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.labels import in_order
from facsimile.faces.layouts import trees
from facsimile.faces.records import Excluded, Record
from facsimile.options import option

LABELS = "EmoLabel/list_patition_label.txt"
ORDER = (
    "surprise", "fear", "disgust", "happiness", "sadness", "anger", "neutral",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RafDb(Corpus):
    """The images and labels below a folder."""

    LAYOUT = f"the folder `basic` with Image/aligned/train_00001_aligned.jpg and {LABELS}"

    path: Path = option("The corpus' folder `basic`.")
    crops: Literal["aligned", "original"] = option(
        "Aligned faces of 100 x 100 pixels, or original photographs.", "aligned"
    )

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield every image below ``Image/{crops}``, and the labels that have none."""
        below = f"Image/{self.crops}"
        root = trees.open_folder(self.path, self.LAYOUT, below, LABELS)
        words = _read(root / LABELS)
        yield from trees.by_table(
            root, below, words, name=lambda stem: stem.removesuffix("_aligned")
        )


def _read(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each name with its expression."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"The label file {path} cannot be read: {error}.") from None
    for number, line in enumerate(lines, start=1):
        fields = line.split()
        if fields and len(fields) != 2:
            raise UserError(
                f"Line {number} of {path} is '{line.strip()}', of {len(fields)} columns: expected "
                "is a name and a number, as in train_00001.jpg 5."
            )
        if fields:
            name, label = fields
            yield PurePosixPath(name).stem, in_order(label, ORDER, name, first=1)
