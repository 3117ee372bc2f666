"""How long explaining takes, over the network's own time (what others take: others.py).

    python benchmarks/explain.py                 # all twelve networks, 1000 samples a face
    python benchmarks/explain.py --quick         # the four light ones, 200 samples: a minute

For each network, at its real input size, a short sweep finds the fastest precision, batch and
memory layout. Then explaining faces by LIME is timed in turns with as many bare forward passes of
the same network at the same precision, batch and layout; the overhead is the median ratio. With
random weights: time does not depend on them.
"""

import argparse

import numpy as np
import pandas as pd
import torch
from others import ask
from timing import LIGHT, TWELVE, in_turns, machine, size_of

from facsimile.explain.methods.lime import Lime
from facsimile.explain.predictor import Predictor
from facsimile.explain.target import Target
from facsimile.explain.throughput import DTYPES, Throughput, sweep
from facsimile.networks.architectures import ARCHITECTURES
from facsimile.networks.network import build


def main() -> None:
    given = arguments()
    torch.set_num_threads(given.threads or torch.get_num_threads())
    print(f"{machine(given.device)}; {given.samples} samples a face, {given.turns} turns\n")
    rows = [measure(name, given) for name in given.networks]
    table = pd.DataFrame(rows)
    table.to_csv(given.csv, index=False)
    print()
    print(table.to_string(index=False, float_format="{:.3f}".format))
    print(f"\nworst: {table['overhead'].max():.3f}")
    print(f"overhead: {table['overhead'].median():.3f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="light networks, few samples")
    parser.add_argument("--networks", nargs="+", choices=ARCHITECTURES, metavar="NETWORK")
    parser.add_argument("--samples", type=int)
    parser.add_argument("--size", type=int, help="of images; by default each network's own")
    parser.add_argument("--turns", type=int, default=1, help="times that both are measured")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, help="CPU threads; by default PyTorch's choice")
    parser.add_argument("--csv", default="explain.csv", help="where to write the table")
    given = parser.parse_args()
    given.networks = given.networks or (LIGHT if given.quick else TWELVE)
    given.samples = given.samples or (200 if given.quick else 1000)
    return given


def measure(name: str, given: argparse.Namespace) -> dict[str, object]:
    """Return a row: how a network answers fastest, and the overhead of explaining so."""
    size = size_of(name, given.size)
    sweeps = {p: sweep(build(name, size), size, given.device, p) for p in DTYPES}
    rates = {precision: table["images_per_second"].max() for precision, table in sweeps.items()}
    precision = max(rates, key=rates.get)
    throughput = Throughput.best(sweeps[precision])
    predictor = Predictor(build(name, size), throughput, given.device, precision)
    target = ask(predictor, size)
    passes(predictor, target, 50), Lime(samples=50).explain(target)  # the first choose kernels
    before = predictor.seconds
    bare, ours = in_turns(
        lambda samples: passes(predictor, target, samples),
        lambda samples: Lime(samples=samples).explain(target),
        given.samples,
        given.turns,
    )
    row = {
        "network": name,
        "size": size,
        "precision": precision,
        "layout": throughput.layout,
        "batch_size": throughput.batch_size,
        "float32 ms": 1000 / rates["float32"],
        "bfloat16 ms": 1000 / rates["bfloat16"],
        "bare s": np.median(bare),
        "ours s": np.median(ours),
        "in network": (predictor.seconds - before) / sum(ours),
        "overhead": float(np.median(np.array(ours) / np.array(bare))),
    }
    print(f"{name}: {row['overhead']:.3f}", flush=True)
    return row


@torch.inference_mode()
def passes(predictor: Predictor, target: Target, samples: int) -> None:
    """Send so many images through the bare network, in even batches as explaining does."""
    parts = np.array_split(np.arange(samples), -(-samples // predictor.batch_size))
    pixels = target.pixels.repeat(len(parts[0]), 1, 1, 1)
    for part in parts:
        answers = predictor.network(pixels[: len(part)])
    answers.sum().item()  # a GPU is done only when something is asked of it


if __name__ == "__main__":
    main()
