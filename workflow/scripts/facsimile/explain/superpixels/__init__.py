"""Superpixels: the parts of a face that an explanation gives weights to. A file for each kind.

There are several ways to cut, so that one can see how much an answer hangs on the cut. Found by
name; docs/explainers.md shows how to add one.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

from facsimile import plugins


class Superpixels(ABC):
    """Base of the kinds: frozen dataclasses of their settings, made with ``options.option``.

    The module of a kind is light: it imports SciPy, scikit-image and the like inside functions.
    """

    @abstractmethod
    def words(self) -> str:
        """Return what they are, as in 'about half of ... are hidden'."""

    @abstractmethod
    def cut(self, face: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
        """Return the superpixels of one face, (size, size) uint16, from zero without gaps.

        Parameters
        ----------
        face : (size, size) uint8 grey.
        landmarks : (68, 2) x then y, in its pixels.
        """


def superpixels_of(row: Mapping[str, Any]) -> Superpixels:
    """Return the superpixels of a row: its ``kind``, and that kind's settings.

    Raises
    ------
    UserError
        If there is no such kind; the message has the nearest name.
    """
    found: Superpixels = plugins.build(
        plugins.load(__name__, row["kind"], Superpixels, "kind of superpixels"), row
    )
    return found


def counted(labels: np.ndarray) -> np.ndarray:
    """Return labels in their order, uint16, from zero without gaps."""
    return np.unique(labels, return_inverse=True)[1].reshape(labels.shape).astype(np.uint16)
