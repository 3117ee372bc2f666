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
import yaml

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "workflow" / "scripts"))

from facsimile import EXPRESSIONS  # noqa: E402
from facsimile.atlas.canonical import Atlas, read_landmarks  # noqa: E402
from facsimile.explain.explanations import Explanations  # noqa: E402
from facsimile.explain.predictor import predictor_loader  # noqa: E402
from facsimile.explain.running import Job, explain_faces, face_loader  # noqa: E402
from facsimile.explain.throughput import DTYPES  # noqa: E402
from facsimile.faces import dataset  # noqa: E402
from facsimile.files import keyed  # noqa: E402
from facsimile.networks.recipe import Recipe  # noqa: E402
from facsimile.settings.checking import check  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", type=Path, help="folder of a finished study")
    parser.add_argument("--config", type=Path, default=PROJECT / "config" / "config.yaml")
    parser.add_argument("--networks", nargs="+", help="by default all of the study")
    parser.add_argument("--explainer", help="a row with superpixels; by default the study's first")
    given = parser.parse_args()
    study = check(yaml.safe_load(given.config.read_text()), PROJECT)
    explainer = given.explainer or next(iter(study["explainers"]))
    rows = [
        compare(given.study / "results", network, explainer, study)
        for network in given.networks or study["networks"]
    ]
    table = pd.DataFrame(rows).set_index("network")
    print(table.to_string(float_format="{:.5f}".format))
    print(f"lowest r: {table[list(EXPRESSIONS)].min(axis=None):.5f}")


def compare(results: Path, network: str, explainer: str, study: dict) -> dict[str, object]:
    """Return r of each expression's heatmaps, and how many times faster bfloat16 was."""
    heatmaps, seconds = {}, {}
    for precision in DTYPES:
        start = time.perf_counter()
        heatmaps[precision] = explain(results, network, explainer, study, precision)
        seconds[precision] = time.perf_counter() - start
    row: dict[str, object] = {"network": network}
    for expression in EXPRESSIONS:
        row[expression] = np.corrcoef(*(maps[expression] for maps in heatmaps.values()))[0, 1]
        print(f"{network} {expression}: {row[expression]:.5f}", flush=True)
    return row | {"times faster": seconds["float32"] / seconds["bfloat16"]}


def explain(
    results: Path, network: str, explainer: str, study: dict, precision: str
) -> dict[str, np.ndarray]:
    """Return the heatmaps of the faces explained in the first repeat, each a row of pixels."""
    atlas = Atlas.of(read_landmarks(PROJECT / "resources" / "canonical_landmarks.csv"))
    recipe, row = Recipe(**study["networks"][network]), study["explainers"][explainer]
    table = dataset.read(results / "faces" / "folds" / "repeat0.csv")
    pixels, landmarks, cuts = (
        {corpus: results / "faces" / corpus / file for corpus in study["corpora"]}
        for file in (
            "faces.npy",
            "landmarks.npy",
            f"superpixels/{row['superpixels']}/{recipe.input_size}.npy",
        )
    )
    trained = (results / "networks" / network).glob("repeat0/fold*/weights.safetensors")
    weights = keyed(trained, "/repeat{repeat}/fold{fold}/")
    job = Job.of(
        network,
        recipe.input_size,
        row,
        predictor_loader(recipe, weights, [], "cpu", 16, precision),
        face_loader(table, pixels, cuts, {}),
        study["study"]["seed"],
    )
    known = results / "explanations" / explainer / network / "repeat0"
    chosen = {
        (0, name): Explanations.load(known / f"{name}.npz").rows(table) for name in EXPRESSIONS
    }
    heatmaps = {}
    for (repeat, name), found in explain_faces(job, chosen).items():
        faces = chosen[repeat, name]
        maps = found.maps(EXPRESSIONS.index(name), dataset.gather(faces, cuts))
        points = dataset.gather(faces, landmarks)
        carried = [atlas.carry(*one) for one in zip(maps, points, strict=True)]
        heatmaps[name] = np.mean(carried, axis=0).ravel()
    return heatmaps


if __name__ == "__main__":
    main()
