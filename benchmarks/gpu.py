"""All that is measured of a GPU, into one CSV; see gpu.sh.

Its columns: device, torch, network, what, value. A CPU is measured likewise, but for what it has
not: copies and waits.
"""

import argparse
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import explain
import numpy as np
import others
import pandas as pd
import torch
import train
from timing import LIGHT, TWELVE, machine, size_of
from torch.utils._python_dispatch import TorchDispatchMode

from facsimile import devices
from facsimile.explain.methods.lime import Lime
from facsimile.explain.predictor import Predictor
from facsimile.explain.throughput import Throughput
from facsimile.networks.architectures import ARCHITECTURES
from facsimile.networks.epochs import Corpus
from facsimile.networks.network import build
from facsimile.networks.recipe import Recipe
from facsimile.networks.reproducible import reproducible
from facsimile.networks.training import OPTIMISERS, step


def main() -> None:
    given = arguments()
    print(machine(given.device), flush=True)
    rows = []
    for network, what, value in measured(given):
        rows.append((devices.name_of(given.device), torch.__version__, network, what, value))
        # Written after each number: what is there stays if the time is up.
        table = pd.DataFrame(rows, columns=["device", "torch", "network", "what", "value"])
        table.to_csv(given.csv, index=False)
    print(
        table.groupby("what", sort=False)["value"].median().to_string(float_format="{:.3f}".format)
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="two networks, small: for a CPU")
    parser.add_argument("--networks", nargs="+", choices=[*ARCHITECTURES], metavar="NETWORK")
    parser.add_argument("--against", choices=[*ARCHITECTURES], help="network to compare others on")
    parser.add_argument("--size", type=int, help="of images; by default each network's own")
    parser.add_argument("--samples", type=int, help="of an explanation")
    parser.add_argument("--batch-size", type=int, help="of training")
    parser.add_argument("--steps", type=int, help="of training")
    parser.add_argument("--turns", type=int, default=3, help="times that both are measured")
    parser.add_argument("--device", default=devices.ready({"device": "auto"})["device"])
    parser.add_argument("--csv", default="gpu.csv", help="where to write the numbers")
    given = parser.parse_args()
    small = {"networks": LIGHT[:2], "size": 32, "samples": 20, "batch_size": 4, "steps": 2}
    large = {"networks": TWELVE, "size": None, "samples": 1000, "batch_size": 64, "steps": 16}
    for key, value in (small if given.small else large).items():
        setattr(given, key, getattr(given, key) or value)
    given.against = given.against or ("weinet" if given.small else "resnet50")
    given.options, given.turns = False, 1 if given.small else given.turns
    return given


def measured(given: argparse.Namespace) -> Iterator[tuple[str, str, float]]:
    """Yield network, what was measured, and the number."""
    threads = torch.get_num_threads()
    for name in given.networks:
        with reproducible(0, given.device, threads):
            found = explain.measure(name, given)
            yield name, "explaining: seconds over bare forward passes", found["overhead"]
            yield name, "explaining: images a second", given.samples / found["ours s"]
            found = train.measure(name, given)
            yield name, "training: rate over a bare loop", found["ratio"]
            yield name, "training: images a second", found["ours"]
            yield name, "training: MB of weights", found["weights MB"]
            yield name, "training: MB an image", found["MB an image"]
        deterministic = found["ours"]
        with reproducible(0, given.device, threads, deterministic=False):
            faster = train.measure(name, given)["ours"] / deterministic
            yield name, "training: times faster if not deterministic", faster
        yield from copied(name, given)
    with reproducible(0, given.device, threads):
        for _, row in others.compare(given.against, given).iterrows():
            yield given.against, f"seconds a face: {row['']}", row["seconds"]


def copied(name: str, given: argparse.Namespace) -> Iterator[tuple[str, str, float]]:
    """Yield what is copied to the device for a batch, how often it is waited for, and memory."""
    size, device = size_of(name, given.size), given.device
    recipe = Recipe(architecture=name, input_size=size, batch_size=given.batch_size)
    count = given.batch_size * given.steps
    faces = np.random.default_rng(0).integers(0, 256, (count, size, size), np.uint8)
    network = build(name, size).to(device)
    optimiser = OPTIMISERS["adam"](network.parameters(), 1e-4)
    corpus = Corpus.on(device, faces, np.arange(count) % 6)
    batches = corpus.epoch(recipe, 0, 1)
    with Copies() as copies:
        first = next(batches)  # here is drawn, and copied, what is random in the epoch
        step(network, optimiser, *first, given.batch_size)
        with waits(device) as waited:
            for batch in batches:
                step(network, optimiser, *batch, given.batch_size)
    yield name, "training: bytes copied a batch", copies.bytes / given.steps
    predictor = Predictor(build(name, size), Throughput(given.batch_size), device)
    target = explain.ask(predictor, size)
    with Copies() as copies:
        Lime(samples=given.samples).explain(target)
    batches_seen = -(-given.samples // given.batch_size)
    yield name, "explaining: bytes copied a batch", copies.bytes / batches_seen
    if torch.device(device).type == "cuda":
        yield name, "training: waits a batch", len(waited) / (given.steps - 1)
        yield name, "MB of memory at most", torch.cuda.max_memory_allocated(device) / 1e6
        torch.cuda.reset_peak_memory_stats(device)


class Copies(TorchDispatchMode):
    """Counts the bytes that go from the host to another device while it is entered."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        place = {"aten::_to_copy": 0, "aten::copy_": 1}.get(func.name())
        if place is not None and args[place].device.type == "cpu" != result.device.type:
            self.bytes += args[place].nbytes
        return result


@contextmanager
def waits(device: str) -> Iterator[list]:
    """Give a list of the times that the host waited for an NVIDIA GPU; of other devices none."""
    if torch.device(device).type != "cuda":
        yield []
        return
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        torch.cuda.set_sync_debug_mode("warn")
        try:
            yield caught
        finally:
            torch.cuda.set_sync_debug_mode("default")


if __name__ == "__main__":
    main()
