"""What other packages take for what facsimile does: LIME, following an order, carrying a map.

    python benchmarks/others.py [--network resnet50] [--samples 1000]

One face, each package in its usual way: LIME by `lime`, captum and xplique, in float32, the default
layout and batches of ten; the answer followed as parts are hidden in an order, by Quantus; a map
carried from the face's landmarks to the canonical ones, by scikit-image. Packages that are not
installed are left out: benchmarks/others.txt names them all. With random weights, since time does
not depend on them.
"""

import argparse
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec

import numpy as np
import pandas as pd
import torch
from timing import PROJECT, machine, seconds, size_of

from facsimile import EXPRESSIONS
from facsimile.atlas.canonical import HEIGHT, WIDTH, Atlas, read_landmarks, with_helpers
from facsimile.explain.faithfulness import follow
from facsimile.explain.methods.lime import Lime
from facsimile.explain.predictor import Predictor
from facsimile.explain.superpixels.slic import Slic
from facsimile.explain.target import Target
from facsimile.explain.throughput import DTYPES, Throughput, sweep
from facsimile.faces.images import resize
from facsimile.faces.synthetic import draw
from facsimile.networks.architectures import ARCHITECTURES
from facsimile.networks.network import build, to_pixels

BATCH = 10
PLACE = 2
"""The answer that is explained: the expression's place."""


def main() -> None:
    given = arguments()
    torch.set_num_threads(given.threads or torch.get_num_threads())
    print(f"{given.network}, {machine(given.device)}")
    for title, table in {
        f"LIME, one face of {given.samples} samples": compare(given.network, given),
        "the answer followed in three orders of one face": followed(given.network, given),
        "one map carried to the canonical face": carried(),
    }.items():
        print(
            f"\n{title}\n{table.to_string(index=False, float_format='{:.4g}'.format)}", flush=True
        )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", default="resnet50", choices=ARCHITECTURES)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--size", type=int, help="of images; by default the network's own")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, help="CPU threads; by default PyTorch's choice")
    return parser.parse_args()


def ask(predictor: Predictor, size: int) -> Target:
    """Return a target: a drawn face, cut into superpixels, with black beneath."""
    units = pd.read_csv(PROJECT / "resources" / "action_units.csv")
    image = draw(2, "fear", 0, 1, units).image
    grey = np.asarray(image, np.float32).mean(axis=2).round().astype(np.uint8)
    face = resize(grey[None], size)[0]
    cut = Slic().cut(face, np.zeros((68, 2)))
    return Target(predictor, face, cut, PLACE, np.random.default_rng(0))


def targets(name: str, given: argparse.Namespace) -> dict[str, Target]:
    """Return the target for each precision, sent as a short sweep found fastest."""
    size, found = size_of(name, given.size), {}
    for precision in DTYPES:
        throughput = Throughput.best(sweep(build(name, size), size, given.device, precision))
        predictor = Predictor(build(name, size), throughput, given.device, precision)
        found[precision] = ask(predictor, size)
    return found


def timed(work: dict[str, Callable[[], object]], turns: int = 1) -> pd.DataFrame:
    """Return the least seconds of each kind of work in some turns, and their ratio to the least."""
    times = {label: min(seconds(one) for _ in range(turns)) for label, one in work.items()}
    best = min(times.values())
    rows = [{"": label, "seconds": took, "ratio": took / best} for label, took in times.items()]
    return pd.DataFrame(rows)


def with_packages(rivals: dict[str, Callable[[], object]]) -> dict[str, Callable[[], object]]:
    """Return the work of those packages that are installed, labelled with their versions."""
    return {f"{name} {version(name)}": one for name, one in rivals.items() if find_spec(name)}


def compare(name: str, given: argparse.Namespace) -> pd.DataFrame:
    """Return the seconds that LIME takes here, in both precisions, and in other packages."""
    ours = targets(name, given)
    target = ours["float32"]
    network = build(name, len(target.face)).eval().to(given.device)

    @torch.inference_mode()
    def classify(images: np.ndarray) -> np.ndarray:
        return network(to_pixels(images[..., 0], given.device)).softmax(1).cpu().numpy()

    return timed(
        {
            f"facsimile, {precision}": lambda one=one: Lime(samples=given.samples).explain(one)
            for precision, one in ours.items()
        }
        | with_packages(
            {
                "lime": lambda: package_lime(classify, target, given.samples),
                "captum": lambda: captum_lime(network, target, given),
                "xplique": lambda: xplique_lime(classify, target, given.samples),
            }
        )
    )


