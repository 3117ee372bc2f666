"""How fast corpora are read, and in how much memory: does either change with their size?

    python benchmarks/faces.py --counts 1000 10000 100000 --size 64 --folder /tmp/faces

Draws a few faces, repeats them until a corpus is large enough, and reads it as the workflow does,
each corpus in a process of its own. Prints faces a second and core, by the time that processors
worked on it, so that other work on the machine does not count; the peak of memory (of the reading
process, and of its largest worker where there are several), and disk; then what the tables take
that look at all faces at once: accounting, duplicates and folds with a person an image.
"""

import argparse
import multiprocessing
import resource
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from joblib.externals.loky import get_reusable_executor
from PIL import Image

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "workflow" / "scripts"))

from facsimile import EXPRESSIONS  # noqa: E402
from facsimile.faces import dataset  # noqa: E402
from facsimile.faces.accounting import account  # noqa: E402
from facsimile.faces.duplicates import find_duplicates  # noqa: E402
from facsimile.faces.folds import assign_folds  # noqa: E402
from facsimile.faces.layouts import trees  # noqa: E402
from facsimile.faces.reading import CorpusFiles, read_corpus  # noqa: E402
from facsimile.faces.records import Record  # noqa: E402
from facsimile.faces.synthetic import draw  # noqa: E402

DISTINCT = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--size", type=int, default=64, help="width of the images in pixels")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--folder", type=Path, required=True, help="50 kB a face for a while")
    given = parser.parse_args()
    images = given.folder / f"images{given.size}"
    draw_images(images, given.size)
    print(f"images of {given.size} x {given.size} pixels, {given.processes} processes", flush=True)
    print("| faces | a second and core | memory (MB) | largest worker (MB) | disk (MB) |"
          " tables: seconds | tables: MB |\n|---|---|---|---|---|---|---|", flush=True)  # fmt: skip
    spawn = multiprocessing.get_context("spawn")
    for count in given.counts:
        files = files_in(given.folder / f"{count}")
        cells = [f"{count:,}"]
        for job in (partial(measure_reading, images, count, given.processes), measure_tables):
            with ProcessPoolExecutor(1, spawn) as fresh:
                cells += fresh.submit(job, files).result()
        print("| " + " | ".join(cells) + " |", flush=True)
        shutil.rmtree(given.folder / f"{count}")


def draw_images(folder: Path, size: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    units = pd.read_csv(PROJECT / "resources" / "action_units.csv")
    for number in range(DISTINCT):
        face = draw(number, EXPRESSIONS[number % 6], 0, 1, units).image
        Image.fromarray(face).resize((size, size)).save(folder / f"{number}.png")


def files_in(folder: Path) -> CorpusFiles:
    names = ("faces.csv", "faces.npy", "landmarks.npy", "excluded.csv")
    return CorpusFiles(*(folder / name for name in names))


def records(folder: Path, count: int) -> Iterator[Record]:
    for number in range(count):
        name = str(number)
        load = partial(trees.load, folder, f"{number % DISTINCT}.png")
        yield Record(name, name, EXPRESSIONS[number % 6], load)


def measure_reading(images: Path, count: int, processes: int, files: CorpusFiles) -> list[str]:
    before = worked()
    read_corpus("repeated", records(images, count), files, processes)
    if processes > 1:
        get_reusable_executor().shutdown(wait=True)  # only then do the workers' times count
    seconds = worked() - before
    disk = sum(path.stat().st_size for path in Path(files.table).parent.iterdir()) / 1e6
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    rate = f"{count / seconds:.1f}"
    return [rate, f"{peak():.0f}", f"{workers:.0f}" if processes > 1 else "", f"{disk:,.0f}"]


def measure_tables(files: CorpusFiles) -> list[str]:
    before = worked()
    columns = ["id", "corpus", "subject", "expression", "sha256"]
    faces = dataset.read(files.table, columns)
    account(faces, dataset.read(files.excluded).assign(corpus="repeated"))
    find_duplicates(faces)
    # The drawn faces are repeated: as duplicates they would all be one person's.
    faces = dataset.pool([faces.assign(sha256=faces["id"])])
    assign_folds(faces, 5, seed=1)
    # A batch of training, from the mapped array.
    rows = dataset.Rows(faces, {"repeated": files.pixels})
    rows[np.arange(0, len(faces), max(1, len(faces) // 128))]
    return [f"{worked() - before:.1f}", f"{peak():.0f}"]


def worked() -> float:
    """Return the seconds that processors worked for this process and those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak() -> float:
    """Return the most memory that this process held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
