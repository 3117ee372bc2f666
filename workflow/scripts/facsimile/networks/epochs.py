"""What a network is shown in an epoch of its training, made on its device.

The faces go there once, as bytes, and what is drawn for an epoch at its beginning: from batch to
batch nothing is copied, and nothing waited for.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from facsimile import devices, seeds
from facsimile.networks import augmentation
from facsimile.networks.network import scaled, to_pixels
from facsimile.networks.recipe import Recipe

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Corpus:
    """The faces of a training, at the size of its network, and their labels.

    ``faces`` (N, S, S) uint8, on the device; or, beside a CPU or a GPU that has not the memory for
    all of them, as they are, maybe on disk. ``labels`` (N,) int64, on the device.
    """

    faces: Tensor | np.ndarray
    labels: Tensor

    @classmethod
    def on(cls, device: str, faces: np.ndarray, labels: np.ndarray) -> Self:
        """Bring faces (N, S, S) uint8 and labels (N,) to a device."""
        wanted = torch.from_numpy(np.array(labels, np.int64)).to(device)
        if torch.device(device).type == "cpu":
            return cls(faces, wanted)
        try:
            return cls(torch.from_numpy(np.array(faces[:])).to(device), wanted)
        except Exception as error:
            if not devices.is_full(error):
                raise
        log.warning("%s has not the memory for all faces: they are copied batch by batch", device)
        return cls(faces, wanted)

    def pixels(self, rows: np.ndarray, there: Tensor) -> Tensor:
        """Return faces as pixels in [0, 1], (n, 1, S, S), on the device.

        Parameters
        ----------
        rows, there : places of the faces, (n,), and the same on the device.
        """
        if isinstance(self.faces, Tensor):
            return scaled(self.faces[there])
        return to_pixels(self.faces[rows], self.labels.device)

    def plain(self, order: np.ndarray, batch_size: int) -> Iterator[Tensor]:
        """Yield all faces as they are, in an order, in batches."""
        device = self.labels.device
        for rows in batches(order, batch_size):
            yield self.pixels(rows, torch.from_numpy(rows).to(device))

    def epoch(self, recipe: Recipe, seed: int, number: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield each face once, in random order, changed as the recipe says: pixels and targets.

        Parameters
        ----------
        seed : of the training.
        number : of the epoch, counted from one.
        """
        generator = seeds.generator(seed, "epoch", recipe.architecture, number)
        share, device = occluded(recipe, number), self.labels.device
        order = generator.permutation(len(self.labels))
        changes = augmentation.draw(len(order), generator)[torch.from_numpy(order)].to(device)
        there = torch.from_numpy(order).to(device)
        targets, parts = self.labels[there], batches(order, recipe.batch_size)
        size = self.faces.shape[-1]
        squares = [
            augmentation.draw_squares(len(rows), size, share, generator).to(device)
            for rows in (parts if share else ())
        ]
        stop = 0
        for number, rows in enumerate(parts):
            part = slice(stop, stop := stop + len(rows))
            pixels = self.pixels(rows, there[part])
            if recipe.augment:
                pixels = augmentation.apply(changes[part], pixels)
            if share:
                pixels = augmentation.occlude(squares[number], pixels)
            yield pixels, targets[part]


def batches(rows: np.ndarray, size: int) -> list[np.ndarray]:
    """Split rows into even batches of at most ``size``, none of a single row if avoidable.

    A leftover batch of one face has no variance, and batch normalisation fails on it.
    """
    return np.array_split(rows, parts_of(len(rows), size))


def parts_of(count: int, size: int) -> int:
    """Return into how many parts ``batches`` splits so many rows."""
    return max(1, min(-(-count // size), count // 2))


def occluded(recipe: Recipe, epoch: int) -> float:
    """Return the share of faces of which parts are hidden in an epoch, counted from one.

    It grows, since networks that meet half faces from the first step on may never start to learn.
    The last epoch has all of it, and so has the only one of a training of one epoch.
    """
    if recipe.epochs == 1:
        return recipe.occlude_share
    return recipe.occlude_share * (epoch - 1) / (recipe.epochs - 1)