def package_lime(classify: Callable, target: Target, samples: int) -> None:
    from lime.lime_image import LimeImageExplainer

    LimeImageExplainer(random_state=0).explain_instance(
        np.repeat(target.face[:, :, None], 3, axis=2), classify, top_labels=1, hide_color=0,
        num_samples=samples, batch_size=BATCH, segmentation_fn=lambda _: target.superpixels,
    )  # fmt: skip


def captum_lime(network: torch.nn.Module, target: Target, given: argparse.Namespace) -> None:
    from captum.attr import Lime

    with torch.inference_mode():
        Lime(lambda pixels: network(pixels).softmax(1)).attribute(
            to_pixels(target.face[None], given.device),
            target=PLACE,
            feature_mask=target.labels[None, None],
            n_samples=given.samples,
            perturbations_per_eval=BATCH,
            return_input_shape=False,
        )


def xplique_lime(classify: Callable, target: Target, samples: int) -> None:
    import tensorflow as tf
    from xplique.attributions import Lime

    def answer(_: object, inputs: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
        return tf.reduce_sum(classify(np.asarray(inputs)) * np.asarray(targets), axis=-1)

    explainer = Lime(
        classify, batch_size=BATCH, operator=answer, nb_samples=samples,
        ref_value=np.zeros(1, np.float32),
        map_to_interpret_space=lambda _: tf.constant(target.superpixels, tf.int32),
    )  # fmt: skip
    asked = np.eye(len(EXPRESSIONS), dtype=np.float32)[[PLACE]]
    explainer.explain(target.face[None, :, :, None].astype(np.float32), asked)


def followed(name: str, given: argparse.Namespace) -> pd.DataFrame:
    """Return the seconds that following an answer takes, superpixel by superpixel."""
    target = targets(name, given)["float32"]
    draws, count = np.random.default_rng(0), target.n_superpixels
    weights = draws.normal(size=count)
    orders = np.argsort(-weights), draws.permutation(count)
    return timed(
        {"facsimile, float32": lambda: follow(target, *orders, 0)}
        | with_packages({"quantus": lambda: flipped(name, target, weights, given.device)})
    )


def flipped(name: str, target: Target, weights: np.ndarray, device: str) -> None:
    """Follow three orders by Quantus: of pixels, in as many steps as there are superpixels."""
    from quantus import PixelFlipping

    network = build(name, len(target.face)).eval().to(device)
    face = to_pixels(target.face[None], device)[:, :1].cpu().numpy()
    step = next(one for one in range(face.size // len(weights), 0, -1) if face.size % one == 0)
    metric = PixelFlipping(features_in_step=step, perturb_baseline="black", disable_warnings=True)
    for one in (weights, -weights, np.roll(weights, 1)):
        with torch.inference_mode():
            metric(network, face, np.array([PLACE]), one[target.superpixels][None, None],
                   channel_first=True, softmax=True, device=device)  # fmt: skip


def carried() -> pd.DataFrame:
    """Return the seconds that carrying a map takes, triangle by triangle in scikit-image."""
    from skimage.transform import PiecewiseAffineTransform, warp

    canonical = read_landmarks(PROJECT / "resources" / "canonical_landmarks.csv")
    atlas, draws = Atlas.of(canonical), np.random.default_rng(0)
    face = canonical * (1, 224 / HEIGHT) + draws.normal(0, 2, canonical.shape)
    image = draws.random((224, 224)).astype(np.float32)

    def by_scikit_image() -> None:
        ends = with_helpers(canonical, WIDTH, HEIGHT), with_helpers(face, 224, 224)
        way = PiecewiseAffineTransform.from_estimate(*ends)
        warp(image, way, output_shape=(HEIGHT, WIDTH), order=1, mode="edge")

    return timed(
        {
            "facsimile": lambda: atlas.carry(image, face),
            f"scikit-image {version('scikit-image')}": by_scikit_image,
        },
        turns=5,
    )


if __name__ == "__main__":
    main()
