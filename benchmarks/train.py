"""How many images a second training takes, over a bare loop on ready tensors.

    python benchmarks/train.py                     # all twelve networks, at their own sizes
    python benchmarks/train.py --quick             # the light ones, at 64 pixels: two minutes
    python benchmarks/train.py --options           # and what precision and memory layout bring

For each network: an epoch as the study trains it, that is from bytes at 224 pixels made small once,
each batch made on the device, turned, shifted and with its contrast changed; in turns with as many
bare steps of the same network on tensors that are ready. A step is forward, backward and Adam in
both. ``ratio`` is the median rate of ours over the bare one; ``weights MB`` what weights, gradients
and Adam's two averages take, ``MB an image`` what is kept of a forward pass for the backward one.
"""

import argparse
import copy
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch
from timing import LIGHT, TWELVE, in_turns, machine, size_of
from torch import nn
from torch.nn import functional

from facsimile.faces.images import resize
from facsimile.networks.architectures import ARCHITECTURES
from facsimile.networks.epochs import Corpus
from facsimile.networks.network import build, scaled
from facsimile.networks.recipe import Recipe
from facsimile.networks.reproducible import reproducible
from facsimile.networks.training import OPTIMISERS, means, step

LAYOUTS = {"channels_last": torch.channels_last, "contiguous": torch.contiguous_format}


def main() -> None:
    given = arguments()
    threads = given.threads or torch.get_num_threads()
    torch.set_num_threads(threads)
    print(f"{machine(given.device)}; batches of {given.batch_size}, {given.steps} steps\n")
    with reproducible(0, given.device, threads, not given.fast):
        rows = [measure(name, given) for name in given.networks]
    table = pd.DataFrame(rows)
    table.to_csv(given.csv, index=False)
    print()
    print(table.to_string(index=False, float_format="{:.3f}".format))
    print(f"\nlowest: {table['ratio'].min():.3f}\nmedian: {table['ratio'].median():.3f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="light networks, small images")
    parser.add_argument("--networks", nargs="+", choices=[*ARCHITECTURES], metavar="NETWORK")
    parser.add_argument("--size", type=int, help="of images; by default each network's own")
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--steps", type=int, default=4, help="of an epoch")
    parser.add_argument("--turns", type=int, default=3, help="times that both are measured")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, help="CPU threads; by default PyTorch's choice")
    parser.add_argument("--options", action="store_true", help="try precisions and layouts, too")
    parser.add_argument(
        "--fast", action="store_true", help="kernels that need not be deterministic"
    )
    parser.add_argument("--csv", default="train.csv", help="where to write the table")
    given = parser.parse_args()
    if given.quick:
        given.networks, given.size = given.networks or LIGHT, given.size or 64
    given.networks = given.networks or TWELVE
    return given


def measure(name: str, given: argparse.Namespace) -> dict[str, object]:
    """Return a row: a network's rates, in images a second."""
    size = size_of(name, given.size)
    recipe = Recipe(architecture=name, input_size=size, batch_size=given.batch_size)
    network = build(name, size).to(given.device).to(memory_format=torch.channels_last)
    optimiser = OPTIMISERS["adam"](network.parameters(), recipe.learning_rate)
    count = given.batch_size * given.steps
    faces = np.random.default_rng(0).integers(0, 256, (count, 224, 224), np.uint8)
    small, labels = resize(faces, size), np.arange(count) % 6
    images = scaled(torch.from_numpy(small[: given.batch_size])).to(given.device)
    targets = torch.from_numpy(labels[: given.batch_size]).to(given.device)

    def bare(steps: int) -> None:
        loop(network, optimiser, images, targets, steps)

    def ours(steps: int) -> None:
        corpus = Corpus.on(
            given.device, small[: steps * len(images)], labels[: steps * len(images)]
        )
        epoch = corpus.epoch(recipe, 0, 1)
        means([step(network, optimiser, *batch, given.batch_size)[0] for batch in epoch])

    bare(1), ours(1)  # the first choose kernels
    times = in_turns(bare, ours, given.steps, given.turns)
    rates = [count / np.array(one) for one in times]
    row = {
        "network": name,
        "size": size,
        "bare": np.median(rates[0]),
        "ours": np.median(rates[1]),
        "ratio": float(np.median(rates[1] / rates[0])),
        "weights MB": 4 * sum(one.nbytes for one in network.parameters()) / 1e6,
        "MB an image": kept_bytes(network, images) / len(images) / 1e6,
    }
    if given.options:
        row |= dict(options(network, images, targets, given))
    print(f"{name}: {row['ratio']:.3f}", flush=True)
    return row


def loop(
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    images: torch.Tensor,
    targets: torch.Tensor,
    steps: int,
    precision: torch.dtype = torch.float32,
) -> None:
    """Train on the same images again and again, and wait for the end."""
    network.train()
    for _ in range(steps):
        optimiser.zero_grad()
        with torch.autocast(images.device.type, precision, enabled=precision != torch.float32):
            loss = functional.cross_entropy(network(images), targets)
        loss.backward()
        optimiser.step()
    loss.item()


def kept_bytes(network: nn.Module, images: torch.Tensor) -> int:
    """Return how many bytes a forward pass keeps for the backward one, beside the weights."""
    own = {one.untyped_storage().data_ptr() for one in network.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        logits = network.train()(images)
    del logits
    return sum(kept.values())


def options(
    network: nn.Module, images: torch.Tensor, targets: torch.Tensor, given: argparse.Namespace
) -> Iterator[tuple[str, float]]:
    """Yield the bare rate of each memory layout and precision."""
    for precision in (torch.float32, torch.bfloat16):
        for layout, memory in LAYOUTS.items():
            tried = copy.deepcopy(network).to(memory_format=memory)
            optimiser = OPTIMISERS["adam"](tried.parameters(), 1e-4)
            given_so = images.contiguous(memory_format=memory)
            loop(tried, optimiser, given_so, targets, 1, precision)
            start = time.perf_counter()
            loop(tried, optimiser, given_so, targets, given.steps, precision)
            name = f"{str(precision).removeprefix('torch.')} {layout}"
            yield name, len(images) * given.steps / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
