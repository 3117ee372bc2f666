"""The door that every method of explaining goes through: one question about one face."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from facsimile.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

    from facsimile.explain.predictor import Predictor


@dataclass(frozen=True)
class Target:
    """Which parts of a face spoke for a network's answer?

    ``predictor`` is the network; ``face`` (size, size) uint8 grey at its input size, or in colour
    (size, size, 3);
    ``superpixels`` (size, size) labels counted from zero, or (0, 0) for methods that use none;
    ``target`` the place of the expression explained; ``generator`` of all draws for this face;
    ``baseline``, like the face, what is seen where parts are hidden, by default black;
    ``edge`` how softly what is shown goes over into it, in pixels of the face;
    ``extras`` further images of the face by name, as the method ``NEEDS`` them, at their own size.
    """

    predictor: "Predictor"
    face: np.ndarray
    superpixels: np.ndarray
    target: int
    generator: np.random.Generator
    baseline: np.ndarray | None = None
    edge: float = 0.0
    extras: Mapping[str, np.ndarray] = field(default_factory=dict)

    @cached_property
    def n_superpixels(self) -> int:
        """The number of superpixels.

        Raises
        ------
        UserError
            If there is but one.
        """
        count = int(self.superpixels.max()) + 1
        if count < 2:
            raise UserError("The face is a single superpixel: raise n_segments of the superpixels.")
        return count

    @cached_property
    def pixels(self) -> "Tensor":
        """The face as the network takes it, (1, channels, size, size) in [0, 1]."""
        return self.predictor.pixels(self.face)

    @cached_property
    def baseline_pixels(self) -> "Tensor | None":
        """The baseline as the network takes it, like `pixels`; None is black."""
        return None if self.baseline is None else self.predictor.pixels(self.baseline)

    @cached_property
    def labels(self) -> "Tensor":
        """The superpixels on the network's device, (size, size)."""
        import torch

        return torch.from_numpy(self.superpixels.astype(np.int64)).to(self.predictor.device)

    def predict_masked(self, masks: np.ndarray) -> np.ndarray:
        """Return the network's probabilities with some superpixels hidden, (samples, 6) float64.

        Hidden superpixels show the baseline, in pixel space, before any normalisation.

        Parameters
        ----------
        masks : (samples, superpixels) bool, true where a superpixel is shown.

        Raises
        ------
        UserError
            If an answer is not a number.
        """
        answers = self.predictor.predict_masked(
            self.pixels, self.labels, masks, self.baseline_pixels, self.edge
        )
        if not np.isfinite(answers).all():
            raise UserError(
                "The network's answer is not a number: train it with a lower `learning_rate`, or "
                "see to the `scaling` of a finished one."
            )
        return answers
