"""Keeping a trained network, and predicting with it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from facsimile import EXPRESSIONS, files
from facsimile.faces.images import resize
from facsimile.networks.memory import sparing
from facsimile.networks.network import Network, build, to_pixels
from facsimile.networks.recipe import Recipe
from facsimile.networks.reproducible import reproducible


def save(network: nn.Module, path: Path) -> None:
    """Write a network's weights and batch-norm statistics as safetensors."""
    state = {name: tensor.cpu().contiguous() for name, tensor in network.state_dict().items()}
    with files.atomic(path) as draft:
        save_file(state, draft)


def load(recipe: Recipe, path: Path, device: str = "cpu") -> Network:
    """Return the network that ``save`` wrote, on the device and in evaluation mode."""
    network = build(recipe.architecture, recipe.input_size, recipe.input_scaling)
    network.load_state_dict(load_file(path))
    return network.to(device).to(memory_format=torch.channels_last).eval()


@torch.inference_mode()
def predict(
    network: nn.Module,
    faces: np.ndarray,
    input_size: int,
    device: str = "cpu",
    threads: int = 1,
    deterministic: bool = True,
    batch_size: int = 32,
) -> np.ndarray:
    """Return the softmax probabilities (N, outputs), float32, of uint8 faces.

    Faces are (N, S, S), or in colour (N, S, S, 3). Where the device has not the memory for a batch,
    it is halved.
    """
    network = network.to(device).eval()

    def answers(at_once: int) -> np.ndarray:
        probabilities = [np.empty((0, len(EXPRESSIONS)), np.float32)] * (len(faces) == 0)
        for first in range(0, len(faces), at_once):
            pixels = to_pixels(resize(faces[first : first + at_once], input_size), device)
            probabilities.append(network(pixels).softmax(dim=1).cpu().numpy())
        return np.concatenate(probabilities)

    with reproducible(0, device, threads, deterministic):
        return sparing(answers, batch_size, device)[0]


def predictions(
    ids: Sequence,
    repeat: int,
    fold: int,
    labels: np.ndarray,
    probabilities: np.ndarray,
    further: Sequence[str] = (),
) -> pd.DataFrame:
    """Return one row a face: id, repeat, fold, expression, predicted, and probabilities by name.

    ``predicted`` is the likeliest of the six expressions, whose probabilities come first;
    ``further`` are the names of what else the network tells apart.
    """
    names = np.array(EXPRESSIONS)
    table = pd.DataFrame(probabilities, columns=[*EXPRESSIONS, *further])
    table.insert(0, "id", list(ids))
    table.insert(1, "repeat", repeat)
    table.insert(2, "fold", fold)
    table.insert(3, "expression", names[labels])
    table.insert(4, "predicted", names[probabilities[:, : len(names)].argmax(axis=1)])
    return table
