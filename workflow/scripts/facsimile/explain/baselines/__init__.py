"""Baselines, a file each: what is seen where a method hides parts of a face.

Found by name. docs/explainers.md says what hangs on the choice, and how to add one.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from facsimile import plugins


class Baseline(ABC):
    """Base of the baselines: frozen dataclasses."""

    NEEDS: ClassVar[tuple[str, ...]] = ()
    """Further images of the faces, by the names of their files."""

    words: ClassVar[str]
    """What happens to hidden parts: they are ..."""

    @abstractmethod
    def image(self, face: np.ndarray, extras: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return what is seen where parts are hidden, as large as the face, uint8.

        Parameters
        ----------
        face : (224, 224) uint8.
        extras : the images that it ``NEEDS``, by name.
        """


def load_baseline(name: str) -> Baseline:
    """Return a baseline; raise ``UserError`` with the nearest name if there is none."""
    kind: type[Baseline] = plugins.load(__name__, name, Baseline, "baseline")
    return kind()
