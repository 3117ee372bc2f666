"""Training one network on the training faces of one fold."""

import logging
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import update_bn
from tqdm import tqdm

from facsimile import errors, seeds
from facsimile.faces.images import resize
from facsimile.networks import pretrained
from facsimile.networks.epochs import Corpus, parts_of
from facsimile.networks.memory import sparing
from facsimile.networks.network import Network, build
from facsimile.networks.recipe import Recipe
from facsimile.networks.reproducible import reproducible
from facsimile.networks.resuming import History, load_state, save_state

logger = logging.getLogger(__name__)

APART = 2
"""Seconds between lines on epochs; the last has one in any case."""

# Constants as in Keras, the library of the study: PyTorch's are 1e-8 for both, and 0.99.
OPTIMISERS = {
    "adam": lambda weights, rate: torch.optim.Adam(weights, rate, eps=1e-7),
    "rmsprop": lambda weights, rate: torch.optim.RMSprop(weights, rate, alpha=0.9, eps=1e-7),
}


def train(
    recipe: Recipe,
    faces: np.ndarray,
    labels: np.ndarray,
    seed: int,
    device: str = "cpu",
    threads: int = 1,
    deterministic: bool = True,
    initial: Path | None = None,
    state: Path | None = None,
) -> tuple[Network, pd.DataFrame]:
    """Return a trained network, on the CPU and in evaluation mode, and its history.

    Cross-entropy over shuffled batches; the same arguments give the same bytes.

    Parameters
    ----------
    recipe : the network and how to train it.
    faces : (N, S, S) uint8, grey, at any size; a memory map will do.
    labels : (N,) places of the faces' expressions in ``EXPRESSIONS``.
    seed : of the random weights, the order of faces, augmentation and dropout.
    device : as PyTorch names it.
    threads : CPU threads to use; they decide the last digits.
    deterministic : see ``reproducible``.
    initial : backbone weights that ``pretrained.fetch`` wrote; needed unless ``weights`` is random.
    state : where to keep the training after each epoch; one that is there is gone on with, to the
        same bytes as without a break. It has to be of the same arguments.

    Returns
    -------
    The network, and a table with a row an epoch: epoch, loss and accuracy on the training faces,
    and ``at_once``, how many faces the device took at once: a batch, or less where it had not the
    memory for one.

    Raises
    ------
    UserError
        If there are fewer than two faces, or the loss is no longer a number.
    """
    if len(faces) < 2:
        raise errors.UserError(
            f"Training '{recipe.architecture}' needs two faces or more, but the training side of "
            f"this fold has {len(faces)}: add faces, or use fewer folds."
        )
    if recipe.weights != "random" and initial is None:
        raise ValueError(f"weights '{recipe.weights}' without a file that holds them")
    network = build(recipe.architecture, recipe.input_size, recipe.input_scaling, seed)
    if initial is not None:
        pretrained.start(network, initial)
    faces = resize(faces, recipe.input_size)
    draws = seeds.derive(seed, "dropout", recipe.architecture)
    with reproducible(draws, device, threads, deterministic):
        network.to(device).to(memory_format=torch.channels_last)
        corpus = Corpus.on(device, faces, labels)
        history = _fit(network, recipe, corpus, seed, device, state)
        # Running statistics lag far behind the weights after so few steps (torchvision's
        # MobileNetV3 forgets 1 % a step): take them anew, with the weights as they are now.
        order = seeds.generator(seed, "statistics").permutation(len(faces))
        sparing(
            lambda at_once: update_bn(corpus.plain(order, at_once), network),
            _at_once(history, recipe),
            device,
            least=2,
        )
    return network.cpu().eval(), pd.DataFrame(history)


