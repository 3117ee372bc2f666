"""How many samples LIME needs: independent and paired draws, and the stopping rule.

    python benchmarks/draws.py STUDY        # the folder of a finished study, such as .

For some test faces of the study's trained networks, the error of LIME's coefficients, and of the
global heatmap of these faces, against 20,000 samples of their own, as a curve over samples: root
mean square, as a share of the reference's. Then the samples that each kind of draws needs for the
error of 1000 independent ones, and what the stopping rule saves. Prints tables, and writes the
curve as CSV.
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

from facsimile import EXPRESSIONS, seeds, settings  # noqa: E402
from facsimile.atlas.canonical import Atlas, read_landmarks  # noqa: E402
from facsimile.explain.attribution import Question  # noqa: E402
from facsimile.explain.explainers import lime  # noqa: E402
from facsimile.explain.explainers.surrogate import Moments, fit, proximity  # noqa: E402
from facsimile.explain.forward import Forward  # noqa: E402
from facsimile.explain.pace import Pace  # noqa: E402
from facsimile.explain.superpixels import segment  # noqa: E402
from facsimile.faces.images import resize  # noqa: E402
from facsimile.networks.evaluation import load  # noqa: E402
from facsimile.networks.training import Recipe  # noqa: E402

REFERENCE = 20_000
SAMPLES = (100, 140, 200, 280, 400, 560, 800, 1000, 1400, 2000)
TOLERANCES = (0.02, 0.01)
MOST = 3000
"""Samples at most where the stopping rule is measured."""
WIDTH, RIDGE = 0.25, 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", type=Path, help="folder of a finished study")
    parser.add_argument("--config", type=Path, default=PROJECT / "config" / "config.yaml")
    parser.add_argument("--networks", nargs="+", help="by default all of the study")
    parser.add_argument("--faces", type=int, default=1, help="of each expression")
    parser.add_argument("--repeats", type=int, default=3, help="independent runs of each kind")
    parser.add_argument("--csv", default="draws.csv")
    given = parser.parse_args()
    torch.set_num_threads(1)
    schema = settings.read_schema(PROJECT / "config" / "schema.yaml")
    study = settings.check(yaml.safe_load(given.config.read_text()), schema)
    curves, savings = [], []
    for network in given.networks or study["networks"]:
        questions, landmarks = ask(given, network, study["networks"][network])
        curve, saving = errors(questions, landmarks, given.repeats)
        curves.append(curve.assign(network=network))
        savings.append(saving.assign(network=network))
        print(f"{network} done", flush=True)
    curve, saving = pd.concat(curves), pd.concat(savings)
    curve.to_csv(given.csv, index=False)
    for measure in ("coefficients", "heatmap"):
        print(f"\nerror of the {measure}, share of the reference's root mean square")
        table = curve.pivot_table(measure, "samples", ["network", "draws"])
        print(table.to_string(float_format="{:.3f}".format))
        print("\nsamples for the error of 1000 independent ones")
        print(needed(curve, measure).to_string(float_format="{:.0f}".format))
    print("\nthe stopping rule: samples a face, and the error of the coefficients")
    table = saving.groupby(["network", "draws", "tolerance"])[["samples", "error"]].mean()
    print(table.to_string(float_format="{:.3f}".format))


def ask(given: argparse.Namespace, network: str, recipe: dict) -> tuple[list, np.ndarray]:
    """Return questions on faces that a network of fold 0 recognises, and their landmarks."""
    results, recipe = given.study / "results", Recipe(**recipe)
    fold = results / "networks" / network / "fold0"
    predictions = pd.read_csv(fold / "predictions.csv")
    right = predictions[predictions["expression"] == predictions["predicted"]]
    chosen = right.groupby("expression").head(given.faces)
    faces = pd.read_csv(results / "faces" / "folds.csv").set_index("id").loc[chosen["id"]]
    forward = Forward(load(recipe, fold / "weights.safetensors"), Pace(16))
    questions, landmarks = [], []
    for face in faces.itertuples():
        corpus = results / "faces" / face.corpus
        pixels = np.load(corpus / "faces.npy", mmap_mode="r")[[face.row]]
        small = resize(pixels, recipe.input_size)[0]
        answer = EXPRESSIONS.index(face.expression)
        questions.append(
            Question(forward, small, segment(small, 30, 20), answer, seeds.generator(1, face.Index))
        )
        landmarks.append(np.load(corpus / "landmarks.npy", mmap_mode="r")[face.row])
    return questions, np.array(landmarks)


def errors(
    questions: list[Question], landmarks: np.ndarray, repeats: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the curve of errors over samples, and the stopping rule's samples and errors."""
    atlas = Atlas.of(read_landmarks(PROJECT / "resources" / "canonical_landmarks.csv"))
    truth = [prefixes(question, "independent", (REFERENCE,))[0] for question in questions]
    heatmap = average(atlas, questions, landmarks, truth)
    curve, saving = [], []
    for draws, _ in product(lime.DRAWS, range(repeats)):
        found = [prefixes(question, draws, SAMPLES) for question in questions]
        for place, samples in enumerate(SAMPLES):
            weights = [fits[place] for fits in found]
            image = average(atlas, questions, landmarks, weights)
            curve.append(
                {
                    "draws": draws,
                    "samples": samples,
                    "coefficients": np.mean(list(map(share, weights, truth))),
                    "heatmap": share(image, heatmap),
                }
            )
    pairs = list(zip(questions, truth, strict=True))
    for draws, tolerance, (question, right) in product(lime.DRAWS, TOLERANCES, pairs):
        given = lime.Settings(samples=MOST, draws=draws, tolerance=tolerance)
        answer = lime.explain(question, given)
        error = share(answer.coefficients[:, question.answer], right)
        row = {"draws": draws, "tolerance": tolerance}
        saving.append(row | {"samples": answer.samples, "error": error})
    return pd.DataFrame(curve), pd.DataFrame(saving)


