"""How well faces and landmarks are found in a corpus: shares, reasons, and a sheet to look at.

    python benchmarks/landmarks.py ../shared/faces/legend.csv --sheet sheet.png

Reads a table (path, subject, expression), prints how each box was found and why images were left
out, and draws faces, chosen by the seed, with their landmarks. ``--box-from padded`` shows only
those found so. Whether landmarks are right, a person must say.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "workflow" / "scripts"))

from facsimile.faces import dataset  # noqa: E402
from facsimile.faces.corpora import corpus_of  # noqa: E402
from facsimile.faces.reading import CorpusFiles, read_corpus  # noqa: E402
from facsimile.seeds import generator  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--faces", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--box-from")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    row = {"kind": "csv", "path": given.table}
    with tempfile.TemporaryDirectory() as folder:
        names = ("faces.csv", "faces.npy", "landmarks.npy", "excluded.csv")
        files = CorpusFiles(*(Path(folder) / name for name in names))
        read_corpus("corpus", corpus_of(row).records(), files, given.processes)
        faces, excluded = dataset.read(files.table), dataset.read(files.excluded)
        pixels, landmarks = np.load(files.pixels), np.load(files.landmarks)
    read = len(faces) + len(excluded)
    print(f"{read} images, {len(faces)} faces ({len(faces) / read:.1%})")
    print(faces["box_from"].value_counts().to_string(header=False))
    print("left out:")
    print(excluded["reason"].value_counts().to_string(header=False))
    if given.sheet:
        wanted = np.flatnonzero(faces["box_from"].eq(given.box_from or faces["box_from"]))
        order = generator(given.seed, "sheet").permutation(wanted)
        chosen = np.sort(order[: given.faces])
        draw(pixels[chosen], landmarks[chosen], chosen).savefig(given.sheet, dpi=100)


def draw(pixels: np.ndarray, landmarks: np.ndarray, numbers: np.ndarray) -> Figure:
    """Draw aligned faces with landmarks, ten a row, each with its row in the corpus."""
    rows = -(-len(pixels) // 10)
    figure = Figure((20, 2.15 * rows), layout="constrained")
    for axes in (panels := figure.subplots(rows, 10, squeeze=False).ravel()):
        axes.axis("off")
    for axes, face, points, number in zip(panels, pixels, landmarks, numbers, strict=False):
        axes.imshow(face, cmap="gray", vmin=0, vmax=255)
        axes.scatter(*points.T, s=5, color="#00e5ff", linewidths=0)
        axes.set_title(str(number), fontsize=8)
    return figure


if __name__ == "__main__":
    main()
