"""Networks that know nothing of expressions: untrained, or trained on labels without meaning.

What their heatmaps score is what chance gives.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from safetensors.torch import load_file
from torch import nn

from facsimile.faces.images import resize
from facsimile.faces.null import kinds_of, null_seed
from facsimile.names import SHUFFLED
from facsimile.networks.crossvalidation import Trained, train_fold
from facsimile.networks.network import Network, build
from facsimile.networks.recipe import Recipe

log = logging.getLogger(__name__)

NAME = "null"
"""Of all of them, as of one network."""


def train_null(
    recipe: Recipe,
    splits: Sequence[pd.DataFrame],
    pixels: Mapping[str, str | Path],
    seed: int,
    device: str = "cpu",
    threads: int = 1,
    deterministic: bool = True,
) -> tuple[nn.ModuleDict, pd.DataFrame]:
    """Make the networks of all draws.

    Untrained ones are what a training of no epochs gives, statistics of batch normalisation
    included.

    Parameters
    ----------
    recipe : of all of them; ``epochs`` is for those trained.
    splits : the faces as each draw has them, see ``faces.null.split_draws``.
    pixels : the file with the faces of each corpus.
    seed : of the study.
    device, threads, deterministic : see ``training.train``.

    Returns
    -------
    The networks, called ``draw/fold``, and a row for each: kind, draw, fold, ``learned``, the share
    of its training faces that it gave the label it was told as it met them last (empty where it met
    none), and ``accuracy``, that of new people's faces that it gave their true one.
    """
    size, networks, rows = recipe.input_size, {}, []
    machine = device, threads, deterministic
    small = {corpus: resize(np.load(path, "r"), size) for corpus, path in pixels.items()}
    for (draw, faces), kind in zip(enumerate(splits), kinds_of(len(splits) // 2), strict=True):
        how = replace(recipe, epochs=recipe.epochs if kind == SHUFFLED else 0)
        told = faces.assign(expression=faces["told"])
        for fold in sorted(set(faces["fold"])):
            place = NAME, draw, fold
            made = train_fold(how, told, small, place, null_seed(seed), None, *machine)
            networks[f"{draw}/{fold}"] = made.network
            rows.append({"kind": kind, "draw": draw, "fold": fold, **_learned(made, faces)})
    table = pd.DataFrame(rows)
    log.info("%d networks that know nothing", len(table))
    return nn.ModuleDict(networks), table


def _learned(made: Trained, faces: pd.DataFrame) -> dict[str, float]:
    """Return how far a network learned what it was told, and what is true."""
    history, answers = made.history, made.predictions.set_index("id")["predicted"]
    true = faces.set_index("id")["expression"][answers.index]
    return {
        "learned": history["accuracy"].iloc[-1] if len(history) else np.nan,
        "accuracy": (answers == true).mean(),
    }


def load_null(recipe: Recipe, path: str | Path) -> dict[tuple[int, int], Network]:
    """Return the networks of ``train_null`` as ``evaluation.save`` wrote them.

    By draw and fold; on the CPU, and in evaluation mode.
    """
    states: dict[str, dict] = {}
    for name, tensor in load_file(path).items():
        place, _, own = name.partition(".")
        states.setdefault(place, {})[own] = tensor
    networks = {}
    for place, state in states.items():
        network = build(recipe.architecture, recipe.input_size, recipe.input_scaling)
        network.load_state_dict(state)
        draw, fold = map(int, place.split("/"))
        networks[draw, fold] = network.eval()
    return networks
