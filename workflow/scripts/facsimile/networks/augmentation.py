"""Random changes to training faces: flip, rotation, shift and contrast; and parts hidden.

They are drawn on the CPU, and made on the device where the faces are. (torchvision's transforms
change all faces of a batch alike, or one after the other.)
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

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


class _Drawn:
    """What was drawn for each of N faces: tensors with the faces along the first axis."""

    def to(self, device: str | torch.device) -> Self:
        """Return the same on a device."""
        return self._each(lambda drawn: drawn.to(device))

    def __getitem__(self, rows: slice | Tensor) -> Self:
        """Return what was drawn for some of the faces."""
        return self._each(lambda drawn: drawn[rows])

    def _each(self, change: Callable[[Tensor], Tensor]) -> Self:
        return type(self)(**{name: change(drawn) for name, drawn in vars(self).items()})


@dataclass(frozen=True)
class Changes(_Drawn):
    """How each of N faces is changed.

    ``affine`` (N, 2, 3) leads from pixels to where they come from, as ``affine_grid`` has it;
    ``contrast`` (N,) is a factor. Both are float32.
    """

    affine: Tensor
    contrast: Tensor

    @classmethod
    def of(
        cls, flip: np.ndarray, rotation: np.ndarray, shift: np.ndarray, contrast: np.ndarray
    ) -> Self:
        """Return the changes of N faces: arrays of N, ``shift`` N x 2 (x, y), in shares."""
        cosine, sine = np.cos(rotation), np.sin(rotation)
        mirror = np.where(flip, -1.0, 1.0)
        # affine_grid counts from the centre in half widths: a shift of one width is 2.
        horizontal = np.stack([mirror * cosine, -mirror * sine, 2 * shift[:, 0]], axis=1)
        vertical = np.stack([sine, cosine, 2 * shift[:, 1]], axis=1)
        affine = torch.from_numpy(np.stack([horizontal, vertical], axis=1)).float()
        return cls(affine, torch.from_numpy(contrast).float())


def draw(count: int, generator: np.random.Generator) -> Changes:
    """Return the changes of one epoch, drawn for all faces at once and so whatever the batches."""
    return Changes.of(
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
    grid = functional.affine_grid(changes.affine, list(pixels.shape), align_corners=False)
    moved = functional.grid_sample(
        pixels, grid, mode="bilinear", padding_mode="reflection", align_corners=False
    )
    contrast = changes.contrast.view(-1, 1, 1, 1)
    mean = moved.mean(dim=(1, 2, 3), keepdim=True)
    return ((moved - mean) * contrast + mean).clamp(0, 1)


@dataclass(frozen=True)
class Squares(_Drawn):
    """Which parts of N faces are hidden, in squares that lie elsewhere in each face.

    ``hidden`` (N, 7, 7) bool, by row and column of squares; ``places`` (N, 2, S) uint8, the square
    that each row and each column of pixels lies in.
    """

    hidden: Tensor
    places: Tensor


def draw_squares(count: int, size: int, share: float, generator: np.random.Generator) -> Squares:
    """Return about half of the squares of some faces, to be hidden.

    Parameters
    ----------
    count, size : of the faces, and their width in pixels.
    share : of the faces from which parts are hidden; the others are whole.
    """
    hidden = generator.random((count, SQUARES + 1, SQUARES + 1)) < 0.5
    hidden &= (generator.random(count) < share)[:, None, None]
    squares = (np.arange(size) / size + generator.random((2, count, 1)) / SQUARES) * SQUARES
    places = squares.astype(np.uint8).transpose(1, 0, 2)
    return Squares(torch.from_numpy(hidden), torch.from_numpy(places))


def occlude(squares: Squares, pixels: Tensor) -> Tensor:
    """Return pixels (N, C, S, S) with the hidden squares black.

    Networks that have seen hidden parts are at home with what explainers show them. After
    hide-and-seek (Singh and Lee, ICCV 2017).
    """
    down, across = squares.places.long().unbind(dim=1)
    faces = torch.arange(len(pixels), device=pixels.device)[:, None, None]
    shown = ~squares.hidden[faces, down[:, :, None], across[:, None, :]]
    return pixels * shown[:, None]
