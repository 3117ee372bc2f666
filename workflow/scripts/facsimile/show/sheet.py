"""One sheet to explore: every network on every expression, with what each cell says of itself.

What a reader may choose (explainer, reference, score) is made ready here, text and numbers, so
that the page only exchanges what it shows and decides nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from facsimile.files import keyed
from facsimile.measure.faith import ROLES
from facsimile.measure.scores import scores
from facsimile.measure.table import ALL, TOGETHER
from facsimile.show import tables
from facsimile.show.learned import Mark
from facsimile.show.manifest import Inputs
from facsimile.show.measures import Measures
from facsimile.show.outlines import outline
from facsimile.show.painting import data_uri, painted
from facsimile.show.pairs import Row, against_chance
from facsimile.show.sentences import HELD
from facsimile.show.wording import ARROWS, number, p_told, split

LEVELS = ["untrained", "shuffled", "rival"]
"""Columns that a cell's value stands beside."""


@dataclass(frozen=True)
class Maps:
    """The maps of a study, as its files hold them.

    ``heatmaps`` by explainer, network and expression, and ``references`` by name and expression,
    are (275, 224), as is ``face``. ``cells`` are the pictures of an explainer and network (see
    ``pictures``), by expression; nothing where heatmaps were made elsewhere.
    """

    heatmaps: Mapping[tuple[str, str, str], np.ndarray]
    references: Mapping[tuple[str, str], np.ndarray]
    face: np.ndarray
    cells: Mapping[tuple[str, str], Mapping[str, Any]]

    @classmethod
    def read(cls, inputs: Inputs) -> "Maps":
        """Read them from the files of a report."""
        cells = keyed(inputs.paths("cells"), "explore/{explainer}/{network}.")
        return cls(
            inputs.arrays("heatmaps", "heatmaps/{explainer}/{network}/{expression}."),
            inputs.arrays("references", "references/{reference}/{expression}."),
            inputs.array("face"),
            {key: json.loads(Path(path).read_text("utf-8")) for key, path in cells.items()},
        )


