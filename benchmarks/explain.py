"""How long explaining takes, over the network's own time; and what others take for the same.

    python benchmarks/explain.py                 # all twelve networks, 1000 samples a face
    python benchmarks/explain.py --quick         # the four light ones, 200 samples: a minute

For each network, at its real input size, a short sweep finds the fastest precision, batch and
memory layout. Then explaining faces by LIME is timed in turns with as many bare forward passes of
the same network at the same precision, batch and layout; the overhead is the median ratio. With
random weights: time does not depend on them.

With --against NETWORK, the packages lime and captum explain the same face with as many samples, in
float32, the default layout and batches of ten, as they are commonly used.
"""

import argparse
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec

import numpy as np
import pandas as pd
import torch
from timing import LIGHT, PROJECT, TWELVE, in_turns, machine, seconds, size_of

from facsimile.explain.methods.lime import Lime
from facsimile.explain.predictor import Predictor
from facsimile.explain.superpixels.slic import Slic
from facsimile.explain.target import Target
from facsimile.explain.throughput import DTYPES, Throughput, sweep
from facsimile.faces.images import resize
from facsimile.faces.synthetic import draw
from facsimile.networks.architectures import ARCHITECTURES
from facsimile.networks.network import build, to_pixels

RIVAL_BATCH = 10


def main() -> None:
    given = arguments()
    torch.set_num_threads(given.threads or torch.get_num_threads())
    print(f"{machine(given.device)}; {given.samples} samples a face, {given.turns} turns\n")
    rows = [measure(name, given) for name in given.networks]
    table = pd.DataFrame(rows)
    table.to_csv(given.csv, index=False)
    print()
    print(table.to_string(index=False, float_format="{:.3f}".format))
    if given.against:
        print(f"\n{given.against}, seconds a face of {given.samples} samples")
        print(compare(given.against, given).to_string(index=False, float_format="{:.2f}".format))
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
    parser.add_argument("--against", choices=ARCHITECTURES, help="network to compare others on")
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


def ask(predictor: Predictor, size: int) -> Target:
    units = pd.read_csv(PROJECT / "resources" / "action_units.csv")
    image = draw(2, "fear", 0, 1, units).image
    grey = np.asarray(image, np.float32).mean(axis=2).round().astype(np.uint8)
    face = resize(grey[None], size)[0]
    return Target(predictor, face, Slic().cut(face, np.zeros((68, 2))), 2, np.random.default_rng(0))


@torch.inference_mode()
def passes(predictor: Predictor, target: Target, samples: int) -> None:
    """Send so many images through the bare network, in even batches as explaining does."""
    parts = np.array_split(np.arange(samples), -(-samples // predictor.batch_size))
    pixels = target.pixels.repeat(len(parts[0]), 1, 1, 1)
    for part in parts:
        answers = predictor.network(pixels[: len(part)])
    answers.sum().item()  # a GPU is done only when something is asked of it


def compare(name: str, given: argparse.Namespace) -> pd.DataFrame:
    """Return the seconds of facsimile, in both precisions, and of the packages lime and captum."""
    size = size_of(name, given.size)
    contestants: dict[str, Callable] = {}
    for precision in DTYPES:
        throughput = Throughput.best(sweep(build(name, size), size, given.device, precision))
        target = ask(Predictor(build(name, size), throughput, given.device, precision), size)
        contestants[f"facsimile, {precision}"] = lambda target=target: Lime(
            samples=given.samples
        ).explain(target)
    rivals = {"lime": package_lime, "captum": captum_lime}
    for package, rival in rivals.items():
        if find_spec(package):
            label = f"{package} {version(package)}"
            contestants[label] = lambda rival=rival: rival(name, target, given)
    times = {label: seconds(work) for label, work in contestants.items()}
    best = min(times.values())
    return pd.DataFrame(
        [{"": label, "seconds": took, "ratio": took / best} for label, took in times.items()]
    )


def package_lime(name: str, target: Target, given: argparse.Namespace) -> None:
    from lime.lime_image import LimeImageExplainer

    network = build(name, len(target.face)).eval().to(given.device)

    @torch.inference_mode()
    def classify(images: np.ndarray) -> np.ndarray:
        return network(to_pixels(images[..., 0], given.device)).softmax(1).cpu().numpy()

    LimeImageExplainer(random_state=0).explain_instance(
        np.repeat(target.face[:, :, None], 3, axis=2), classify, top_labels=1, hide_color=0,
        num_samples=given.samples, batch_size=RIVAL_BATCH,
        segmentation_fn=lambda _: target.superpixels,
    )  # fmt: skip


def captum_lime(name: str, target: Target, given: argparse.Namespace) -> None:
    from captum.attr import Lime

    network = build(name, len(target.face)).eval().to(given.device)
    with torch.inference_mode():
        Lime(lambda pixels: network(pixels).softmax(1)).attribute(
            to_pixels(target.face[None], given.device),
            target=2,
            feature_mask=target.labels[None, None],
            n_samples=given.samples,
            perturbations_per_eval=RIVAL_BATCH,
            return_input_shape=False,
        )


if __name__ == "__main__":
    main()
