"""An explainer with a reference: their rows of each table, and who is not in them."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from facsimile.measure.scores import scores
from facsimile.measure.table import ALL, EVERY, TOGETHER
from facsimile.show import tables
from facsimile.show.wording import (
    ARROWS,
    Verdict,
    listed,
    split,
    verdict,
)

Row = Mapping[Hashable, Any] | pd.Series
"""A row of a table: as a dictionary it is read ten times as fast."""

REMOVED = "pearson"
"""The score of maps less the face that all expressions share."""


@dataclass(frozen=True)
class Pair:
    """An explainer with a reference: their rows of each table, and the score to show first.

    ``role`` is primary or exploratory; ``every`` is the row of ``overall`` of all networks that
    learned.
    """

    explainer: str
    reference: str
    score: str
    role: str
    agreement: pd.DataFrame
    overall: pd.DataFrame
    specificity: pd.DataFrame

    @property
    def label(self) -> str:
        """Return the name of the score to show first."""
        return tables.label_of(self.score)

    @property
    def sign(self) -> int:
        """Return 1 where more of that score is better, or else -1."""
        return scores()[self.score].sign

    @property
    def cells(self) -> pd.DataFrame:
        """Return the rows of ``agreement`` in that score."""
        return self.agreement[self.agreement["score"] == self.score]

    @property
    def means(self) -> pd.DataFrame:
        """Return the rows of ``overall`` in that score, by network."""
        rows = self.overall[self.overall["score"] == self.score]
        return rows.set_index("network", drop=False)

    @property
    def every(self) -> pd.Series:
        """Return the row of ``overall`` of all networks that learned, in that score."""
        return self.means.loc[[ALL]].iloc[0]

    @property
    def singles(self) -> pd.DataFrame:
        """Return the rows of ``overall`` in that score that are of one network each."""
        return self.means[~self.means.index.isin(TOGETHER)]

    @property
    def with_missed(self) -> pd.Series | None:
        """Return the row of those too that did not learn, where there are such."""
        means = self.means
        return means.loc[[EVERY]].iloc[0] if EVERY in means.index else None

    def own(self, common_face: str) -> pd.DataFrame:
        """Return the rows of ``specificity``, by network; the common face kept or removed."""
        wanted = self.score if common_face == "kept" else REMOVED
        rows = self.specificity[self.specificity["common_face"] == common_face]
        return rows[rows["score"] == wanted].set_index("network")


def pairs(
    agreement: pd.DataFrame, overall: pd.DataFrame, specificity: pd.DataFrame
) -> Iterator[Pair]:
    """Yield each explainer with each reference, the primary reference before all others."""
    first = tables.primary(overall)
    keys = ["explainer", "reference"]
    names = [tuple(row) for row in agreement[keys].drop_duplicates().to_numpy()]
    for explainer, reference in sorted(names, key=lambda name: name[1] != first.reference):
        own = [
            table[(table["explainer"] == explainer) & (table["reference"] == reference)]
            for table in (agreement, overall, specificity)
        ]
        score = tables.main_score(own[0], first.score)
        role = "primary" if (reference, score) == (first.reference, first.score) else "exploratory"
        yield Pair(explainer, reference, score, role, *own)


def against_chance(row: Row, sign: int) -> Verdict:
    """Return what the test against networks that know nothing says of a row.

    Two kinds of them are asked, and the larger p counts: more is more than either kind has.

    Parameters
    ----------
    row : of ``agreement`` or ``overall``.
    sign : of its score.
    """
    levels = np.array([row["untrained"], row["shuffled"]], float)
    above = sign * (float(row["value"]) - levels[np.isfinite(levels)])
    least, most = (above.min(), above.max()) if len(above) else (np.nan, np.nan)
    told = verdict(least, row["q"], row["p_min"])
    between = least < 0 < most
    return "open" if between and told in ARROWS else told


def included(cells: pd.DataFrame, row: pd.Series) -> pd.DataFrame:
    """Return the cells whose mean a row of ``overall`` is: less those that it leaves out."""
    out = split(row["left_out"])
    if row["network"] not in TOGETHER:
        cells = cells[cells["network"] == row["network"]]
    return cells[~cells["network"].isin(out) & ~cells["expression"].isin(out)]


def without(row: pd.Series) -> str:
    """Return in brackets, with a space before, who is left out of a row; nothing if nobody is."""
    names = split(row["left_out"])
    return f" (without {listed(names)})" if names else ""
