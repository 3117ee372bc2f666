"""What all tables are made of: the numbers of a study, taken apart and averaged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from facsimile import tables
from facsimile.errors import UserError
from facsimile.measure.agreement import NUMBERS, Agreement
from facsimile.measure.multiplicity import false_discovery
from facsimile.measure.null import NullLevel
from facsimile.measure.scores import Kind, position, scores, scores_of
from facsimile.measure.scoring import Maps, Reference, References, kind_of
from facsimile.measure.units import Own
from facsimile.names import check_names

ALL = "all"
"""Stands for all networks that learned, or all expressions of a table."""

EVERY = "every"
"""Stands for all networks, where some did not learn."""

TOGETHER = (ALL, EVERY)
"""What stands among networks and is none."""

Cell = tuple[str, str]
"""Explainer and network."""

PRIMARY, EXPLORATORY = "primary", "exploratory"
"""Roles of rows: of the one score and reference that a study is about, and of all others."""

PRIMARY_SCORES = {"region": "auroc", "density": "pearson"}
"""What is primary where the settings do not say."""


@dataclass(frozen=True)
class Study:
    """What was measured of all networks, and what it was held against.

    ``measured`` has a row for each of ``expressions`` and a column for each of ``references``;
    ``scores`` maps the name of a reference to its scores; ``rivals`` a name to the scores of that
    map, (scores, references); ``null`` gives the networks that know nothing, of the cells that have
    such; ``primary`` is a reference and a score; ``missed`` the networks that did not learn.
    """

    measured: Mapping[Cell, Agreement]
    expressions: Sequence[str]
    references: Sequence[Reference]
    scores: Mapping[str, Sequence[str]]
    rivals: Mapping[str, np.ndarray] = field(default_factory=dict)
    null: Mapping[Cell, NullLevel] = field(default_factory=dict)
    primary: tuple[str, str] = ("", "")
    seed: int = 0
    missed: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        measured: Mapping[Cell, Agreement],
        references: Mapping[Reference, np.ndarray],
        rivals: Mapping[str, np.ndarray],
        null: Mapping[Cell, NullLevel],
        primary: tuple[str | None, str | None],
        seed: int,
        missed: Iterable[str] = (),
    ) -> "Study":
        """Score the rivals, maps of (275, 224), bool or float, against the references.

        ``primary`` is a reference, None for the first, and a score, None for that of its kind.

        Raises
        ------
        UserError
            If a name stands for a network and a reference, or is reserved; if the primary
            reference has no such score.
        ValueError
            If not all were measured with the same scores, expressions and references.
        """
        (known, expressions, keys), *others = (
            one.axes() for one in (*measured.values(), *null.values())
        )
        if known != list(scores()) or any(one != (known, expressions, keys) for one in others):
            raise ValueError("measured with other scores, expressions or references")
        check_names(dict.fromkeys(name for _, name in measured), dict(keys))
        stacked = References({key: references[key] for key in keys})
        ready = {
            name: Maps.of_region(image) if image.dtype == bool else Maps.of(image[None])
            for name, image in rivals.items()
        }
        kinds = {name: kind_of(references[name, expression]) for name, expression in keys}
        return cls(
            measured=measured,
            expressions=expressions,
            references=keys,
            scores={name: list(scores_of(kind)) for name, kind in kinds.items()},
            rivals={name: stacked.score(maps)[:, 0] for name, maps in ready.items()},
            null=null,
            primary=_primary(kinds, *primary),
            seed=seed,
            missed=frozenset(missed),
        )

    @property
    def explainers(self) -> list[str]:
        """Their names, in order: the first is the main one."""
        return list(dict.fromkeys(explainer for explainer, _ in self.measured))

    def networks(self, explainer: str) -> dict[str, Agreement]:
        """Return what was measured of each network with an explainer."""
        return {
            network: found for (one, network), found in self.measured.items() if one == explainer
        }

    def learned(self, networks: Iterable[str]) -> list[str]:
        """Return those of some networks that means are over: that learned; all, if none did."""
        networks = list(networks)
        return [name for name in networks if name not in self.missed] or networks

    @property
    def names(self) -> list[str]:
        """The references' names, in order."""
        return list(self.scores)

    def columns(self, reference: str) -> list[int]:
        """Return the columns of a reference, in the order of the expressions."""
        return [self.references.index((reference, name)) for name in self.expressions]

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield each reference with each of its scores."""
        for reference, names in self.scores.items():
            for score in names:
                yield reference, score

    def own(self, cell: Cell, reference: str, score: str) -> Own:
        """Return one score of a network's heatmaps with their own expressions' reference."""
        found, at = self.measured[cell], position(score)
        name = self.names.index(reference)
        heatmaps = range(len(self.expressions)), self.columns(reference)
        equal = found.equal[at, :, :, name]
        return Own(
            value=found.value[at][:, *heatmaps],
            coarse=found.coarse[at, ..., name],
            bootstrap=found.bootstrap[at, ..., name],
            pooled=found.pooled[at][heatmaps],
            equal=equal[self.numbers, range(len(self.expressions))],
            dof=found.dof,
            drawn=found.resampling_unit,
        )

    def null_of(self, cell: Cell, reference: str, score: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the same of networks that know nothing, (draws, expressions), and their kinds.

        Without such networks there are no draws.
        """
        if cell not in self.null:
            return np.empty((0, len(self.expressions))), np.empty(0, str)
        found, heatmaps = self.null[cell], range(len(self.expressions))
        return found.value[position(score)][:, heatmaps, self.columns(reference)], found.kind

    def best_rival(self, reference: str, score: str, rows: Sequence[int]) -> tuple[str, float]:
        """Return the one rival that scores best in the mean over some expressions, and its mean.

        Those that are undefined on one of these are left out.
        """
        at, columns = position(score), np.array(self.columns(reference))[list(rows)]
        means = {name: float(table[at, columns].mean()) for name, table in self.rivals.items()}
        defined = {name: mean for name, mean in means.items() if np.isfinite(mean)}
        if not defined:
            return "", np.nan
        name = max(defined, key=lambda name: scores()[score].sign * defined[name])
        return name, defined[name]

    @cached_property
    def numbers(self) -> list[int]:
        """For each expression, the place of the largest number of faces that all trainings have.

        All that have any face of it: of all networks and explainers.
        """
        faces = np.concatenate([found.faces for found in self.measured.values()])
        least = np.where(faces > 0, faces, np.inf).min(axis=0)
        return [int(np.searchsorted(NUMBERS, one, side="right")) - 1 for one in least]

    @property
    def n_equal(self) -> list[float]:
        """For each expression, that number itself; NaN where nobody has the faces."""
        some = np.concatenate([found.faces for found in self.measured.values()]).any(axis=0)
        numbers = np.array(NUMBERS, float)[self.numbers]
        return np.where(some, numbers, np.nan).tolist()

    def left_out(self, rows: Sequence[int], networks: Sequence[str] = ()) -> str:
        """Return the names of expressions that are not in some rows, and of networks."""
        expressions = [name for at, name in enumerate(self.expressions) if at not in rows]
        return ", ".join([*expressions, *networks])

    def role(self, reference: str, score: str) -> str:
        """Return whether a reference and score are what the study is about."""
        return PRIMARY if (reference, score) == self.primary else EXPLORATORY


