"""Keeping a trained network, predicting with it, and scoring its predictions."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from safetensors.torch import load_file, save_file
from sklearn.metrics import accuracy_score, precision_recall_fscore_support
from torch import nn

from facsimile import EXPRESSIONS, files
from facsimile.faces.images import resize
from facsimile.networks.architectures import build, to_pixels
from facsimile.networks.reproducible import reproducible
from facsimile.networks.training import Recipe

SCORES = ("accuracy", "precision", "recall", "f1")


def save(network: nn.Module, path: Path) -> None:
    """Write a network's weights and batch-norm statistics as safetensors."""
    state = {name: tensor.cpu().contiguous() for name, tensor in network.state_dict().items()}
    with files.atomic(path) as draft:
        save_file(state, draft)


def load(recipe: Recipe, path: Path, device: str = "cpu") -> nn.Module:
    """Return the network that ``save`` wrote, on the device and in evaluation mode."""
    network = build(recipe.architecture, recipe.input_size, recipe.input_scaling)
    network.load_state_dict(load_file(path))
    return network.to(device, memory_format=torch.channels_last).eval()


@torch.inference_mode()
def predict(
    network: nn.Module,
    faces: np.ndarray,
    input_size: int,
    device: str = "cpu",
    threads: int = 1,
    batch: int = 32,
) -> np.ndarray:
    """Return the softmax probabilities (N, 6), float32, of uint8 grey faces (N, S, S)."""
    network = network.to(device).eval()
    probabilities = np.empty((len(faces), len(EXPRESSIONS)), np.float32)
    with reproducible(0, device, threads):
        for first in range(0, len(faces), batch):
            part = slice(first, first + batch)
            logits = network(to_pixels(resize(faces[part], input_size), device))
            probabilities[part] = logits.softmax(dim=1).cpu().numpy()
    return probabilities


def predictions(
    ids: Sequence, fold: int, labels: np.ndarray, probabilities: np.ndarray
) -> pd.DataFrame:
    """Return one row a face: id, fold, expression, predicted, and six probabilities by name."""
    names = np.array(EXPRESSIONS)
    table = pd.DataFrame(probabilities, columns=names)
    table.insert(0, "id", list(ids))
    table.insert(1, "fold", fold)
    table.insert(2, "expression", names[labels])
    table.insert(3, "predicted", names[probabilities.argmax(axis=1)])
    return table


def classification(predictions: pd.DataFrame) -> pd.DataFrame:
    """Return one row of scores: the mean over folds and its spread.

    Parameters
    ----------
    predictions : rows of ``predictions``, of any number of folds.

    Returns
    -------
    Columns accuracy, precision, recall, f1 (macro averages over the expressions that occur in a
    fold, as labels or predictions; the mean over folds), the same with ``_std`` (sample standard
    deviation over folds, empty for a single one), folds and faces.
    """
    folds = pd.DataFrame(
        [_scores(fold) for _, fold in predictions.groupby("fold")], columns=list(SCORES)
    )
    spread = folds.std(ddof=1).add_suffix("_std")
    counts = {"folds": len(folds), "faces": len(predictions)}
    return pd.DataFrame([{**folds.mean(), **spread, **counts}])


def _scores(fold: pd.DataFrame) -> tuple[float, ...]:
    labels, predicted = fold["expression"], fold["predicted"]
    precision, recall, f1, _ = precision_recall_fscore_support(
        labels, predicted, average="macro", zero_division=0
    )
    return accuracy_score(labels, predicted), precision, recall, f1