def prefixes(question: Question, draws: str, samples: tuple[int, ...]) -> list[np.ndarray]:
    """Return the coefficients after so many samples of one stream of draws."""
    total, fits, first = Moments.zero(question.pieces), [], 0
    for last in samples:
        for begin in range(first, last, lime.BLOCK):
            numbers = np.arange(begin, min(begin + lime.BLOCK, last))
            kept = lime.draw(question.pieces, numbers, draws, question.generator)
            total += Moments.of(kept, question.answers(kept), proximity(kept, WIDTH))
        fits.append(fit(total, RIDGE).coefficients[:, question.answer])
        first = last
    return fits


def average(
    atlas: Atlas, questions: list[Question], landmarks: np.ndarray, weights: list[np.ndarray]
) -> np.ndarray:
    """Return the global heatmap of some faces: positive weights, carried and averaged."""
    maps = [
        atlas.carry(np.maximum(weight, 0)[question.superpixels], points)
        for question, points, weight in zip(questions, landmarks, weights, strict=True)
    ]
    return np.mean(maps, axis=0)


def share(found: np.ndarray, truth: np.ndarray) -> float:
    return float(np.sqrt(np.mean((found - truth) ** 2) / np.mean(truth**2)))


def needed(curve: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return how many samples reach the error of 1000 independent ones, on the log-log curve."""
    means = curve.groupby(["network", "draws", "samples"])[measure].mean()
    table = {}
    for network in curve["network"].unique():
        goal = means[network, "independent", 1000]
        for draws in lime.DRAWS:
            line = means[network, draws]
            # Errors fall with samples: from the largest number to the smallest they rise.
            logs = np.log(line.to_numpy()[::-1]), np.log(line.index.to_numpy()[::-1])
            table[network, draws] = np.exp(np.interp(np.log(goal), *logs))
    return pd.Series(table).unstack()  # noqa: PD010 (a Series has no pivot_table)


if __name__ == "__main__":
    main()