@dataclass(frozen=True)
class Sheet:
    """What the page shows of the maps and of their scores.

    ``mark`` marks networks that did not learn; ``trust`` and ``faith`` are the tables of these
    names, or None.
    """

    maps: Maps
    measures: Measures
    trust: pd.DataFrame | None
    faith: pd.DataFrame | None
    mark: Mark

    @property
    def explainers(self) -> list[str]:
        """Return the explainers whose maps are scored, the main one first."""
        return list(self.measures.agreement["explainer"].unique())

    @property
    def references(self) -> list[str]:
        """Return the references, the primary one first."""
        first = tables.primary(self.measures.overall).reference
        return sorted(self.measures.agreement["reference"].unique(), key=lambda name: name != first)

    @property
    def networks(self) -> list[str]:
        """Return the networks, in the order of the study."""
        return list(self.measures.agreement["network"].unique())

    @property
    def expressions(self) -> list[str]:
        """Return the expressions, in the order of the study."""
        return tables.in_order(self.measures.agreement["expression"])

    @cached_property
    def scores(self) -> dict[str, dict[str, str]]:
        """Return the scores of each reference, name to label, the one to show first in front."""
        first, found = tables.primary(self.measures.overall).score, {}
        for reference, part in self.measures.agreement.groupby("reference", sort=False):
            main, names = tables.main_score(part, first), part["score"].unique()
            found[str(reference)] = {
                name: tables.label_of(name) for name in sorted(names, key=lambda one: one != main)
            }
        return found

    @cached_property
    def pictures(self) -> dict[str, dict[str, dict[str, str]]]:
        """Return each heatmap on the mean face as a data URI: explainer, network, expression."""
        return {
            x: {n: {e: self._picture(self.maps.heatmaps.get((x, n, e))) for e in self.expressions}
                for n in self.networks}
            for x in self.explainers
        }  # fmt: skip

    def _picture(self, heatmap: np.ndarray | None) -> str:
        if heatmap is None:
            heatmap = np.full(self.maps.face.shape, np.nan)
        return data_uri(painted(heatmap, self.maps.face))

    @cached_property
    def people(self) -> dict[str, dict[str, str]]:
        """Return each reference on the mean face as a data URI: reference, expression."""
        found: dict[str, dict[str, str]] = {}
        for (reference, expression), image in self.maps.references.items():
            shown = image.astype(float) - (0 if image.dtype == bool else image.min())
            # A region is one shade, and the face is seen through it.
            picture = painted(0.55 * shown if image.dtype == bool else shown, self.maps.face)
            if image.dtype == bool:
                plain = painted(np.zeros_like(shown), self.maps.face)
                picture = np.where(image[..., None], 0.45 * plain + 0.55 * REGION, plain)
            found.setdefault(reference, {})[expression] = data_uri(picture)
        return found

    @cached_property
    def outlines(self) -> dict[str, dict[str, str]]:
        """Return the outline of each reference, an SVG path: reference, expression."""
        found: dict[str, dict[str, str]] = {}
        for (reference, expression), image in self.maps.references.items():
            found.setdefault(reference, {})[expression] = outline(image)
        return found

    @cached_property
    def readings(self) -> dict[str, dict[str, dict[str, dict[str, dict[str, Any]]]]]:
        """Return what is said of each cell: explainer, reference, score, network, expression.

        ``all`` stands among the expressions for the mean over them. See ``_said`` for a cell.
        """
        measures = self.measures
        means = measures.overall[~measures.overall["network"].isin(TOGETHER)]
        rows = pd.concat([measures.agreement, means.assign(expression=ALL)], ignore_index=True)
        found: dict[str, Any] = {}
        for (reference, score), part in rows.groupby(["reference", "score"], sort=False):
            axis = self._axis(part)
            for row in part.to_dict("records"):
                at = found
                for key in (row["explainer"], reference, score, row["network"]):
                    at = at.setdefault(str(key), {})
                at[row["expression"]] = _said(row, axis)
        return found

    @cached_property
    def axes(self) -> dict[str, dict[str, list[str]]]:
        """Return the ends of the axis on which values are drawn: reference, score."""
        found: dict[str, dict[str, list[str]]] = {}
        for (reference, score), part in self.measures.agreement.groupby(["reference", "score"]):
            ends = [number(end, digits=2) for end in self._axis(part)]
            found.setdefault(str(reference), {})[str(score)] = ends
        return found

    def _axis(self, rows: pd.DataFrame) -> tuple[float, float]:
        """Return the least and greatest number of some rows of one score, a little apart."""
        score = rows["score"].iloc[0]
        cells = self.measures.agreement
        cells = cells[(cells["score"] == score) & (cells["reference"] == rows["reference"].iloc[0])]
        known = cells[["value", "low", "high", *LEVELS]].to_numpy(float)
        known = known[np.isfinite(known)]
        if not len(known):
            return 0.0, 1.0
        least, greatest = scores()[score].limits
        return max(known.min(), least), min(known.max(), greatest)

    def fits(self) -> dict[str, dict[str, dict[str, str]]]:
        """Return what is known of the explanations of each cell, in words."""
        found: dict[str, Any] = {}
        if self.trust is None:
            return found
        read = (
            {}
            if self.faith is None
            else {
                (row["explainer"], row["network"]): f" {read_told(row)}"
                for _, row in self.faith.iterrows()
            }
        )
        for _, row in self.trust.iterrows():
            key = row["explainer"], row["network"]
            at = found.setdefault(key[0], {}).setdefault(key[1], {})
            at[row["expression"]] = fit_told(row) + read.get(key, "")
        return found

    def context(self) -> dict[str, Any]:
        """Return what the template shows, and in ``exchanged`` what the page's script shows."""
        explainer, reference = self.explainers[0], self.references[0]
        score = next(iter(self.scores[reference]))
        exchanged = {
            "names": {name: self.mark(name) for name in self.networks},
            "expressions": self.expressions,
            "scores": self.scores,
            "axes": self.axes,
            "readings": self.readings,
            "pictures": self.pictures,
            "outlines": self.outlines,
            "fits": self.fits(),
        }
        return {
            **exchanged,
            "exchanged": exchanged,
            "explainers": self.explainers,
            "references": self.references,
            "networks": self.networks,
            "start": {"explainer": explainer, "reference": reference, "score": score},
            "cells": {
                f"{one}/{network}": pictures for (one, network), pictures in self.maps.cells.items()
            },
        }


