"""How long explaining a face takes: facsimile's LIME against the package lime, in one run.

    python benchmarks/explain.py --network weinet --size 64 --faces 4 --samples 300

Both explain the same drawn faces by the same network (random weights: time does not depend on
them) in batches of the same size. Prints the median seconds a face, the share of it that the bare
network takes, and the ratio.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from lime.lime_image import LimeImageExplainer
from PIL import Image

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "workflow" / "scripts"))

from facsimile.explain import lime  # noqa: E402
from facsimile.explain.superpixels import segment  # noqa: E402
from facsimile.faces.embedded import draw  # noqa: E402
from facsimile.networks.architectures import build, to_pixels  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", default="weinet")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--faces", type=int, default=4)
    parser.add_argument("--samples", type=int, default=300)
    parser.add_argument("--batch", type=int, default=16)
    given = parser.parse_args()
    torch.set_num_threads(1)
    network = build(given.network, given.size).eval().to(memory_format=torch.channels_last)
    settings = lime.Settings(samples=given.samples, batch=given.batch)
    rows = [
        compare(network, face, settings, seed) for seed, face in enumerate(faces(given), start=1)
    ]
    ours, theirs, bare = np.median(rows, axis=0)
    print(f"{given.network} at {given.size}, {given.samples} samples, medians of {len(rows)} faces")
    print(f"facsimile {ours:.2f} s a face, of which the bare network takes {bare / ours:.0%}")
    print(f"lime      {theirs:.2f} s a face")
    print(f"ratio     {theirs / ours:.2f}")


def faces(given: argparse.Namespace) -> list[np.ndarray]:
    units = pd.read_csv(PROJECT / "resources" / "action_units.csv")
    images = [draw(person, "fear", 0, 1, units).image for person in range(given.faces)]
    size = (given.size, given.size)
    return [np.asarray(Image.fromarray(image).convert("L").resize(size)) for image in images]


def compare(network, face, settings, seed) -> tuple[float, float, float]:
    """Return the seconds of facsimile, of the package lime, and of the bare network."""
    superpixels = segment(face, 30, 20)

    @torch.inference_mode()
    def classify(images: np.ndarray) -> np.ndarray:
        return network(to_pixels(images[..., 0], "cpu")).softmax(1).numpy()

    def package() -> None:
        LimeImageExplainer(random_state=seed).explain_instance(
            np.repeat(face[:, :, None], 3, axis=2), classify, top_labels=1, hide_color=0,
            num_samples=settings.samples, batch_size=settings.batch,
            segmentation_fn=lambda _: superpixels,
        )  # fmt: skip

    def forward() -> None:
        batch = np.repeat(face[None, :, :, None], settings.batch, axis=0)
        for _ in range(-(-settings.samples // settings.batch)):
            classify(batch)

    def own() -> None:
        with torch.inference_mode():
            lime.explain(network, face, superpixels, settings, np.random.default_rng(seed))

    return seconds(own), seconds(package), seconds(forward)


def seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
