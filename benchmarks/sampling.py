"""How many samples LIME needs, by design of its draws, and what the stopping rule saves.

    python benchmarks/sampling.py STUDY        # the folder of a finished study, such as .

For some test faces of the study's trained networks, the error of LIME's coefficients, and of the
global heatmap of these faces, against 20,000 samples of their own, as a curve over samples: root
mean square, as a share of the reference's. Then the samples that each design needs for the error of
1000 independent ones, and what the stopping rule saves. Prints tables, and writes the curve as CSV.
"""

import argparse
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import torch
import yaml

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "workflow" / "scripts"))

from facsimile import EXPRESSIONS, seeds  # noqa: E402
from facsimile.atlas.canonical import Atlas, read_landmarks  # noqa: E402
from facsimile.explain.baselines import load_baseline  # noqa: E402
from facsimile.explain.methods.lime import Lime  # noqa: E402
from facsimile.explain.predictor import Predictor  # noqa: E402
from facsimile.explain.superpixels.slic import Slic  # noqa: E402
from facsimile.explain.surrogate.sampling import SAMPLING  # noqa: E402
from facsimile.explain.target import Target  # noqa: E402
from facsimile.explain.throughput import Throughput  # noqa: E402
from facsimile.faces.images import resize  # noqa: E402
from facsimile.networks.evaluation import load  # noqa: E402
from facsimile.networks.recipe import Recipe  # noqa: E402
from facsimile.settings.checking import check  # noqa: E402

REFERENCE = 20_000
SAMPLES = (100, 200, 350, 500, 700, 1000, 1400, 2000)
TOLERANCES = (0.02, 0.01)
MOST = 3000
"""Samples at most where the stopping rule is measured."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", type=Path, help="folder of a finished study")
    parser.add_argument("--config", type=Path, default=PROJECT / "config" / "config.yaml")
    parser.add_argument("--networks", nargs="+", help="by default all of the study")
    parser.add_argument("--faces", type=int, default=4, help="of each expression")
    parser.add_argument("--baselines", nargs="+", default=["black", "blur"])
    parser.add_argument("--samples", nargs="+", type=int, default=SAMPLES)
    parser.add_argument("--reference", type=int, default=REFERENCE, help="samples of the truth")
    parser.add_argument("--tolerances", nargs="*", type=float, default=TOLERANCES)
    parser.add_argument("--repeats", type=int, default=3, help="independent runs of each kind")
    parser.add_argument("--csv", default="sampling.csv")
    given = parser.parse_args()
    torch.set_num_threads(1)
    study = check(yaml.safe_load(given.config.read_text()), PROJECT)
    curves, savings = [], []
    for network, baseline in product(given.networks or study["networks"], given.baselines):
        targets, landmarks = ask(given, network, study["networks"][network], baseline)
        name = f"{network}, {baseline}"
        curve, saving = errors(targets, landmarks, given)
        curves.append(curve.assign(network=name))
        savings.append(saving.assign(network=name))
        pd.concat(curves).to_csv(given.csv, index=False)
        print(f"{name}: {len(targets)} faces", flush=True)
    curve, saving = pd.concat(curves), pd.concat(savings)
    for measure in ("coefficients", "heatmap"):
        print(f"\nerror of the {measure}, share of the reference's root mean square")
        table = curve.pivot_table(measure, "samples", ["network", "sampling"])
        print(table.to_string(float_format="{:.3f}".format))
        print("\nsamples for the error of 1000 independent ones")
        print(needed(curve, measure).to_string(float_format="{:.0f}".format))
    if not given.tolerances:
        return
    print("\nthe stopping rule: samples a face, and the error of the coefficients")
    table = saving.groupby(["network", "sampling", "tolerance"])[["samples", "error"]].mean()
    print(table.to_string(float_format="{:.3f}".format))


def ask(
    given: argparse.Namespace, network: str, recipe: dict, baseline: str
) -> tuple[list, np.ndarray]:
    """Return targets on faces that the first network trained recognises, and their landmarks."""
    results, recipe = given.study / "results", Recipe(**recipe)
    fold = results / "networks" / network / "repeat0" / "fold0"
    predictions = pd.read_csv(fold / "predictions.csv")
    right = predictions[predictions["expression"] == predictions["predicted"]]
    chosen = right.groupby("expression").head(given.faces)
    faces = pd.read_csv(results / "faces" / "folds" / "repeat0.csv")
    faces = faces.set_index("id").loc[chosen["id"]]
    predictor = Predictor(load(recipe, fold / "weights.safetensors"), Throughput(16))
    targets, landmarks = [], []
    for face in faces.itertuples():
        corpus = results / "faces" / face.corpus
        pixels = np.load(corpus / "faces.npy", mmap_mode="r")[[face.row]]
        small = resize(pixels, recipe.input_size)[0]
        hidden = load_baseline(baseline).image(pixels[0], {})
        hidden = resize(hidden[None], recipe.input_size)[0]
        labels, draws = Slic().cut(small, np.zeros((68, 2))), seeds.generator(1, face.Index)
        place = EXPRESSIONS.index(face.expression)
        targets.append(Target(predictor, small, labels, place, draws, hidden))
        landmarks.append(np.load(corpus / "landmarks.npy", mmap_mode="r")[face.row])
    return targets, np.array(landmarks)


def errors(
    targets: list[Target], landmarks: np.ndarray, given: argparse.Namespace
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the curve of errors over samples, and the stopping rule's samples and errors."""
    atlas = Atlas.of(read_landmarks(PROJECT / "resources" / "canonical_landmarks.csv"))
    truth = [found(target, "independent", given.reference) for target in targets]
    heatmap = average(atlas, targets, landmarks, truth)
    curve, saving = [], []
    for sampling, samples, _ in product(SAMPLING, given.samples, range(given.repeats)):
        weights = [found(target, sampling, samples) for target in targets]
        image = average(atlas, targets, landmarks, weights)
        curve.append(
            {
                "sampling": sampling,
                "samples": samples,
                "coefficients": np.mean(list(map(share, weights, truth))),
                "heatmap": share(image, heatmap),
            }
        )
    pairs = list(zip(targets, truth, strict=True))
    for sampling, tolerance, (target, right) in product(SAMPLING, given.tolerances, pairs):
        stopped = Lime(samples=MOST, sampling=sampling, tolerance=tolerance).explain(target)
        error = share(stopped.coefficients[:, target.target], right)
        row = {"sampling": sampling, "tolerance": tolerance}
        saving.append(row | {"samples": stopped.samples, "error": error})
    return pd.DataFrame(curve), pd.DataFrame(saving)