REGION = np.array((0.80, 0.28, 0.10))
"""Colour of regions that people look at, as in the sheets of figures."""


def _said(row: Row, axis: tuple[float, float]) -> dict[str, Any]:
    """Return what a cell says of itself.

    ``value``, ``range`` (its interval), ``levels`` (untrained, shuffled labels, best rival) as
    text; ``verdict`` and its ``arrow``; ``at``, the places on the axis, 0 to 1, of the value, the
    ends of its interval and the levels (None where not known); and ``said``, all in words.
    """
    score = scores()[row["score"]]
    told = against_chance(row, score.sign)
    levels = [row[name] for name in LEVELS]
    least, greatest = axis
    numbers = np.array([row["value"], row["low"], row["high"], *levels], float)
    places = (numbers - least) / ((greatest - least) or 1)
    return {
        "value": number(row["value"], digits=2),
        "range": between(row["low"], row["high"]),
        "levels": [number(one, digits=2) for one in levels],
        "verdict": told,
        "arrow": ARROWS.get(told, ""),
        "at": [None if np.isnan(one) else round(float(np.clip(one, 0, 1)), 3) for one in places],
        "test": p_told(row["p"], row["p_min"], row["q"]) if np.isfinite(row["q"]) else "",
        "said": _in_words(row, score.label, HELD[told]),
    }


def between(low: float, high: float) -> str:
    """Return an interval, or nothing where there is none."""
    if pd.isna(low):
        return ""
    return f"{number(low, digits=2)} to {number(high, digits=2)}"


def _in_words(row: Row, label: str, held: str) -> str:
    """Return all that a cell says, in a sentence."""
    if pd.isna(row["value"]):
        return f"{label} is not defined: {row['reason']}."
    text = f"{label} {number(row['value'])}"
    if pd.notna(row["low"]):
        text += f", 95 % interval {number(row['low'])} to {number(row['high'])}"
    levels = {"untrained": "random weights", "shuffled": "shuffled labels"}
    known = [f"{number(row[name])} with {words}" for name, words in levels.items()
             if pd.notna(row[name])]  # fmt: skip
    if known:
        text += f"; networks that know nothing reach {' and '.join(known)} ({held})"
    if pd.notna(row["rival"]):
        text += f"; the best map that knows nothing reaches {number(row['rival'])}"
    if names := split(row.get("left_out")):
        text += f"; without {', '.join(names)}"
    return f"{text}."


def fit_told(row: pd.Series) -> str:
    """Return how far the explanations of a cell can be trusted, in a sentence; from ``trust``."""
    faces = f"{row['faces']:.0f} faces explained" if "faces" in row else ""
    if pd.isna(row["r2"]):
        return f"{faces}; no surrogate was fitted." if faces else "No surrogate was fitted."
    parts = [
        faces,
        f"median R² of the surrogate {number(row['r2'], digits=2)}",
        f"{100 * row['poor_fit']:.0f} % fit poorly (R² under 0.5)",
        f"halves of the samples agree by r = {number(row['split_half'], digits=2)}",
    ]
    return "; ".join(filter(None, parts)) + "."


def read_told(row: pd.Series) -> str:
    """Return whether the heatmaps of a network and explainer may be read, in a sentence."""
    why = f" ({row['reason']})" if row["reason"] and pd.notna(row["reason"]) else ""
    known = [
        f"{number(row[f'faith_{role}'], digits=2)} with {row[f'baseline_{role}']}"
        for role in ROLES
        if pd.notna(row[f"faith_{role}"])
    ]
    faithful = f"; faithfulness {' and '.join(known)}" if known else ""
    return f"May heatmaps of this network be read? {row['read'].capitalize()}{why}{faithful}."