def _fit(
    network: nn.Module,
    recipe: Recipe,
    corpus: Corpus,
    seed: int,
    device: str,
    state: Path | None,
) -> History:
    if recipe.optimiser not in OPTIMISERS:
        raise errors.unknown("optimiser", recipe.optimiser, OPTIMISERS)
    optimiser = OPTIMISERS[recipe.optimiser](network.parameters(), recipe.learning_rate)
    history = load_state(state, network, optimiser, device) if state else []
    if history:
        logger.info("goes on after epoch %d/%d", len(history), recipe.epochs)
    before, start = len(history), time.perf_counter()
    told = start
    for epoch in range(len(history) + 1, recipe.epochs + 1):
        at_once, steps = _at_once(history, recipe), []
        for pixels, targets in corpus.epoch(recipe, seed, epoch):
            batch = pixels, targets, at_once, recipe.precision
            found, at_once = step(network, optimiser, *batch)
            steps.append(found)
        loss, accuracy = means(steps)
        if not np.isfinite(loss):
            raise errors.UserError(
                f"The loss of '{recipe.architecture}' is not a number after epoch {epoch}: "
                f"`learning_rate`, {recipe.learning_rate:g}, is too high; lower it ten times."
            )
        now = time.perf_counter()
        if now - told >= APART or epoch == recipe.epochs:
            seconds, told = (now - start) / (epoch - before), now
            logger.info(
                "epoch %d/%d: loss %.2f, accuracy %.0f %%, %.0f faces a second, %s left",
                *(epoch, recipe.epochs, loss, 100 * accuracy),
                sum(faces for faces, *_ in steps) / seconds,
                tqdm.format_interval(seconds * (recipe.epochs - epoch)),
            )
        row = {"epoch": epoch, "loss": loss, "accuracy": accuracy, "at_once": at_once}
        history.append(row)
        if state:
            save_state(state, network, optimiser, history, device)
    return history


def _at_once(history: History, recipe: Recipe) -> int:
    """Return how many faces the device had the memory for in the last epoch."""
    return int(history[-1]["at_once"]) if history else recipe.batch_size


Step = tuple[int, Tensor, Tensor]
"""Faces of a step; their mean loss before it, and how many of them were right: on the device."""


def step(
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    pixels: Tensor,
    targets: Tensor,
    at_once: int,
    precision: str = "float32",
) -> tuple[Step, int]:
    """Take one step; return it, and how many faces at once the device had the memory for.

    Gradients of parts add up to those of the batch, but batch normalisation, where there is any,
    takes its statistics over each part.
    """
    network.train()

    def add_gradients(at_once: int) -> tuple[Tensor, Tensor]:
        optimiser.zero_grad()
        parts = parts_of(len(targets), at_once)
        sums = [
            _add_gradient(network, some, wanted, len(wanted) / len(targets), precision)
            for some, wanted in zip(
                pixels.tensor_split(parts), targets.tensor_split(parts), strict=True
            )
        ]
        losses, right = zip(*sums, strict=True)
        return sum(losses[1:], losses[0]), sum(right[1:], right[0])

    found, at_once = sparing(add_gradients, at_once, str(pixels.device), least=2)
    optimiser.step()
    return (len(targets), *found), at_once


def _add_gradient(
    network: nn.Module, pixels: Tensor, targets: Tensor, share: float, precision: str
) -> tuple[Tensor, Tensor]:
    """Add what a part of a batch gives to the gradient; return its share of the loss, and hits."""
    kind, lower = pixels.device.type, precision == "bfloat16"
    with torch.autocast(kind, torch.bfloat16, enabled=lower):
        logits = network(pixels.contiguous(memory_format=torch.channels_last))
    logits = logits.float() if lower else logits
    loss = functional.cross_entropy(logits, targets) * share
    loss.backward()
    return loss.detach(), (logits.detach().argmax(dim=1) == targets).sum()


def means(steps: Sequence[Step]) -> tuple[float, float]:
    """Return the loss and accuracy of an epoch; once in it, the device is waited for."""
    counts, losses, right = zip(*steps, strict=True)
    faces, loss = sum(counts), 0.0
    for count, value in zip(counts, torch.stack(losses).tolist(), strict=True):
        loss += value * count / faces
    return loss, int(torch.stack(right).sum()) / faces
