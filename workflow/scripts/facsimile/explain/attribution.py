"""What a method of explaining says of one face."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Attribution:
    """What a method says of one face: a weight a superpixel, or a map of pixels.

    ``coefficients`` (superpixels, 6), NaN for answers that were not asked for; or ``map``
    (m, m) float32 of any resolution, for the explained expression alone. Where the method fits a
    model: its ``intercept``, ``r2`` and ``split_half`` (6,), ``standard_error`` (superpixels, 6),
    ``effective_samples``. ``samples`` counts the passes through the network.
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


def reduced(values: "Tensor") -> np.ndarray:
    """Return a map of pixels (size, size) at ``MAP_SIZE`` or smaller, by means of areas.

    ``values`` (channels, size, size) are summed over the channels of colours.

    A global heatmap averages many faces: finer detail would be lost in it anyway.
    """
    from PIL import Image

    image = Image.fromarray(values.detach().float().sum(dim=0).cpu().numpy())
    size = min(MAP_SIZE, image.width)
    return np.asarray(image.resize((size, size), Image.Resampling.BOX), np.float32)
