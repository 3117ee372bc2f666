"""Kind ``affectnet``: AffectNet as its owners hand it out since 2021 (Mollahosseini et al. 2017).

``train_set/images/12.jpg`` is labelled by ``train_set/annotations/12_exp.npy``, a number;
``_val``, ``_aro`` and ``_lnd`` are not read. It names no people: each image counts as a person of
its own. The older lists in one table are of kind ``csv``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.labels import in_order
from facsimile.faces.layouts import trees
from facsimile.faces.records import Excluded, Record
from facsimile.options import option

IMAGES, LABELS = "images", "annotations"
ENDING = "_exp.npy"
ORDER = (
    "neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger", "contempt", "none",
    "uncertain", "no-face",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AffectNet(Corpus):
    """The images and annotations below a folder."""

    LAYOUT = f"a folder such as train_set with {IMAGES}/12.jpg and {LABELS}/12_exp.npy"

    path: Path = option("The folder of a part: train_set or val_set.")

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield every image below ``images``, and the annotations that have none."""
        root = trees.open_folder(self.path, self.LAYOUT, IMAGES, LABELS)
        words = _read(root / LABELS)
        yield from trees.by_table(root, IMAGES, words)


def _read(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each name with its expression; none where the file holds no number."""
    from facsimile.arrays import load_array  # so that planning a study reads no array library

    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not path.name.lower().endswith(ENDING):
            continue
        try:
            (label,) = load_array(path).ravel().tolist()
        except ValueError:
            label = ""
        text = label.decode("ascii", "replace") if isinstance(label, bytes) else str(label)
        yield path.name[: -len(ENDING)], in_order(text.strip(), ORDER, path.name)
