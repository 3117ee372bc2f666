"""Heatmaps and references made ready for scoring, many of each at once.

A reference is a *region* (bool: where to look) or a *density* (float: how much to look where).
Heatmaps come as rows, references as columns, and each score is an array (heatmaps, references):
so bootstrap draws, moved references and the other expressions' references cost a few matrix
products. What several scores need is computed when the first of them asks for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from skimage.filters import threshold_otsu

from facsimile.arrays import Bundle
from facsimile.measure.scores import Kind, position, scores, scores_of


@dataclass(frozen=True)
class Maps:
    """Heatmaps made ready for scoring.

    ``values`` (maps, pixels); ``found`` the same, bool: above the threshold; ``ranks`` of the
    values within each map, ties at their mean; ``threshold`` (maps,) on the scale 0..255.
    """

    values: np.ndarray
    found: np.ndarray
    ranks: np.ndarray
    threshold: np.ndarray

    @classmethod
    def of(cls, maps: np.ndarray) -> "Maps":
        """Prepare maps, (maps, ...), none of them constant or undefined."""
        values = np.asarray(maps, np.float64).reshape(len(maps), -1)
        stretched = stretch(values)
        threshold = np.array([threshold_otsu(row) for row in stretched], float)
        return cls(values, stretched > threshold[:, None], ranks(values), threshold)

    @classmethod
    def of_region(cls, region: np.ndarray) -> "Maps":
        """Prepare one region as if it were a heatmap: what it marks is what it finds."""
        values = np.asarray(region, float).reshape(1, -1)
        return cls(values, values > 0, ranks(values), np.array([np.nan]))

    @cached_property
    def sums(self) -> np.ndarray:
        """Sum of each map, (maps, 1)."""
        return self.values.sum(axis=1, keepdims=True)

    @cached_property
    def shares(self) -> np.ndarray:
        """Values of each map as shares of its sum."""
        return self.values / self.sums

    @cached_property
    def peaks(self) -> np.ndarray:
        """Whether a pixel is as hot as any of its map."""
        return self.values == self.values.max(axis=1, keepdims=True)

    @cached_property
    def standard(self) -> np.ndarray:
        """Values of each map with mean 0 and norm 1."""
        return standardise(self.values)

    @cached_property
    def standard_ranks(self) -> np.ndarray:
        """Ranks of each map with mean 0 and norm 1."""
        return standardise(self.ranks)


@dataclass(frozen=True)
class Densities:
    """Graded references made ready: ``values`` (pixels, references) and their ``ranks``."""

    values: np.ndarray
    ranks: np.ndarray

    @classmethod
    def of(cls, maps: np.ndarray) -> "Densities":
        """Prepare densities, (references, ...), none of them constant, undefined or negative."""
        values = np.asarray(maps, np.float64).reshape(len(maps), -1)
        return cls(values.T, ranks(values).T)

    @cached_property
    def shares(self) -> np.ndarray:
        """Values of each density as shares of its sum."""
        return self.values / self.values.sum(axis=0)

    @cached_property
    def standard(self) -> np.ndarray:
        """Values of each density with mean 0 and norm 1."""
        return standardise(self.values, axis=0)

    @cached_property
    def standard_ranks(self) -> np.ndarray:
        """Ranks of each density with mean 0 and norm 1."""
        return standardise(self.ranks, axis=0)


@dataclass(frozen=True)
class WithRegions:
    """Maps and the regions that they are held against: what a score of regions is made of.

    ``regions`` (pixels, regions) bool, none of them empty or full.
    """

    maps: Maps
    regions: np.ndarray

    @cached_property
    def inside(self) -> np.ndarray:
        """The regions as 0 and 1, (pixels, regions) float."""
        return self.regions.astype(np.float64)

    @cached_property
    def area(self) -> np.ndarray:
        """Pixels of each region, (regions,)."""
        return self.inside.sum(axis=0)

    @cached_property
    def found(self) -> np.ndarray:
        """Pixels of each map above its threshold, (maps, 1)."""
        return self.maps.found.sum(axis=1, keepdims=True)

    @cached_property
    def hit(self) -> np.ndarray:
        """Pixels above the threshold and in the region, (maps, regions)."""
        return self.maps.found @ self.inside


@dataclass(frozen=True)
class WithDensities:
    """Maps and the densities that they are held against: what a score of densities is made of."""

    maps: Maps
    densities: Densities


def region_scores(maps: Maps, regions: np.ndarray) -> dict[str, np.ndarray]:
    """Return each score of maps against regions, (pixels, regions) bool: (maps, regions)."""
    both = WithRegions(maps, regions)
    return {name: score.function(both) for name, score in scores_of("region").items()}


def density_scores(maps: Maps, densities: Densities) -> dict[str, np.ndarray]:
    """Return each score of maps against densities: (maps, densities)."""
    both = WithDensities(maps, densities)
    return {name: score.function(both) for name, score in scores_of("density").items()}


def ranks(values: np.ndarray) -> np.ndarray:
    """Return the ranks of values along rows, from 1; equal ones share the mean of theirs."""
    return pd.DataFrame(values).rank(axis=1).to_numpy()


def stretch(maps: np.ndarray) -> np.ndarray:
    """Return maps, (maps, pixels), each stretched from its minimum and maximum to 0..255, uint8."""
    low, high = maps.min(axis=1, keepdims=True), maps.max(axis=1, keepdims=True)
    return np.round((maps - low) / (high - low) * 255).astype(np.uint8)


def standardise(values: np.ndarray, axis: int = 1) -> np.ndarray:
    """Return values with mean 0 and norm 1 along an axis, so that a product is Pearson's r."""
    centred = values - values.mean(axis=axis, keepdims=True)
    return centred / np.linalg.norm(centred, axis=axis, keepdims=True)


