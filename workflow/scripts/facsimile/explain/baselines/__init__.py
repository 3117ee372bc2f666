"""Baselines, a file each: what is seen where a method hides parts of a face.

Found by name. docs/explainers.md says what hangs on the choice, and how to add one.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from facsimile import plugins
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class Baseline(ABC):
    """Base of the baselines: frozen dataclasses of their settings, made with ``options.option``."""

    NEEDS: ClassVar[tuple[str, ...]] = ()
    """Further images of the faces, by the names of their files."""

    MAY_LACK: ClassVar[bool] = False
    """Whether there may be faces without: `covers` tells."""

    edge: float = option(
        "How softly what is shown goes over into what is hidden, for methods that hide "
        "superpixels: standard deviation of a Gaussian, in pixels of a face 224 wide; 0 is a sharp "
        "edge.",
        0.0,
        ge=0,
        le=20,
    )

    @property
    @abstractmethod
    def words(self) -> str:
        """What happens to hidden parts: they are ..."""

    @abstractmethod
    def image(self, face: np.ndarray, extras: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return what is seen where parts are hidden, as large as the face, uint8.

        Parameters
        ----------
        face : (224, 224) uint8, or in colour (224, 224, 3).
        extras : the images that it ``NEEDS``, by name.
        """

    def covers(self, extras: Mapping[str, np.ndarray]) -> bool:
        """Return whether there is such an image for a face; one without is not explained."""
        return True


def load_baseline(name: str) -> Baseline:
    """Return a baseline of no settings; raise ``UserError`` with the nearest name if none is so."""
    return baseline_of({"kind": name})


def baseline_of(row: Mapping[str, Any]) -> Baseline:
    """Return the baseline that a row describes: its ``kind``, with the settings that are there."""
    kind: type[Baseline] = plugins.load(__name__, row["kind"], Baseline, "baseline")
    found: Baseline = plugins.build(kind, row)
    return found
