"""Asking a finished network about all faces of a study: no training, and no fold kept aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.dataset import Rows, labels
from facsimile.networks import evaluation
from facsimile.networks.checkpoints import load_finished, sha256_of
from facsimile.networks.finished import Finished
from facsimile.networks.reproducible import reproducible

HISTORY = ("epoch", "loss", "accuracy", "at_once", "network", "repeat", "fold")
"""Columns of the history of a training."""


@dataclass(frozen=True)
class Asked:
    """What a finished network answered, in the place of what a training gives.

    ``history`` has no row, since there was no epoch; ``predictions`` has one a face, all of repeat
    0 and fold 0; ``record`` says which network it is.
    """

    history: pd.DataFrame
    predictions: pd.DataFrame
    record: dict[str, str]


def ask(
    name: str,
    row: Finished,
    faces: pd.DataFrame,
    pixels: Mapping[str, str | Path],
    device: str = "cpu",
    threads: int = 1,
    deterministic: bool = True,
) -> Asked:
    """Have a finished network answer for all faces.

    Parameters
    ----------
    name : of the network.
    faces : of the study: id, corpus, row, expression.
    pixels : the file of each corpus, with the faces as this network sees them.

    Raises
    ------
    UserError
        If the network cannot be loaded, or an answer is not a number; see `load_finished`.
    """
    with reproducible(0, device, threads, deterministic):
        network = load_finished(row, device)
    shown: Any = Rows(faces, pixels)  # read from disk batch by batch, it stands for an array
    answers = evaluation.predict(network, shown, row.input_size, device, threads, deterministic)
    unsure = ~np.isfinite(answers).all(axis=1)
    if unsure.any():
        raise UserError(
            f"Network '{name}' answers with what is not a number for {unsure.sum()} of "
            f"{len(faces)} faces, the first of them '{faces['id'][unsure].iloc[0]}': see to its "
            "`scaling`."
        )
    table = evaluation.predictions(
        list(faces["id"]), 0, 0, labels(faces), answers, row.further
    ).assign(network=name)
    return Asked(pd.DataFrame(columns=list(HISTORY)), table, _record(name, row, answers))


def _record(name: str, row: Finished, answers: np.ndarray) -> dict[str, str]:
    """Return which network was asked, and how often it named something else than the six."""
    path = row.checkpoint.parent if row.is_folder else row.checkpoint
    given = {"checkpoint": f"{name}: {path.name}", "sha256": sha256_of(row.files)}
    likeliest = answers.argmax(axis=1)
    for place, answer in enumerate(row.further, start=len(EXPRESSIONS)):
        share = (likeliest == place).mean()
        given[f"answered {answer}"] = f"{share:.0%} of faces by {name}"
    return given | ({"seen in training": f"{name}: {row.seen}"} if row.seen else {})
