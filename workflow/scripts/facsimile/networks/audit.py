"""Is a finished network shown faces as it was in its training?

Another scale, order of colours, crop or order of classes gives answers that look like answers. So
what people get wrong is tried on faces whose expression is known: where the network does clearly
better otherwise than its row says, the row is to be doubted.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.images import grey
from facsimile.networks.checkpoints import FinishedNetwork, load_finished
from facsimile.networks.evaluation import predict
from facsimile.networks.finished import Colour, Crop, Finished, Scaling
from facsimile.networks.reproducible import reproducible

log = logging.getLogger(__name__)

CROPS: tuple[Crop, ...] = ("aligned", -0.15, 0.0, 0.1, 0.2, 0.4)
"""Crops that are tried: the study's own, the detector's box, cut 30 % tighter, and with margins."""

SCALINGS: tuple[Scaling, ...] = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0), "imagenet")
COLOURS: tuple[Colour, ...] = ("grey", "rgb", "bgr")

ORDERS = {
    "the study's": "anger disgust fear happiness sadness surprise",
    "the study's, then neutral": "anger disgust fear happiness sadness surprise neutral",
    "neutral, then the study's": "neutral anger disgust fear happiness sadness surprise",
    "alphabetical, neutral": "anger disgust fear happiness neutral sadness surprise",
    "alphabetical, contempt": "anger contempt disgust fear happiness sadness surprise",
    "alphabetical of eight": "anger contempt disgust fear happiness neutral sadness surprise",
    "CK+": "neutral anger contempt disgust fear happiness sadness surprise",
    "RAF-DB": "surprise fear disgust happiness sadness anger neutral",
    "AffectNet of seven": "neutral happiness sadness surprise fear disgust anger",
    "AffectNet": "neutral happiness sadness surprise fear disgust anger contempt",
    "FER+": "neutral happiness surprise sadness anger disgust fear contempt",
    "face-api": "neutral happiness sadness anger fear disgust surprise",
}
"""Orders of classes that corpora and published networks have; alphabetical ones are of folders."""

LEVEL = 0.05
"""Chance, over all tries together, to doubt a row that is as good as any."""

EACH, LEAST = 150, 20
"""Faces of an expression, at most and at least: one with fewer would drown the others in chance."""

TOO_FEW = f"no two expressions have {LEAST} faces of known label"
"""Why a corpus judges nothing."""


@dataclass(frozen=True)
class Known:
    """Faces whose expression is known.

    ``pixels`` crop to (n, 224, 224, 3) uint8, for all of ``CROPS`` and the row's; ``labels`` (n,)
    places in ``EXPRESSIONS``; ``person`` (n,) who is on each.
    """

    pixels: Mapping[Crop, np.ndarray]
    labels: np.ndarray
    person: np.ndarray

    def enough(self) -> "Known":
        """Return the faces of those expressions that have enough."""
        rows = np.bincount(self.labels, minlength=len(EXPRESSIONS))[self.labels] >= LEAST
        pixels = {crop: faces[rows] for crop, faces in self.pixels.items()}
        return Known(pixels, self.labels[rows], self.person[rows])


def crops_for(row: Finished) -> list[Crop]:
    """Return the crops that are tried of a network: its own first."""
    return list(dict.fromkeys((row.crop, *CROPS)))


def audit(
    row: Finished,
    faces: Known,
    device: str = "cpu",
    threads: int = 1,
    deterministic: bool = True,
) -> pd.DataFrame:
    """Try a network with other recipes than its own.

    Scales and colours are tried together on faces cut as the row says, then the other crops with
    the best of these; each with all orders of as many classes.

    Returns
    -------
    A row a try, the network's own first: crop, colour, scaling, classes (the name of an order, or
    ``as given``), balanced_accuracy (mean over the expressions that have enough faces, of the
    likeliest of the six), ``difference`` to the own with its bounds ``low`` and ``high`` (95 %
    over all tries together, by people), changes (how many keys differ), clear (whether the
    difference is above zero); no row with fewer than two expressions of ``LEAST`` faces, which
    judge nothing.
    """
    faces = faces.enough()
    if len(set(faces.labels.tolist())) < 2:
        log.warning("cannot judge how faces are shown: %s", TOO_FEW)
        return pd.DataFrame(columns=COLUMNS)
    tried: list[tuple[Finished, str, np.ndarray]] = []
    with reproducible(0, device, threads, deterministic):
        network = load_finished(row, device)
    machine = device, threads, deterministic
    model, channels = network.model, network.channels
    for other in _shown(row, channels):
        tried += _right(FinishedNetwork(model, other, channels), other, faces, *machine)
    # Colours and scale of its own, unless others are clearly better.
    judged = zip(tried, _judged(row, tried, faces), strict=True)
    clear = [one for one, found in judged if found["clear"]] or tried[:1]
    best = max(clear, key=lambda one: _balanced(one[2], faces.labels))[0]
    for crop in crops_for(row)[1:]:
        other = replace(best, crop=crop, classes=row.classes)
        tried += _right(FinishedNetwork(model, other, channels), other, faces, *machine)
    return pd.DataFrame(list(_judged(row, tried, faces)), columns=COLUMNS)


COLUMNS = ["crop", "colour", "scaling", "classes", "balanced_accuracy", "difference", "low",
           "high", "changes", "clear"]  # fmt: skip
GIVEN = "as given"


def doubt(network: str, row: Finished, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return what there is to say against a network's row, in a sentence; nothing if all is well.

    Of what does clearly better the try is named that changes least, and of such the best.

    Parameters
    ----------
    network : its name.
    tables : corpus to what ``audit`` found.
    """
    for corpus, table in tables.items():
        clear = table[table["clear"].astype(bool)]
        if clear.empty:
            continue
        order = clear.sort_values(["changes", "balanced_accuracy"], ascending=[True, False])
        better, own = order.iloc[0], table.iloc[0]
        return (
            f"Network '{network}' is clearly better on corpus '{corpus}' with "
            f"{_named(better, row)}: balanced accuracy {better['balanced_accuracy']:.2f} instead "
            f"of {own['balanced_accuracy']:.2f} (better by at least {better['low']:.2f}). Change "
            "its row so, or say `audit: warn` if you know that it is right."
        )
    return ""


