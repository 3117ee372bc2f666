"""How long do 1,000 bootstrap samples of a study take, and what of it?

    python benchmarks/bootstrap.py [--faces 500] [--subjects 180] [--samples 1000]

Measures one network as a study does: six heatmaps of so many faces, against three references of
regions and one of densities, of one training. A study of twelve networks with three trainings each
takes 36 times as long, shared among the cores. Held against it: the same draws one by one, from the
faces' maps.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter

ROOT = Path(__file__).parents[1]
LANDMARKS = ROOT / "resources" / "canonical_landmarks.csv"
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))

from facsimile import EXPRESSIONS  # noqa: E402
from facsimile.atlas.canonical import HEIGHT, WIDTH, read_landmarks  # noqa: E402
from facsimile.atlas.heatmaps import COARSE, CarriedFaces, coarsen  # noqa: E402
from facsimile.atlas.references import reference_of  # noqa: E402
from facsimile.atlas.rivals import rivals  # noqa: E402
from facsimile.measure.agreement import Yardstick, measure  # noqa: E402
from facsimile.measure.chance import placements  # noqa: E402
from facsimile.measure.intervals import draw_people, drawn_maps  # noqa: E402


def references() -> dict:
    """Return regions three times under different names, and one density."""
    row = {"kind": "regions", "path": str(ROOT / "resources" / "references" / "ekman.yaml")}
    masks = reference_of(row).draw({"canonical_landmarks": LANDMARKS})
    maps = {
        (f"regions {number}", name): mask for number in range(3) for name, mask in masks.items()
    }
    return maps | {
        ("density", name): gaussian_filter(mask.astype(float), 15) for name, mask in masks.items()
    }


def main() -> None:
    """Time one network."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--faces", type=int, default=500, help="of each expression")
    options.add_argument("--subjects", type=int, default=180)
    options.add_argument("--samples", type=int, default=1000)
    given = options.parse_args()
    rng = np.random.default_rng(0)
    subject = rng.integers(0, given.subjects, given.faces)
    table = pd.DataFrame({"id": np.arange(given.faces), "corpus": "c", "subject": subject})
    table = table.assign(repeat=0, fold=subject % 5)
    carried = {
        name: CarriedFaces.of(table, rng.random((given.faces, *COARSE), np.float32))
        for name in EXPRESSIONS
    }
    heatmaps = {name: rng.random((HEIGHT, WIDTH)) for name in EXPRESSIONS}

    face = rivals()["face"].draw(read_landmarks(LANDMARKS))
    started = time.perf_counter()
    yardstick = Yardstick(references(), placements(coarsen(face) >= 0.5))
    weights = draw_people(table, given.samples, 1)
    print(f"references, placements, draws of people: {time.perf_counter() - started:.1f} s")

    started = time.perf_counter()
    maps = drawn_maps(carried["fear"], weights)
    product = time.perf_counter() - started
    started = time.perf_counter()
    for draw in range(20):
        one = np.average(
            carried["fear"].maps, axis=0, weights=weights[draw][carried["fear"].person]
        )
    single = (time.perf_counter() - started) / 20 * given.samples
    assert np.allclose(one.ravel(), maps[19], atol=1e-5)
    print(
        f"{given.samples} mean maps as a matrix product: {product:.2f} s; "
        f"one by one: {single:.1f} s"
    )

    started = time.perf_counter()
    measure(heatmaps, {}, {}, carried, weights, yardstick, seed=1)
    spent = time.perf_counter() - started
    print(f"one training, six expressions, four references: {spent:.1f} s on one core")
    print(f"twelve networks, three trainings: {36 * spent / 60:.1f} min on one core")


if __name__ == "__main__":
    main()
