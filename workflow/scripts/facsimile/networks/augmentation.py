"""Random changes to training faces: flip, rotation, shift and contrast; and parts hidden."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

ROTATION = 0.03 * 2 * math.pi
"""Largest rotation, in radians: 0.03 of a turn."""

SHIFT = 0.05
"""Largest shift, as a share of width and of height."""

CONTRAST = 0.1
"""Largest change of contrast, as a share."""

SQUARES = 6
"""Squares to a side of a face, of which each is hidden or not: about a superpixel's size."""


@dataclass(frozen=True)
class Changes:
    """One draw of changes for each of N faces: arrays of N, ``shift`` N x 2 (x, y)."""

    flip: np.ndarray
    rotation: np.ndarray
    shift: np.ndarray
    contrast: np.ndarray

    def __getitem__(self, rows: np.ndarray) -> "Changes":
        """Return the changes of some of the faces."""
        return Changes(self.flip[rows], self.rotation[rows], self.shift[rows], self.contrast[rows])


def draw(count: int, generator: np.random.Generator) -> Changes:
    """Return the changes of one epoch, drawn for all faces at once and so whatever the batches."""
    return Changes(
        flip=generator.random(count) < 0.5,
        rotation=generator.uniform(-ROTATION, ROTATION, count),
        shift=generator.uniform(-SHIFT, SHIFT, (count, 2)),
        contrast=generator.uniform(1 - CONTRAST, 1 + CONTRAST, count),
    )


def apply(changes: Changes, pixels: Tensor) -> Tensor:
    """Return changed pixels (N, C, S, S) in [0, 1]; what moves in from outside is a mirror image.

    The fill by reflection, and contrast as a stretch about each image's mean, are those of Keras'
    ``RandomRotation``, ``RandomTranslation`` and ``RandomContrast``.
    """
    cosine, sine = np.cos(changes.rotation), np.sin(changes.rotation)
    mirror = np.where(changes.flip, -1.0, 1.0)
    # affine_grid counts from the centre in half widths: a shift of one width is 2.
    horizontal = np.stack([mirror * cosine, -mirror * sine, 2 * changes.shift[:, 0]], axis=1)
    vertical = np.stack([sine, cosine, 2 * changes.shift[:, 1]], axis=1)
    transform = torch.from_numpy(np.stack([horizontal, vertical], axis=1)).to(pixels)
    grid = functional.affine_grid(transform, list(pixels.shape), align_corners=False)
    moved = functional.grid_sample(
        pixels, grid, mode="bilinear", padding_mode="reflection", align_corners=False
    )
    contrast = torch.from_numpy(changes.contrast).to(pixels).view(-1, 1, 1, 1)
    mean = moved.mean(dim=(1, 2, 3), keepdim=True)
    return ((moved - mean) * contrast + mean).clamp(0, 1)


def occlude(pixels: Tensor, share: float, generator: np.random.Generator) -> Tensor:
    """Return pixels (N, C, S, S), some of the faces with about half of their squares black.

    Networks that have seen hidden parts are at home with what explainers show them. After
    hide-and-seek (Singh and Lee, ICCV 2017); here the grid lies elsewhere in each face.

    Parameters
    ----------
    share : of the faces from which parts are hidden; the others are whole.
    """
    count, size = len(pixels), pixels.shape[-1]
    hidden = generator.random((count, SQUARES + 1, SQUARES + 1)) < 0.5
    hidden &= (generator.random(count) < share)[:, None, None]
    square = (np.arange(size) / size + generator.random((2, count, 1)) / SQUARES) * SQUARES
    down, across = square.astype(int)
    faces = np.arange(count)[:, None, None]
    shown = ~hidden[faces, down[:, :, None], across[:, None, :]]
    return pixels * torch.from_numpy(shown).to(pixels)[:, None]