def mean_defined(values: np.ndarray, axis: int) -> np.ndarray:
    """Return the mean of those values that are defined, NaN where none is."""
    there = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        return np.where(there, values, 0).sum(axis=axis) / there.sum(axis=axis)


Reference = tuple[str, str]
"""Name of the reference and its expression."""


class References:
    """References of both kinds, stacked for scoring; ``keys`` says which is which."""

    def __init__(self, maps: Mapping[Reference, np.ndarray]) -> None:
        """Stack references: (name, expression) to a map; all of one shape, all usable."""
        self.keys: Sequence[Reference] = list(maps)
        self._regions = [at for at, image in enumerate(maps.values()) if image.dtype == bool]
        self._densities = [at for at, image in enumerate(maps.values()) if image.dtype != bool]
        images = [image.ravel() for image in maps.values()]
        if self._regions:
            self._region = np.stack([images[at] for at in self._regions], axis=1)
        if self._densities:
            self._density = Densities.of(np.stack([images[at] for at in self._densities]))

    def score(self, maps: Maps) -> np.ndarray:
        """Return all scores, (scores, maps, references); NaN where one does not apply."""
        table = np.full((len(scores()), len(maps.values), len(self.keys)), np.nan)
        parts = []
        # A constant map, which a rival may be, has no correlation.
        with np.errstate(invalid="ignore", divide="ignore"):
            if self._regions:
                parts.append((self._regions, region_scores(maps, self._region)))
            if self._densities:
                parts.append((self._densities, density_scores(maps, self._density)))
        for columns, values in parts:
            for score, numbers in values.items():
                table[position(score)][:, columns] = numbers
        return table

    def score_defined(self, images: np.ndarray) -> np.ndarray:
        """Return the same of images, (maps, ...), of which some may be undefined or constant."""
        images = images.reshape(len(images), np.prod(images.shape[1:], dtype=int))
        table = np.full((len(scores()), len(images), len(self.keys)), np.nan)
        good: np.ndarray = np.isfinite(images).all(axis=1)
        good[good] = np.ptp(images[good], axis=1) > 0
        if good.any():
            table[:, good] = self.score(Maps.of(images[good]))
        return table


@dataclass(frozen=True)
class Scored(Bundle):
    """Arrays of scores of heatmaps against references, and the names along their axes.

    score : (scores,) their names.
    expression : (heatmaps,) that of each.
    reference : (references, 2) name and expression of each.
    """

    score: np.ndarray
    expression: np.ndarray
    reference: np.ndarray

    def axes(self) -> tuple[list[str], list[str], list[Reference]]:
        """Return scores, expressions and references in the order of the arrays."""
        references = [(name, expression) for name, expression in self.reference.tolist()]
        return self.score.tolist(), self.expression.tolist(), references


def kind_of(reference: np.ndarray) -> Kind:
    """Return the kind of a reference."""
    return "region" if reference.dtype == bool else "density"


def flaw(heatmap: np.ndarray, absent: str = "no face explained") -> str:
    """Return why a heatmap has no score, or an empty string; ``absent`` if it is NaN all over."""
    if np.isnan(heatmap).all():
        return absent
    if not np.isfinite(heatmap).all():
        return "heatmap with undefined pixels"
    if heatmap.max() == heatmap.min():
        return "constant heatmap"
    return ""


def flaw_of_reference(reference: np.ndarray) -> str:
    """Return why nothing can be scored against a reference, or an empty string."""
    if reference.dtype == bool:
        return "" if 0 < reference.mean() < 1 else f"{'full' if reference.any() else 'empty'} mask"
    if not np.isfinite(reference).all():
        return "reference with undefined pixels"
    if reference.min() < 0:
        return "reference with negative pixels"
    return "constant reference" if reference.max() == reference.min() else ""