def complete(own: Mapping[str, Own], networks: Iterable[str]) -> tuple[list[str], list[int]]:
    """Return those of some networks that have all expressions which any has, and these."""
    networks = list(networks)
    rows = sorted({row for name in networks for row in own[name].rows})
    return [name for name in networks if rows and own[name].rows == rows], rows


def missed_in(paths: Iterable[str]) -> list[str]:
    """Return the networks that a ``classification.csv``, if there is any, says did not learn."""
    found = [tables.read(path) for path in paths]
    return [
        name for table in found for name in table.loc[~table["learned"].astype(bool), "network"]
    ]


def _primary(
    kinds: Mapping[str, Kind], reference: str | None, score: str | None
) -> tuple[str, str]:
    """Return the primary reference and score, those by default where none is given."""
    reference = reference or next(iter(kinds))
    known = scores_of(kinds[reference])
    score = score or PRIMARY_SCORES[kinds[reference]]
    if score not in known:
        raise UserError(
            f"The configuration key 'measure: primary_score' is wrong: '{score}' is no score of a "
            f"{kinds[reference]}, as '{reference}' is; choose one of {', '.join(known)}."
        )
    return reference, score


def finished(rows: Sequence[Mapping[str, Any]], study: Study, first: Sequence[str]) -> pd.DataFrame:
    """Return rows as a table, with their roles and the false discovery rates of their p.

    q is that among all primary rows, or all exploratory ones, of the table.

    Parameters
    ----------
    rows : with reference, score and p.
    first : columns that come first, up to score; the role follows.
    """
    if not rows:
        return pd.DataFrame(columns=[*first, "role", "p", "p_min", "q", "reason"])
    table = pd.DataFrame(rows)
    if "role" not in table:
        pairs = zip(table["reference"], table["score"], strict=True)
        table["role"] = [study.role(*pair) for pair in pairs]
    table.insert(list(table).index("p_min") + 1, "q", false_discovery(table, ["role"]))
    first = [*first, "role"]
    return table[first + [name for name in table if name not in first]]