def found(target: Target, sampling: str, samples: int) -> np.ndarray:
    """Return the coefficients of one run; another run of a target has other draws."""
    explained = Lime(samples=samples, sampling=sampling).explain(target)
    return explained.coefficients[:, target.target]


def average(
    atlas: Atlas, targets: list[Target], landmarks: np.ndarray, weights: list[np.ndarray]
) -> np.ndarray:
    """Return the global heatmap of some faces: positive weights, carried and averaged."""
    maps = [
        atlas.carry(np.maximum(weight, 0)[target.superpixels], points)
        for target, points, weight in zip(targets, landmarks, weights, strict=True)
    ]
    return np.mean(maps, axis=0)


def share(found: np.ndarray, truth: np.ndarray) -> float:
    return float(np.sqrt(np.mean((found - truth) ** 2) / np.mean(truth**2)))


def needed(curve: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return how many samples reach the error of 1000 independent ones, on the log-log curve."""
    means = curve.groupby(["network", "sampling", "samples"])[measure].mean()
    table = {}
    for network in curve["network"].unique():
        goal = means[network, "independent", 1000]
        for sampling in SAMPLING:
            line = means[network, sampling]
            # Errors fall with samples: from the largest number to the smallest they rise.
            logs = np.log(line.to_numpy()[::-1]), np.log(line.index.to_numpy()[::-1])
            table[network, sampling] = np.exp(np.interp(np.log(goal), *logs))
    return pd.Series(table).unstack()  # noqa: PD010 (a Series has no pivot_table)


if __name__ == "__main__":
    main()
