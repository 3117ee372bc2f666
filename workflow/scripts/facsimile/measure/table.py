"""Tidy tables of agreement and specificity, one row a number, with interval, chance and p."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from facsimile.measure import intervals
from facsimile.measure.agreement import Agreement
from facsimile.measure.scores import position, scores, scores_of
from facsimile.measure.scoring import Maps, Reference, References, kind_of
from facsimile.measure.specificity import contrast, false_discovery, permute_labels
from facsimile.names import check_names

ALL = "all"
"""Stands for all networks or all expressions of a table."""

Cell = tuple[str, str]
"""Explainer and network."""


@dataclass(frozen=True)
class Study:
    """What was measured of all networks, and what it was held against.

    ``measured`` has a row for each of ``expressions`` and a column for each of ``references``;
    ``scores`` maps the name of a reference to its scores; ``rivals`` a name to the scores of that
    map, (scores, references).
    """

    measured: Mapping[Cell, Agreement]
    expressions: Sequence[str]
    references: Sequence[Reference]
    scores: Mapping[str, Sequence[str]]
    rivals: Mapping[str, np.ndarray]

    @classmethod
    def of(
        cls,
        measured: Mapping[Cell, Agreement],
        references: Mapping[Reference, np.ndarray],
        rivals: Mapping[str, np.ndarray],
    ) -> "Study":
        """Score the rivals, maps of (275, 224), bool or float, against the references.

        Raises
        ------
        UserError
            If a name stands for a network and a reference, or is reserved.
        ValueError
            If not all were measured with the same scores, expressions and references.
        """
        (known, expressions, keys), *others = (one.axes() for one in measured.values())
        if known != list(scores()) or any(one != (known, expressions, keys) for one in others):
            raise ValueError("measured with other scores, expressions or references")
        check_names(dict.fromkeys(name for _, name in measured), dict(keys))
        stacked = References({key: references[key] for key in keys})
        ready = {
            name: Maps.of_region(image) if image.dtype == bool else Maps.of(image[None])
            for name, image in rivals.items()
        }
        return cls(
            measured=measured,
            expressions=expressions,
            references=keys,
            scores={name: list(scores_of(kind_of(references[name, e]))) for name, e in keys},
            rivals={name: stacked.score(maps)[:, 0] for name, maps in ready.items()},
        )

    def columns(self, reference: str) -> list[int]:
        """Return the columns of a reference, in the order of the expressions."""
        return [self.references.index((reference, name)) for name in self.expressions]

    def parts(self) -> Iterator[tuple[str, str, int, list[int]]]:
        """Yield each reference with each of its scores: names, place of the score, columns."""
        for reference, names in self.scores.items():
            for score in names:
                yield reference, score, position(score), self.columns(reference)


def agreement_table(study: Study) -> pd.DataFrame:
    """Return a row for each explainer, network, expression, reference and score.

    Columns
    -------
    explainer, network, expression, reference, score, value, low, high (95 % interval), chance
    (mean over all placements of the reference on the face), rival (score of the best rival),
    p (of placement), q (false discovery rate over the networks and expressions of a reference and
    score), n_faces, n_subjects; best_rival, difference (value less rival) and its interval,
    specificity (value less the mean with the other expressions' references) and its interval,
    interval (what was resampled), fold_mean, fold_std, folds, threshold, reason.
    """
    rows = [
        {"explainer": explainer, "network": network, "expression": expression, **numbers}
        for (explainer, network), found in study.measured.items()
        for row, expression in enumerate(study.expressions)
        for numbers in _cell(study, found, row)
    ]
    table = pd.DataFrame(rows)
    q = false_discovery(table, ["explainer", "reference", "score"])
    table.insert(list(table).index("p") + 1, "q", q)
    return table


def _cell(study: Study, found: Agreement, row: int) -> Iterator[dict]:
    for reference, score, at, columns in study.parts():
        own, dof = columns[row], int(found.dof[row])
        value = found.value[at, row, own]
        name, rival = _best(study, at, own, score)
        bootstrap = found.bootstrap[at, :, row]
        low, high = intervals.interval(
            value, found.coarse[at, row, own], bootstrap[:, own], dof, score
        )
        yield {
            "reference": reference,
            "score": score,
            "value": value,
            "low": low,
            "high": high,
            "chance": found.chance[at, row, own],
            "rival": rival,
            "p": found.p[at, row, own],
            "n_faces": found.faces[row],
            "n_subjects": found.subjects[row],
            "best_rival": name,
            "difference": value - rival,
            "difference_low": low - rival,
            "difference_high": high - rival,
            **_specific(found, at, row, columns, score),
            "interval": found.resampling_unit[row],
            **_over_folds(found.folds[at, :, row, own]),
            "threshold": found.threshold[row],
            "reason": found.reason[row],
        }


def _best(study: Study, at: int, column: int, score: str) -> tuple[str, float]:
    """Return the name and score of the rival that does best; those undefined are left out."""
    values = {name: table[at, column] for name, table in study.rivals.items()}
    defined = {name: value for name, value in values.items() if np.isfinite(value)}
    if not defined:
        return "", np.nan
    name = max(defined, key=lambda name: scores()[score].sign * defined[name])
    return name, defined[name]


def _specific(found: Agreement, at: int, row: int, columns: list[int], score: str) -> dict:
    """Return the specificity of one cell and its interval; NaN with one expression only."""

    def own_less_others(table: np.ndarray) -> Any:
        others = np.delete(table, row, axis=-1)
        return table[..., row] - (others.mean(axis=-1) if others.size else np.nan)

    value, coarse, bootstrap = (
        own_less_others(table[..., columns])
        for table in (found.value[at, row], found.coarse[at, row], found.bootstrap[at, :, row])
    )
    dof = int(found.dof[row])
    low, high = intervals.interval(value, coarse, bootstrap, dof, score, difference=True)
    return {"specificity": value, "specificity_low": low, "specificity_high": high}


def _over_folds(values: np.ndarray) -> dict:
    """Return mean and spread over the folds' own heatmaps, leaving out those without one."""
    values = values[np.isfinite(values)]
    return {
        "fold_mean": values.mean() if len(values) else np.nan,
        "fold_std": values.std(ddof=1) if len(values) > 1 else np.nan,
        "folds": len(values),
    }


def specificity_table(study: Study) -> pd.DataFrame:
    """Return a row for each explainer, network (and ``all``), reference and score.

    Columns
    -------
    value (mean over the expressions, each with its own reference) with its interval, others (mean
    with the other expressions' references), specificity (value less others) with its interval,
    chance (mean over all orders of the labels), p (of these orders), q (over the networks and
    references of a score; of ``all``, over the references), n_expressions, n_networks,
    interval (what was resampled), reason.
    """
    rows = []
    for explainer in dict.fromkeys(name for name, _ in study.measured):
        own = {net: found for (name, net), found in study.measured.items() if name == explainer}
        for reference, score, at, columns in study.parts():
            names = {"explainer": explainer, "reference": reference, "score": score}
            for network, found in own.items():
                rows.append({**names, "network": network, **_network(found, at, columns, score)})
            rows.append(
                {**names, "network": ALL, **_networks(list(own.values()), at, columns, score)}
            )
    table = pd.DataFrame(rows)
    single = table["network"] != ALL
    q = false_discovery(table.assign(single=single), ["explainer", "single", "score"])
    table.insert(list(table).index("p") + 1, "q", q)
    first = ["explainer", "network", "reference", "score"]
    return table[first + [name for name in table if name not in first]]


def _network(found: Agreement, at: int, columns: list[int], score: str) -> dict:
    value, coarse = found.value[at][:, columns], found.coarse[at][:, columns]
    bootstrap = found.bootstrap[at][:, :, columns]
    good = np.flatnonzero(np.isfinite(value).all(axis=1))
    pairs = np.ix_(good, good)
    dof = int(found.dof[good].min(initial=np.iinfo(int).max)) if len(good) else 0

    def bounded(reduce: Callable, difference: bool) -> tuple[float, float]:
        drawn = reduce(bootstrap[:, good][:, :, good])
        return intervals.interval(
            reduce(value[pairs]), reduce(coarse[pairs]), drawn, dof, score, difference
        )

    units = sorted(set(found.resampling_unit[good]))
    numbers = _contrasted(value[pairs], score)
    if not numbers["reason"]:
        numbers["low"], numbers["high"] = bounded(_own, difference=False)
        low, high = bounded(lambda part: contrast(part).mean(axis=-1), difference=True)
        numbers["specificity_low"], numbers["specificity_high"] = low, high
    return {**numbers, "n_networks": 1, "interval": ", ".join(unit for unit in units if unit)}


def _networks(found: list[Agreement], at: int, columns: list[int], score: str) -> dict:
    """Return the mean over networks, its interval over networks, and p of the same orders."""
    tables = np.stack([one.value[at][:, columns] for one in found])
    # Expressions that some network has; of these a network must have all, to be compared.
    some = np.flatnonzero(np.isfinite(tables).all(axis=2).any(axis=0))
    tables = tables[:, some][:, :, some]
    tables = tables[np.isfinite(tables).all(axis=(1, 2))]
    numbers = _contrasted(tables.mean(axis=0) if len(tables) else tables.reshape(0, 0), score)
    if not numbers["reason"]:
        numbers["low"], numbers["high"] = intervals.over_networks(_own(tables))
        low, high = intervals.over_networks(contrast(tables).mean(axis=-1))
        numbers["specificity_low"], numbers["specificity_high"] = low, high
    unit = "networks" if len(tables) > 1 else "fewer than two networks: no interval"
    return {**numbers, "n_networks": len(tables), "interval": unit}


def _own(table: np.ndarray) -> np.ndarray:
    return np.diagonal(table, axis1=-2, axis2=-1).mean(axis=-1)


def _contrasted(table: np.ndarray, score: str) -> dict:
    numbers: dict[str, Any] = dict.fromkeys(
        ("value", "low", "high", "others", "specificity", "specificity_low", "specificity_high",
         "chance", "p"), np.nan
    )  # fmt: skip
    reason = "" if len(table) > 2 else "fewer than three expressions with a score"
    if not reason:
        numbers["value"] = _own(table)
        numbers["specificity"] = contrast(table).mean()
        numbers["others"] = numbers["value"] - numbers["specificity"]
        numbers["chance"], numbers["p"] = permute_labels(table, score)
    return {**numbers, "n_expressions": len(table), "reason": reason}


def cross_expression_table(study: Study) -> pd.DataFrame:
    """Return every heatmap against every expression's reference, averaged over the networks.

    Columns: explainer, reference, score, heatmap and drawn_for (expressions), value, networks.
    """
    rows = []
    for explainer in dict.fromkeys(name for name, _ in study.measured):
        own = [found for (name, _), found in study.measured.items() if name == explainer]
        for reference, score, at, columns in study.parts():
            tables = np.stack([found.value[at][:, columns] for found in own])
            for row, heatmap in enumerate(study.expressions):
                for column, drawn_for in enumerate(study.expressions):
                    values = tables[:, row, column]
                    values = values[np.isfinite(values)]
                    rows.append(
                        {
                            "explainer": explainer,
                            "reference": reference,
                            "score": score,
                            "heatmap": heatmap,
                            "drawn_for": drawn_for,
                            "value": values.mean() if len(values) else np.nan,
                            "networks": len(values),
                        }
                    )
    return pd.DataFrame(rows)
