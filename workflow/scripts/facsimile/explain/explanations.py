"""The explanations of one network and expression over all folds, and their file."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from torch import nn

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.explain import lime
from facsimile.files import atomic
from facsimile.networks.reproducible import reproducible
from facsimile.seeds import derive, generator

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Explanations:
    """Explained faces, in rows.

    ``id`` and ``fold`` of each face; ``coefficients`` (faces, superpixels, 6) with zeros past a
    face's own number of ``superpixels``; ``intercept`` and ``r2`` (faces, 6); ``seed`` of each
    face's draws.
    """

    id: np.ndarray
    fold: np.ndarray
    superpixels: np.ndarray
    coefficients: np.ndarray
    intercept: np.ndarray
    r2: np.ndarray
    seed: np.ndarray

    def save(self, path: str | Path) -> None:
        """Write all arrays to an ``.npz`` file."""
        with atomic(path) as draft:
            np.savez_compressed(draft, **asdict(self))

    @classmethod
    def load(cls, path: str | Path) -> "Explanations":
        """Read what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**arrays)


def explain_faces(
    chosen: pd.DataFrame,
    pixels: np.ndarray,
    superpixels: np.ndarray,
    network_of: Callable[[int], nn.Module],
    settings: lime.Settings,
    seed: int,
    device: str = "cpu",
    threads: int = 1,
) -> Explanations:
    """Explain each chosen face by the network of the fold in whose test side it is.

    Parameters
    ----------
    chosen : columns id and fold, a row a face.
    pixels : (faces, size, size) uint8 grey, at the network's input size.
    superpixels : (faces, size, size) labels.
    network_of : gives the trained network of a fold.
    seed : of the study; each face's draws come from it and the face's id, so that all networks
        share them.

    Raises
    ------
    UserError
        If a face cannot be explained; the message names it and its fold.
    """
    surrogates: list[lime.Surrogate] = [None] * len(chosen)
    folds = chosen["fold"].to_numpy()
    with reproducible(0, device, threads):
        for fold in np.unique(folds):
            network = network_of(int(fold))
            for row in np.flatnonzero(folds == fold):
                face = chosen["id"].iloc[row]
                try:
                    surrogates[row] = lime.explain(
                        network,
                        pixels[row],
                        superpixels[row],
                        settings,
                        generator(seed, "lime", face),
                        device,
                    )
                except UserError as error:
                    raise UserError(f"Face '{face}', fold {fold}: {error}") from None
            log.info("fold %d: %d faces explained", fold, (folds == fold).sum())
    return _collect(chosen, surrogates, seed)


def _collect(chosen: pd.DataFrame, surrogates: list[lime.Surrogate], seed: int) -> Explanations:
    counts = np.array([len(s.coefficients) for s in surrogates], np.int64)
    answers = len(EXPRESSIONS)
    coefficients = np.zeros((len(surrogates), counts.max(initial=0), answers))
    for row, surrogate in enumerate(surrogates):
        coefficients[row, : counts[row]] = surrogate.coefficients
    return Explanations(
        id=chosen["id"].to_numpy(str),
        fold=chosen["fold"].to_numpy(np.int64),
        superpixels=counts,
        coefficients=coefficients,
        intercept=np.array([s.intercept for s in surrogates]).reshape(-1, answers),
        r2=np.array([s.r2 for s in surrogates]).reshape(-1, answers),
        seed=np.array([derive(seed, "lime", face) for face in chosen["id"]], np.int64),
    )
