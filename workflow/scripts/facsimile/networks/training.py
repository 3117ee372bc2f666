"""Training one network on the training faces of one fold."""

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import update_bn

from facsimile import errors, seeds
from facsimile.faces.images import resize
from facsimile.networks import augmentation, pretrained
from facsimile.networks.network import Network, build, to_pixels
from facsimile.networks.recipe import Recipe
from facsimile.networks.reproducible import reproducible
from facsimile.networks.resuming import History, load_state, save_state

logger = logging.getLogger(__name__)

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
    initial : backbone weights that ``pretrained.fetch`` wrote; needed unless ``weights`` is random.
    state : where to keep the training after each epoch; one that is there is gone on with, to the
        same bytes as without a break. It has to be of the same arguments.

    Returns
    -------
    The network, and a table with a row an epoch: epoch, loss and accuracy on the training faces.

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
    with reproducible(seeds.derive(seed, "dropout", recipe.architecture), device, threads):
        network.to(device).to(memory_format=torch.channels_last)
        history = _fit(network, recipe, faces, labels, seed, device, state)
        # Running statistics lag far behind the weights after so few steps (torchvision's
        # MobileNetV3 forgets 1 % a step): take them anew, with the weights as they are now.
        order = seeds.generator(seed, "statistics").permutation(len(faces))
        parts = batches(order, recipe.batch_size)
        update_bn((to_pixels(faces[rows], device) for rows in parts), network)
    return network.cpu().eval(), pd.DataFrame(history)


def batches(rows: np.ndarray, size: int) -> list[np.ndarray]:
    """Split rows into even batches of at most ``size``, none of a single row if avoidable.

    A leftover batch of one face has no variance, and batch normalisation fails on it.
    """
    count = min(-(-len(rows) // size), len(rows) // 2)
    return np.array_split(rows, max(1, count))


def _fit(
    network: nn.Module,
    recipe: Recipe,
    faces: np.ndarray,
    labels: np.ndarray,
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
    for epoch in range(len(history) + 1, recipe.epochs + 1):
        loss, right = 0.0, 0
        for pixels, targets in _epoch(recipe, faces, labels, seed, epoch, device):
            batch_loss, batch_right = _step(network, optimiser, pixels, targets)
            loss += batch_loss * len(targets) / len(faces)
            right += batch_right
        if not np.isfinite(loss):
            raise errors.UserError(
                f"The loss of '{recipe.architecture}' is not a number after epoch {epoch}: "
                f"`learning_rate`, {recipe.learning_rate:g}, is too high; lower it ten times."
            )
        accuracy = right / len(faces)
        logger.info(
            "epoch %d/%d: loss %.2f, accuracy %.0f %%", epoch, recipe.epochs, loss, 100 * accuracy
        )
        history.append({"epoch": epoch, "loss": loss, "accuracy": accuracy})
        if state:
            save_state(state, network, optimiser, history, device)
    return history


def _epoch(
    recipe: Recipe,
    faces: np.ndarray,
    labels: np.ndarray,
    seed: int,
    epoch: int,
    device: str,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield every face once, in random order, as pixels and targets."""
    generator = seeds.generator(seed, "epoch", recipe.architecture, epoch)
    share = occluded(recipe, epoch)
    order = generator.permutation(len(faces))
    changes = augmentation.draw(len(faces), generator)
    for rows in batches(order, recipe.batch_size):
        pixels = to_pixels(faces[rows], device)
        if recipe.augment:
            pixels = augmentation.apply(changes[rows], pixels)
        if share:
            pixels = augmentation.occlude(pixels, share, generator)
        yield pixels, torch.from_numpy(np.asarray(labels)[rows].astype(np.int64)).to(device)


def occluded(recipe: Recipe, epoch: int) -> float:
    """Return the share of faces of which parts are hidden in an epoch, counted from one.

    It grows, since networks that meet half faces from the first step on may never start to learn.
    The last epoch has all of it, and so has the only one of a training of one epoch.
    """
    if recipe.epochs == 1:
        return recipe.occlude_share
    return recipe.occlude_share * (epoch - 1) / (recipe.epochs - 1)


def _step(
    network: nn.Module, optimiser: torch.optim.Optimizer, pixels: Tensor, targets: Tensor
) -> tuple[float, int]:
    """Take one step; return the loss and the number of faces classified right before it."""
    network.train()
    optimiser.zero_grad()
    logits = network(pixels.contiguous(memory_format=torch.channels_last))
    loss = functional.cross_entropy(logits, targets)
    loss.backward()
    optimiser.step()
    return loss.item(), int((logits.argmax(dim=1) == targets).sum())