def check(network: str, row: Finished, paths: Mapping[str, str | Path]) -> dict[str, str]:
    """Return what the record says of a network's audits; stop where the row says so.

    Parameters
    ----------
    network : its name.
    paths : corpus to the table of what ``audit`` found.

    Raises
    ------
    UserError
        If another recipe is clearly better, and the row says to stop then.
    """
    tables = {name: pd.read_csv(path) for name, path in paths.items()}
    sentence = doubt(network, row, tables)
    if sentence and row.audit == "stop":
        raise UserError(sentence)
    said = {"audit": sentence} if sentence else {}
    if mute := [name for name, table in tables.items() if table.empty]:
        said["audit cannot judge"] = f"{network} on {', '.join(mute)}: {TOO_FEW}"
    for about, words in said.items():
        log.warning("%s: %s", about, words)
    return said


def _named(better: pd.Series, row: Finished) -> str:
    """Return the keys in which a try differs from a row, as the configuration writes them."""
    own = _keys(row)
    parts = [f"`{key}: {better[key]}`" for key in own if str(better[key]) != own[key]]
    if better["classes"] != GIVEN:
        words = ORDERS[better["classes"]].replace(" ", ", ")
        parts.append(f"`classes: [{words}]` (the order: {better['classes']})")
    return " and ".join(parts)


def _keys(row: Finished) -> dict[str, str]:
    scaling = row.scaling
    shown = scaling if isinstance(scaling, str) else f"[{scaling[0]:g}, {scaling[1]:g}]"
    crop = row.crop if isinstance(row.crop, str) else f"{row.crop:g}"
    return {"crop": crop, "colour": row.colour, "scaling": shown}


def _shown(row: Finished, channels: int) -> Iterator[Finished]:
    """Yield a row with all scales and colours that people take for each other: first its own."""
    colours = COLOURS if channels == 3 else COLOURS[:1]
    yield row
    for scaling, colour in product(dict.fromkeys((row.scaling, *SCALINGS)), colours):
        if (scaling, colour) != (row.scaling, row.colour):
            yield replace(row, scaling=scaling, colour=colour)


def _right(
    network: FinishedNetwork, row: Finished, faces: Known, *machine: Any
) -> Iterator[tuple[Finished, str, np.ndarray]]:
    """Yield a row with each order of its classes, and which faces it then gets right, (n,) bool."""
    pixels = faces.pixels[row.crop]
    if row.colour == "grey":
        pixels = np.stack([grey(face) for face in pixels])
    answers = predict(network, pixels, row.input_size, *machine)
    own = np.empty_like(answers)
    own[:, row.order] = answers  # as the network itself has its classes
    for name, words in _orders(row):
        places = [words.index(expression) for expression in EXPRESSIONS]
        yield row, name, own[:, places].argmax(axis=1) == faces.labels


def _orders(row: Finished) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the orders that a network's classes may have, by name: first its own."""
    yield GIVEN, row.names
    for name, words in ORDERS.items():
        order = tuple(words.split())
        if len(order) == len(row.names) and order != row.names:
            yield name, order


def _judged(
    row: Finished, tried: Sequence[tuple[Finished, str, np.ndarray]], faces: Known
) -> Iterator[dict[str, Any]]:
    own = tried[0][2].astype(float)
    for other, order, right in tried:
        keys, given = _keys(other), _keys(row)
        difference, half = _difference(right - own, faces, LEVEL / max(1, len(tried) - 1))
        yield {
            **keys,
            "classes": order,
            "balanced_accuracy": _balanced(right, faces.labels),
            "difference": difference,
            "low": difference - half,
            "high": difference + half,
            "changes": sum(keys[key] != given[key] for key in keys) + (order != GIVEN),
            "clear": difference - half > 0,
        }


def _balanced(right: np.ndarray, labels: np.ndarray) -> float:
    return float(np.mean([right[labels == label].mean() for label in np.unique(labels)]))


def _difference(change: np.ndarray, faces: Known, level: float) -> tuple[float, float]:
    """Return the mean over expressions of what changes, and half its interval, over people.

    A cluster-robust variance of stratified means: faces of one person hang together.
    """
    _, stratum, counts = np.unique(faces.labels, return_inverse=True, return_counts=True)
    weights = 1 / (len(counts) * counts[stratum])
    means = np.bincount(stratum, change) / counts
    sums = pd.Series(weights * (change - means[stratum])).groupby(faces.person).sum()
    people = len(sums)
    variance = float((sums**2).sum()) * people / max(1, people - 1)
    reach = stats.t.ppf(1 - level / 2, max(1, people - 1))
    return float(means.mean()), float(reach * np.sqrt(variance))
