"""The price of bfloat16: how alike are the global heatmaps of a finished study in both precisions?

    python benchmarks/precision.py STUDY        # the folder of a finished study, such as .

Explains the study's own explained faces again by its trained networks, in float32 and in bfloat16,
from the same draws. Prints Pearson's r of each pair of global heatmaps, and the ratio of times.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import torch
import yaml

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "workflow" / "scripts"))

from facsimile import EXPRESSIONS, settings  # noqa: E402
from facsimile.atlas.canonical import Atlas, read_landmarks  # noqa: E402
from facsimile.explain.attribution import Question  # noqa: E402
from facsimile.explain.explainers import lime  # noqa: E402
from facsimile.explain.explanations import Explanations  # noqa: E402
from facsimile.explain.forward import Forward  # noqa: E402
from facsimile.explain.pace import DTYPES, Pace  # noqa: E402
from facsimile.explain.superpixels import segment  # noqa: E402
from facsimile.faces.images import resize  # noqa: E402
from facsimile.networks.evaluation import load  # noqa: E402
from facsimile.networks.training import Recipe  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", type=Path, help="folder of a finished study")
    parser.add_argument("--config", type=Path, default=PROJECT / "config" / "config.yaml")
    parser.add_argument("--networks", nargs="+", help="by default all of the study")
    given = parser.parse_args()
    torch.set_num_threads(1)
    schema = settings.read_schema(PROJECT / "config" / "schema.yaml")
    study = settings.check(yaml.safe_load(given.config.read_text()), schema)
    rows = [
        compare(given.study / "results", network, Recipe(**study["networks"][network]), study)
        for network in given.networks or study["networks"]
    ]
    table = pd.DataFrame(rows).set_index("network")
    print(table.to_string(float_format="{:.5f}".format))
    print(f"lowest r: {table[list(EXPRESSIONS)].min(axis=None):.5f}")


def compare(results: Path, network: str, recipe: Recipe, study: dict) -> dict[str, object]:
    """Return r of each expression's heatmaps, and how many times faster bfloat16 was."""
    row, seconds = {"network": network}, dict.fromkeys(DTYPES, 0.0)
    for expression in EXPRESSIONS:
        heatmaps = []
        for precision in DTYPES:
            start = time.perf_counter()
            heatmaps.append(heatmap(results, network, recipe, study, expression, precision))
            seconds[precision] += time.perf_counter() - start
        row[expression] = np.corrcoef(*heatmaps)[0, 1]
        print(f"{network} {expression}: {row[expression]:.5f}", flush=True)
    return row | {"times faster": seconds["float32"] / seconds["bfloat16"]}


def heatmap(
    results: Path, network: str, recipe: Recipe, study: dict, expression: str, precision: str
) -> np.ndarray:
    """Return the global heatmap of the faces that the study explained, as one row of pixels."""
    atlas = Atlas.of(read_landmarks(PROJECT / "resources" / "canonical_landmarks.csv"))
    explained = Explanations.load(results / "explanations/lime" / network / f"{expression}.npz")
    faces = pd.read_csv(results / "faces" / "folds.csv").set_index("id").loc[explained.id]
    answer, total = EXPRESSIONS.index(expression), 0.0
    for fold in np.unique(explained.fold):
        path = results / "networks" / network / f"fold{fold}" / "weights.safetensors"
        forward = Forward(load(recipe, path), Pace(16), precision=precision)
        for row in np.flatnonzero(explained.fold == fold):
            face = faces.iloc[row]
            corpus = results / "faces" / face["corpus"]
            pixels = np.load(corpus / "faces.npy", mmap_mode="r")[[face["row"]]]
            small = resize(pixels, recipe.input_size)[0]
            cut = study["superpixels"]
            pieces = segment(small, cut["n_segments"], cut["compactness"])
            draws = np.random.default_rng(explained.seed[row])
            found = lime.explain(
                Question(forward, small, pieces, answer, draws), lime.Settings(**study["lime"])
            )
            weights = np.maximum(found.coefficients[:, answer], 0)
            points = np.load(corpus / "landmarks.npy", mmap_mode="r")[face["row"]]
            total = total + atlas.carry(weights[pieces], points)
    return np.ravel(total / len(faces))


if __name__ == "__main__":
    main()
