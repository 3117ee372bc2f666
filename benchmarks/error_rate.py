"""How often the validation's verdicts fall on networks that know nothing: their error rates.

    snakemake --cores all validation
    python benchmarks/error_rate.py results/validation/apart        # a condition

Networks without training, and others trained on labels shuffled anew for each draw, are sent
through the pipeline on the faces of a finished condition. Each draw stands for one training with
its folds and is judged as the condition's networks are: specific where the test of the orders of
the labels has p of at most .05, found where mean AUROC reaches .9. Faces are chosen once by the
labels that were told, so that labels mean nothing anywhere, and once by the true ones: then faces
of an expression do look alike, and heatmaps can differ by what there is to see alone.

Prints a row for each explainer, choice of faces and kind, with the 95 % interval of the share that
is called specific (Clopper and Pearson), and writes all draws as CSV.
"""

import argparse
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from scipy import stats

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "workflow" / "scripts"))

from facsimile import EXPRESSIONS  # noqa: E402
from facsimile.atlas.canonical import Atlas, read_landmarks  # noqa: E402
from facsimile.atlas.heatmaps import average_explanations  # noqa: E402
from facsimile.explain.asking import asked, needs  # noqa: E402
from facsimile.explain.null import explain_null  # noqa: E402
from facsimile.explain.running import face_loader  # noqa: E402
from facsimile.faces.dataset import read_pool  # noqa: E402
from facsimile.faces.null import kinds_of, split_draws  # noqa: E402
from facsimile.measure.null import measure_null  # noqa: E402
from facsimile.measure.planted import FOUND  # noqa: E402
from facsimile.measure.scores import position  # noqa: E402
from facsimile.measure.specificity import contrasted  # noqa: E402
from facsimile.networks.null import train_null  # noqa: E402
from facsimile.networks.recipe import Recipe  # noqa: E402
from facsimile.settings.checking import check  # noqa: E402

ERROR = 0.05
CHOSEN_BY = ("told labels", "true labels")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("condition", type=Path, help="folder of a finished condition")
    parser.add_argument("--config", type=Path, default=PROJECT / "config" / "validation.yaml")
    parser.add_argument("--network", default="small", help="whose recipe the trained ones have")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--draws", type=int, default=100, help="of each kind")
    parser.add_argument("--explainers", nargs="+", default=["lime", "lime_grey"])
    parser.add_argument("--csv", default="error_rate.csv")
    given = parser.parse_args()
    settings = check(yaml.safe_load(given.config.read_text()), PROJECT)
    recipe = Recipe(**settings["networks"][given.network] | {"epochs": given.epochs})
    corpus = given.condition / "faces" / given.condition.name
    faces = read_pool([corpus / "faces.csv"])
    splits = split_draws(faces, given.draws, settings["study"]["folds"], settings["study"]["seed"])
    pixels = {given.condition.name: corpus / "faces.npy"}
    made, table = train_null(recipe, splits, pixels, settings["study"]["seed"])
    networks = {tuple(map(int, name.split("/"))): one for name, one in made.items()}
    print(table.groupby("kind")[["learned", "accuracy"]].mean().to_string(), flush=True)
    rows = []
    for explainer, chosen_by in product(given.explainers, CHOSEN_BY):
        told = [one.assign(expression=one["told"]) for one in splits]
        some = told if chosen_by == CHOSEN_BY[0] else splits
        maps = heatmaps(given.condition, settings, explainer, recipe.input_size, networks, some)
        names = {"explainer": explainer, "chosen_by": chosen_by}
        rows.append(judged(given.condition, maps, given.draws).assign(**names))
    draws = pd.concat(rows)
    draws.to_csv(given.csv, index=False)
    print(rates(draws).to_string(float_format="{:.3f}".format))


def heatmaps(
    condition: Path, settings: dict, explainer: str, size: int, networks: dict, splits: list
) -> dict[str, np.ndarray]:
    """Return the heatmap of each draw, by expression."""
    corpus = condition / "faces" / condition.name
    row = asked(settings["explainers"][explainer], settings["baselines"])
    places = {
        name: {condition.name: corpus / f"{name}.npy"}
        for name in ("faces", "landmarks", f"superpixels/{row['superpixels']}/{size}")
    }
    pixels, landmarks, superpixels = places.values()
    extras = {(condition.name, name): corpus / f"{name}.npy" for name in needs(row)}
    load_face = face_loader(splits[0], pixels, superpixels, extras)
    seed, inference = settings["study"]["seed"], settings["inference"]
    explained = explain_null(networks, splits, row, size, load_face, seed, inference)
    atlas = Atlas.of(read_landmarks(PROJECT / "resources" / "canonical_landmarks.csv"))
    how = landmarks, superpixels, False, (len(splits), settings["study"]["folds"]), atlas
    return {
        expression: average_explanations(
            [one for (_, name), one in explained.items() if name == expression],
            expression, splits[0], *how,
        )[1].repeats
        for expression in EXPRESSIONS
    }  # fmt: skip


def judged(condition: Path, maps: dict[str, np.ndarray], draws: int) -> pd.DataFrame:
    """Return a row a draw: what is said of its mean AUROC and of its specificity."""
    regions = {
        ("exact", name): np.load(condition / "references" / "exact" / f"{name}.npy")
        for name in EXPRESSIONS
    }
    kinds = kinds_of(draws)
    level = measure_null(maps, kinds, regions)
    rows = map(contrasted, level.value[position("auroc")])
    return pd.DataFrame(rows)[["value", "specificity", "p"]].assign(kind=kinds)


def rates(draws: pd.DataFrame) -> pd.DataFrame:
    """Return how often draws are called specific, and found."""
    rows = {}
    for names, part in draws.groupby(["explainer", "chosen_by", "kind"], sort=False):
        specific = int((part["p"] <= ERROR).sum())
        interval = stats.binomtest(specific, len(part)).proportion_ci()
        rows[names] = {
            "draws": len(part),
            "auroc": part["value"].mean(),
            "specificity": part["specificity"].mean(),
            "specific": specific / len(part),
            "low": interval.low,
            "high": interval.high,
            "found": (part["value"] >= FOUND).mean(),
        }
    return pd.DataFrame(rows).T


if __name__ == "__main__":
    main()
