"""Noise with the mean and the contrast of the face, the same each time that face is explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from facsimile.explain.baselines import Baseline


@dataclass(frozen=True, kw_only=True)
class Noise(Baseline):
    """Hidden parts are noise."""

    words = "replaced by noise"

    def image(self, face: np.ndarray, extras: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return normal noise of each pixel by itself, with the face's mean and deviation."""
        draws = np.random.default_rng(crc32(face.tobytes()))
        noise = draws.normal(face.mean(), face.std(), face.shape)
        return np.round(noise).clip(0, 255).astype(np.uint8)
