"""Pre-training as a factor: the same architecture with and without it, or else many of each.

Twins, two networks of one architecture that start from different weights, give a comparison
within the architecture, on the same draws of people. Without twins, networks that start
pre-trained can only be compared with others that do not: whatever else differs between these
architectures differs too, and the rows say ``confounded``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from facsimile.errors import UserError
from facsimile.measure import intervals
from facsimile.measure.agreement import Agreement
from facsimile.measure.scores import scores
from facsimile.measure.specificity import false_discovery
from facsimile.measure.table import ALL, Study
from facsimile.seeds import generator

RANDOM = "random"
COLUMNS = ["explainer", "comparison", "pretrained", "scratch", "expression", "reference", "score",
           "value_pretrained", "value_scratch", "difference", "low", "high", "p", "q",
           "confounded", "interval"]  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """Where a network comes from: its architecture, that one's family, its weights at start."""

    architecture: str
    family: str
    start: str

    @property
    def pretrained(self) -> bool:
        """Whether training began from learned weights."""
        return self.start not in (RANDOM, "")


def read_origins(
    known: Mapping[str, tuple[str, str]], families: str | Path, tables: Sequence[str | Path] = ()
) -> dict[str, Origin]:
    """Return where networks come from.

    Parameters
    ----------
    known : network to its architecture and its weights at start.
    families : a CSV with the columns architecture, family.
    tables : CSVs with the columns network, start and, if wanted, architecture and family; empty
        cells where it is not known. Their networks are added.

    Raises
    ------
    UserError
        If a table lacks a column.
    """
    family = pd.read_csv(families).set_index("architecture")["family"]
    origins = {
        name: Origin(architecture, family.get(architecture, ""), start)
        for name, (architecture, start) in known.items()
    }
    for table in tables:
        rows = pd.read_csv(table, dtype=str).fillna("")
        missing = [name for name in ("network", "start") if name not in rows]
        if missing:
            raise UserError(f"{table} lacks the column {' and '.join(missing)}: add it.")
        for row in rows.to_dict("records"):
            architecture = row.get("architecture") or row["network"]
            own = row.get("family") or family.get(architecture, "")
            origins[row["network"]] = Origin(architecture, own, row["start"])
    return origins


def twins(origins: Mapping[str, Origin]) -> list[tuple[str, str]]:
    """Return pairs of networks, (pre-trained, from scratch), of one architecture each."""
    return [
        (one, other)
        for one, other in product(origins, origins)
        if origins[one].architecture == origins[other].architecture
        and origins[one].pretrained
        and origins[other].start == RANDOM
    ]


def pretraining_table(study: Study, origins: Mapping[str, Origin], seed: int) -> pd.DataFrame:
    """Compare pre-trained networks with others; no row where all networks start alike.

    Parameters
    ----------
    origins : of the networks of which it is known.
    seed : of the study.

    Returns
    -------
    Columns explainer, comparison (twins, or between architectures), pretrained and scratch (names
    of networks, or how many), expression (or all), reference, score, value_pretrained,
    value_scratch, difference, its 95 % interval low and high, p (two-sided), q (over the
    rows of an explainer, comparison and score), confounded,
    interval (what was resampled).
    """
    rows = []
    for explainer in dict.fromkeys(name for name, _ in study.measured):
        found = {
            network: agreement
            for (name, network), agreement in study.measured.items()
            if name == explainer and network in origins and origins[network].start
        }
        here = {network: origins[network] for network in found}
        for reference, score, at, columns in study.parts():
            names = {"explainer": explainer, "reference": reference, "score": score}
            for one, other in twins(here):
                for part in _paired(study, found[one], found[other], at, columns, score):
                    pair = {"pretrained": one, "scratch": other}
                    rows.append({**names, "comparison": "twins", **pair, **part})
            values = {net: _own(agreement.value[at], columns) for net, agreement in found.items()}
            drawn_for = (seed, "pretraining", explainer, reference, score)
            rows += [{**names, **part} for part in _between(study, values, here, score, drawn_for)]
    table = pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "q"])
    q = false_discovery(table, ["explainer", "comparison", "score"])
    table.insert(COLUMNS.index("q"), "q", q)
    return table


def _own(table: np.ndarray, columns: list[int]) -> np.ndarray:
    """Return a score, (..., heatmaps, references), with the own expressions' reference."""
    return table[..., range(len(columns)), columns]


def _paired(
    study: Study, one: Agreement, other: Agreement, at: int, columns: list[int], score: str
) -> Iterator[dict]:
    """Yield the differences of two networks on each expression and on all."""
    value, coarse, bootstrap = (
        [_own(getattr(network, part)[at], columns) for network in (one, other)]
        for part in ("value", "coarse", "bootstrap")
    )
    dof = np.minimum(one.dof, other.dof)
    choices = {name: [row] for row, name in enumerate(study.expressions)}
    for name, rows in (choices | {ALL: list(range(len(study.expressions)))}).items():
        first, second = (part[rows].mean() for part in value)
        numbers = (
            first - second,
            coarse[0][rows].mean() - coarse[1][rows].mean(),
            (bootstrap[0][:, rows] - bootstrap[1][:, rows]).mean(axis=1),
            int(dof[rows].min()),
            score,
        )
        low, high = intervals.interval(*numbers, difference=True)
        yield {
            "expression": name,
            "value_pretrained": first,
            "value_scratch": second,
            "difference": first - second,
            "low": low,
            "high": high,
            "p": intervals.p_of_zero(*numbers),
            "confounded": False,
            "interval": ", ".join(sorted({unit for unit in one.resampling_unit[rows] if unit})),
        }


def _between(
    study: Study,
    values: Mapping[str, np.ndarray],
    origins: Mapping[str, Origin],
    score: str,
    drawn_for: tuple,
) -> Iterator[dict]:
    """Yield the difference of the means of both kinds of networks, where there are two of each.

    ``drawn_for`` is the study's seed and what it is drawn for, less the expression.
    """
    table = np.array(list(values.values())).reshape(-1, len(study.expressions))
    learned = np.array([origins[name].pretrained for name in values], bool)
    choices = {name: table[:, row] for row, name in enumerate(study.expressions)}
    for name, means in (choices | {ALL: table.mean(axis=1)}).items():
        defined = np.isfinite(means)
        groups = means[defined & learned], means[defined & ~learned]
        if min(map(len, groups)) < 2:
            continue
        welch = stats.ttest_ind(*groups, equal_var=False)
        span = np.ptp(scores()[score].limits)
        low, high = np.clip(welch.confidence_interval(intervals.LEVEL), -span, span)
        shuffled = stats.permutation_test(
            groups,
            lambda a, b, axis: a.mean(axis) - b.mean(axis),
            vectorized=True,
            rng=generator(*drawn_for, name),
        )
        yield {
            "comparison": "between architectures",
            "pretrained": f"{len(groups[0])} networks",
            "scratch": f"{len(groups[1])} networks",
            "expression": name,
            "value_pretrained": groups[0].mean(),
            "value_scratch": groups[1].mean(),
            "difference": groups[0].mean() - groups[1].mean(),
            "low": low,
            "high": high,
            "p": shuffled.pvalue,
            "confounded": True,
            "interval": "networks",
        }
