"""Scores of heatmaps against references, one a file: add a file, and the study has one more.

A score says of itself all that others need to know: of which kind of reference it is, its label,
direction, limits and source, and how it is computed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from facsimile.plugins import load, names

if TYPE_CHECKING:
    import numpy as np

Kind = Literal["region", "density"]
"""Of a reference: where to look (bool), or how much to look where (float)."""

KINDS: tuple[Kind, ...] = ("region", "density")
"""In the order of tables."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """One score.

    Attributes
    ----------
    name : that of its file.
    kind : of the references that it is for.
    order : its place in tables among those of its kind, from the lowest.
    label : in figures and on pages.
    source : the paper that defines it.
    function : gives the score of all maps with all references, (maps, references), NaN where it
        is not defined, from both made ready: `scoring.WithRegions` or `scoring.WithDensities`.
    limits : the least and the greatest value.
    sign : 1 where more is better, -1 where less is.
    rough : whether it jumps when a heatmap changes a little: a threshold moves, a hot pixel drops
        out. Its intervals are then about what studies of this size find; see `intervals.estimate`.
    main : whether it is the one to show first of its kind.
    """

    name: str
    kind: Kind
    order: int
    label: str
    source: str
    function: "Callable[[Any], np.ndarray]"
    limits: tuple[float, float] = (0.0, 1.0)
    sign: Literal[1, -1] = 1
    rough: bool = False
    main: bool = False


@cache
def scores() -> dict[str, Score]:
    """Return all scores by their names, those of regions first, in the order of tables."""
    found = [load(__name__, name, Score, "score") for name in names(__name__)]
    found.sort(key=lambda score: (KINDS.index(score.kind), score.order, score.name))
    return {score.name: score for score in found}


def scores_of(kind: Kind) -> dict[str, Score]:
    """Return the scores of references of a kind, by their names."""
    return {name: score for name, score in scores().items() if score.kind == kind}


def main_score(kind: Kind) -> Score:
    """Return the score to show first of a kind."""
    return next(score for score in scores_of(kind).values() if score.main)


def position(score: str) -> int:
    """Return a score's place along the axis of scores of all arrays."""
    return list(scores()).index(score)


def meaning_of(score: Score) -> str:
    """Return what a score is, in the words that its file begins with."""
    text = import_module(f"{__name__}.{score.name}").__doc__ or ""
    return text.strip().partition("\n")[0].rstrip(".")
