"""Training a network for one fold of a repeat: on the other folds' faces, to answer for its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from facsimile.faces.dataset import Rows, labels
from facsimile.networks import evaluation
from facsimile.networks.network import Network
from facsimile.networks.recipe import Recipe
from facsimile.networks.training import train
from facsimile.seeds import derive


@dataclass(frozen=True)
class Trained:
    """A network, on the CPU, with the tables of its training and of its answers.

    ``history`` has a row an epoch, ``predictions`` a row a face of the fold; beside what
    ``training.train`` and ``evaluation.predictions`` say, columns network, repeat and fold.
    """

    network: Network
    history: pd.DataFrame
    predictions: pd.DataFrame


def train_fold(
    recipe: Recipe,
    faces: pd.DataFrame,
    pixels: Mapping[str, str | Path | np.ndarray],
    place: tuple[str, int, int],
    seed: int,
    initial: Path | None = None,
    device: str = "cpu",
    threads: int = 1,
    deterministic: bool = True,
    state: Path | None = None,
) -> Trained:
    """Train a network on all faces but a fold's, and predict these.

    Parameters
    ----------
    recipe : the network and how to train it.
    faces : of the study, with the folds of this repeat: id, corpus, row, expression, fold.
    pixels : the file with the faces of each corpus, or the faces.
    place : names of network, repeat and fold, of which the draws are made.
    seed : of the study.
    initial, device, threads, deterministic, state : see ``training.train``.
    """
    network, repeat, fold = place
    learn, test = faces[faces["fold"] != fold], faces[faces["fold"] == fold]
    # Read from disk batch by batch, they stand for arrays.
    seen: Any = Rows(learn, pixels)
    unseen: Any = Rows(test, pixels)
    draws = derive(seed, "network", network, repeat, fold)
    machine = device, threads, deterministic
    trained, history = train(recipe, seen, labels(learn), draws, *machine, initial, state)
    answers = evaluation.predict(trained, unseen, recipe.input_size, *machine)
    predictions = evaluation.predictions(list(test["id"]), repeat, fold, labels(test), answers)
    return Trained(
        trained,
        history.assign(network=network, repeat=repeat, fold=fold),
        predictions.assign(network=network),
    )
