"""Pre-training as a factor: the same architecture with and without it, or else many of each.

Twins, two networks of one architecture that start from different weights, give a comparison
within the architecture, paired on trainings and people. Without twins, networks that start
pre-trained can only be compared with others that do not, and then whole families are the units,
since networks of one family are alike: whatever else differs between these families differs too,
and where no family has both kinds the rows say ``confounded``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from facsimile.errors import UserError
from facsimile.faces.layouts.tables import read_rows
from facsimile.measure.paired import over_expressions
from facsimile.measure.permutations import Shift, exchange_groups, orders_of_groups
from facsimile.measure.scoring import mean_defined
from facsimile.measure.table import ALL, Study, finished
from facsimile.measure.units import Own
from facsimile.seeds import generator

RANDOM = "random"

UNCLEAR = ("none", "no", "yes", "true", "false", "na", "nan", "n/a", "null", "unknown", "scratch")
"""Words for weights at start of which it is not sure what they say."""

LEAST = 5
"""Trainings from which on the difference of twins has a p."""

FIRST = ["explainer", "comparison", "pretrained", "scratch", "expression", "reference", "score"]
COLUMNS = [*FIRST, "role", "value_pretrained", "value_scratch", "difference", "low", "high", "p",
           "p_min", "q", "confounded", "n_repeats", "unit", "interval", "reason"]  # fmt: skip


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
    families : a CSV with the columns architecture, family; another architecture is a family of
        its own.
    tables : CSVs with the columns network, start and, if wanted, architecture and family; empty
        cells where it is not known. Their networks are added.

    Raises
    ------
    UserError
        If a table lacks a column, or cannot be read.
    """
    family = pd.read_csv(families, dtype=str, keep_default_na=False).set_index("architecture")[
        "family"
    ]
    origins = {
        name: Origin(architecture, family.get(architecture, architecture), start)
        for name, (architecture, start) in known.items()
    }
    for table in tables:
        for cells in read_rows(Path(table), ("network", "start"), ("architecture", "family")):
            if cells.fault:
                raise UserError(f"Row {cells.number + 1} of {table} has {cells.fault}: mend it.")
            row = cells.cells
            architecture = row.get("architecture") or row["network"]
            own = row.get("family") or family.get(architecture, architecture)
            given = Origin(architecture, own, _start(row["start"], table))
            if not row["network"] or origins.setdefault(row["network"], given) != given:
                raise UserError(
                    f"Row {cells.number + 1} of {table} names no network, or '{row['network']}' "
                    "as another row does, which says otherwise: mend it."
                )
    return origins


def _start(said: str, table: str | Path) -> str:
    """Return the weights at start: random, what others are called, or nothing where not known."""
    if said.casefold() in UNCLEAR:
        raise UserError(
            f"{table} has '{said}' in the column start: write {RANDOM}, or what the weights are "
            "called, such as imagenet, or leave the cell empty where it is not known."
        )
    return RANDOM if said.casefold() == RANDOM else said


def twins(origins: Mapping[str, Origin]) -> list[tuple[str, str]]:
    """Return pairs of networks, (pre-trained, from scratch), of one architecture each."""
    return [
        (one, other)
        for one, other in product(origins, origins)
        if origins[one].architecture == origins[other].architecture
        and origins[one].pretrained
        and origins[other].start == RANDOM
    ]


def pretraining_table(study: Study, origins: Mapping[str, Origin]) -> pd.DataFrame:
    """Compare pre-trained networks with others; no row where all networks start alike.

    Parameters
    ----------
    origins : of the networks of which it is known.

    Returns
    -------
    Columns explainer, comparison (twins, or between architectures), pretrained and scratch (names
    of networks, or how many), expression (or all), reference, score, role, value_pretrained,
    value_scratch (of twins, means over trainings; between architectures, over families),
    difference, its 95 % interval low and high, p (two-sided), p_min (the smallest that the test can
    give; of a t none), q, confounded, n_repeats, unit (trainings or families), interval (what it is
    about), reason.
    """
    rows = []
    for explainer, (reference, score) in product(study.explainers, study.parts()):
        own = {
            network: study.own((explainer, network), reference, score)
            for network in study.networks(explainer)
            if network in origins and origins[network].start
        }
        here = {network: origins[network] for network in own}
        names = {"explainer": explainer, "reference": reference, "score": score}
        for one, other in twins(here):
            pair = {"comparison": "twins", "pretrained": one, "scratch": other}
            rows += [names | pair | row for row in _twins(study, own[other], own[one], score)]
        rng = generator(study.seed, "pretraining", explainer, reference, score)
        rows += [names | row for row in _between(study, own, here, rng)]
    return finished(rows, study, FIRST).reindex(columns=COLUMNS)


def _twins(study: Study, scratch: Own, pretrained: Own, score: str) -> Iterator[dict]:
    """Yield the differences of two networks on each expression and on all."""
    for expression, means, numbers in over_expressions(study, (scratch, pretrained), score, LEAST):
        values = {"value_scratch": means[0], "value_pretrained": means[1]}
        row = {"expression": expression, **values, **numbers, "confounded": False}
        yield row | {"unit": "trainings"}


def _between(
    study: Study, own: Mapping[str, Own], origins: Mapping[str, Origin], rng: np.random.Generator
) -> Iterator[dict]:
    """Yield the difference of both kinds of networks, where there are two or more of each."""
    values = {name: mean_defined(one.value, 0) for name, one in own.items()}
    choices = {name: [row] for row, name in enumerate(study.expressions)}
    for expression, rows in (choices | {ALL: list(range(len(study.expressions)))}).items():
        means = {name: float(value[rows].mean()) for name, value in values.items()}
        learned, scratch = _families(means, origins)
        counts = [sum(map(len, side.values())) for side in (learned, scratch)]
        if min(counts) < 2:
            continue
        ones, others = (
            {family: float(np.mean(found)) for family, found in side.items()}
            for side in (learned, scratch)
        )
        first, second = (float(np.mean(list(side.values()))) for side in (ones, others))
        shift = _exchange(ones, others, rng)
        yield {
            "comparison": "between architectures",
            "pretrained": f"{counts[0]} networks",
            "scratch": f"{counts[1]} networks",
            "expression": expression,
            "value_pretrained": first,
            "value_scratch": second,
            "difference": first - second,
            **vars(shift),
            "confounded": not set(learned) & set(scratch),
            "n_repeats": min(one.repeats for one in own.values()),
            "unit": "families",
            "interval": "families",
            "reason": "",
        }


def _families(
    means: Mapping[str, float], origins: Mapping[str, Origin]
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Return the means of pre-trained networks, and of the others, by family.

    A network whose family nobody knows is one of its own.
    """
    sides: tuple[dict[str, list[float]], dict[str, list[float]]] = ({}, {})
    for name, mean in means.items():
        if np.isfinite(mean):
            side = sides[0 if origins[name].pretrained else 1]
            side.setdefault(origins[name].family or name, []).append(mean)
    return sides


def _exchange(
    learned: Mapping[str, float], scratch: Mapping[str, float], rng: np.random.Generator
) -> Shift:
    """Test the difference of two kinds of families, each with its mean.

    A family with networks of both kinds exchanges these; all others are exchanged as a whole.
    """
    both = [name for name in learned if name in scratch]
    first = [mean for name, mean in learned.items() if name not in both]
    second = [mean for name, mean in scratch.items() if name not in both]
    members = [
        *first,
        *second,
        *(learned[name] for name in both),
        *(scratch[name] for name in both),
    ]
    orders = orders_of_groups(len(first), len(second), len(both), rng)
    return exchange_groups(np.array(members), orders)
