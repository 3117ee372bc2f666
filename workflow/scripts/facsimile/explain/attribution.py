"""The door that every explainer goes through: one question about one face, one attribution."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch
from PIL import Image

from facsimile.errors import UserError
from facsimile.explain.forward import Forward


@dataclass(frozen=True)
class Question:
    """Which parts of a face spoke for a network's answer?

    ``forward`` is the network; ``face`` (size, size) uint8 grey at its input size; ``superpixels``
    (size, size) labels counted from zero; ``answer`` the place of the expression explained;
    ``generator`` of all draws for this face; ``beneath`` (size, size) uint8 what is seen where
    superpixels are hidden, by default black.
    """

    forward: Forward
    face: np.ndarray
    superpixels: np.ndarray
    answer: int
    generator: np.random.Generator
    beneath: np.ndarray | None = None

    @cached_property
    def pieces(self) -> int:
        """The number of superpixels.

        Raises
        ------
        UserError
            If there is but one.
        """
        count = int(self.superpixels.max()) + 1
        if count < 2:
            raise UserError("The face is a single superpixel: raise superpixels: n_segments.")
        return count

    @cached_property
    def pixels(self) -> torch.Tensor:
        """The face as the network takes it, (1, 1, size, size) in [0, 1]."""
        return self.forward.pixels(self.face)

    @cached_property
    def labels(self) -> torch.Tensor:
        """The superpixels on the network's device, (size, size)."""
        return torch.from_numpy(self.superpixels.astype(np.int64)).to(self.forward.device)

    def answers(self, kept: np.ndarray) -> np.ndarray:
        """Return the network's probabilities with some superpixels hidden, (samples, 6) float64.

        Hidden superpixels are black, or show what is ``beneath``, in pixel space, before any
        normalisation.

        Parameters
        ----------
        kept : (samples, superpixels) bool.

        Raises
        ------
        UserError
            If an answer is not a number.
        """
        beneath = None if self.beneath is None else self.forward.pixels(self.beneath)
        answers = self.forward.hiding(self.pixels, self.labels, kept, beneath)
        if not np.isfinite(answers).all():
            raise UserError("The network's answer is not a number: train it with a lower rate.")
        return answers


@dataclass(frozen=True)
class Attribution:
    """What an explainer says of one face: a weight a superpixel, or a map of pixels.

    ``coefficients`` (superpixels, 6), NaN for answers that were not asked for; or ``map``
    (m, m) float32 of any resolution, for the explained expression alone. Where the explainer
    fits a model: its ``intercept``, ``r2`` and ``split_half`` (6,), ``standard_error``
    (superpixels, 6), ``effective_samples``. ``samples`` counts the passes through the network.
    """

    samples: int
    coefficients: np.ndarray = field(default_factory=lambda: np.empty((0, 6)))
    map: np.ndarray = field(default_factory=lambda: np.empty((0, 0), np.float32))
    intercept: np.ndarray = field(default_factory=lambda: np.full(6, np.nan))
    r2: np.ndarray = field(default_factory=lambda: np.full(6, np.nan))
    split_half: np.ndarray = field(default_factory=lambda: np.full(6, np.nan))
    standard_error: np.ndarray = field(default_factory=lambda: np.empty((0, 6)))
    effective_samples: float = np.nan


MAP_SIZE = 56
"""Width and height, at most, at which maps of pixels are kept: a quarter of a face's."""


def reduced(values: torch.Tensor) -> np.ndarray:
    """Return a map of pixels (size, size) at ``MAP_SIZE`` or smaller, by means of areas.

    A global heatmap averages many faces: finer detail would be lost in it anyway.
    """
    image = Image.fromarray(values.detach().float().cpu().numpy())
    size = min(MAP_SIZE, image.width)
    return np.asarray(image.resize((size, size), Image.Resampling.BOX), np.float32)
