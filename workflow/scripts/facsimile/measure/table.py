"""Tidy tables of agreement and specificity, one row a number, with interval, chance and p."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from facsimile.measure import intervals
from facsimile.measure.agreement import Agreement
from facsimile.measure.scores import (
    SCORES,
    SIGN,
    Maps,
    Reference,
    References,
    applicable,
)
from facsimile.measure.specificity import contrast, false_discovery, permute_labels

ALL = "all"
"""Stands for all networks or all expressions of a table."""

Cell = tuple[str, str]
"""Explainer and network."""


@dataclass(frozen=True)
class Study:
    """What was measured of all networks, and what it was held against.

    ``measured`` has a row for each of ``expressions`` and a column for each of ``references``;
    ``baselines`` maps a name to the scores of that map, (scores, references).
    """

    measured: Mapping[Cell, Agreement]
    expressions: Sequence[str]
    references: Sequence[Reference]
    scores: Mapping[str, Sequence[str]]
    baselines: Mapping[str, np.ndarray]

    @classmethod
    def of(
        cls,
        measured: Mapping[Cell, Agreement],
        expressions: Sequence[str],
        references: Mapping[Reference, np.ndarray],
        baselines: Mapping[str, np.ndarray],
    ) -> "Study":
        """Score the baselines, maps of (275, 224), bool or float, against the references."""
        stacked = References(references)
        ready = {
            name: Maps.of_region(image) if image.dtype == bool else Maps.of(image[None])
            for name, image in baselines.items()
        }
        return cls(
            measured=measured,
            expressions=list(expressions),
            references=list(references),
            scores={name: applicable(image) for (name, _), image in references.items()},
            baselines={name: stacked.score(maps)[:, 0] for name, maps in ready.items()},
        )

    def columns(self, reference: str) -> list[int]:
        """Return the columns of a reference, in the order of the expressions."""
        return [self.references.index((reference, name)) for name in self.expressions]

    def parts(self) -> Iterator[tuple[str, str, int, list[int]]]:
        """Yield each reference with each of its scores: names, place of the score, columns."""
        for reference, scores in self.scores.items():
            for score in scores:
                yield reference, score, SCORES.index(score), self.columns(reference)


def agreement_table(study: Study) -> pd.DataFrame:
    """Return a row for each explainer, network, expression, reference and score.

    Columns
    -------
    explainer, network, expression, reference, score, value, low, high (95 % interval), chance
    (mean over all placements of the reference on the face), baseline (score of the best baseline),
    p (of placement), q (false discovery rate over the networks and expressions of a reference and
    score), n_faces, n_subjects; best_baseline, difference (value less baseline) and
    its interval, specificity (value less the mean with the other expressions' references) and its
    interval, interval (what was resampled), fold_mean, fold_std, folds, threshold, reason.
    """
    rows = [
        {"explainer": explainer, "network": network, "expression": expression, **numbers}
        for (explainer, network), found in study.measured.items()
        for row, expression in enumerate(study.expressions)
        for numbers in _cell(study, found, row)
    ]
    table = pd.DataFrame(rows)
    q = false_discovery(table, ["explainer", "reference", "score"])
    table.insert(table.columns.get_loc("p") + 1, "q", q)
    return table


def _cell(study: Study, found: Agreement, row: int) -> Iterator[dict]:
    for reference, score, at, columns in study.parts():
        own, freedom = columns[row], int(found.freedom[row])
        value = found.value[at, row, own]
        name, baseline = _best(study, at, own, score)
        draws = found.draws[at, :, row]
        low, high = intervals.interval(
            value, found.coarse[at, row, own], draws[:, own], freedom, score
        )
        yield {
            "reference": reference,
            "score": score,
            "value": value,
            "low": low,
            "high": high,
            "chance": found.chance[at, row, own],
            "baseline": baseline,
            "p": found.p[at, row, own],
            "n_faces": found.faces[row],
            "n_subjects": found.subjects[row],
            "best_baseline": name,
            "difference": value - baseline,
            "difference_low": low - baseline,
            "difference_high": high - baseline,
            **_specific(found, at, row, columns, score),
            "interval": found.unit[row],
            **_over_folds(found.folds[at, :, row, own]),
            "threshold": found.threshold[row],
            "reason": found.reason[row],
        }


def _best(study: Study, at: int, column: int, score: str) -> tuple[str, float]:
    """Return the name and score of the baseline that does best; those undefined are left out."""
    scores = {name: values[at, column] for name, values in study.baselines.items()}
    defined = {name: value for name, value in scores.items() if np.isfinite(value)}
    if not defined:
        return "", np.nan
    name = max(defined, key=lambda name: SIGN[score] * defined[name])
    return name, defined[name]


def _specific(found: Agreement, at: int, row: int, columns: list[int], score: str) -> dict:
    """Return the specificity of one cell and its interval; NaN with one expression only."""

    def own_less_others(scores: np.ndarray) -> np.ndarray:
        others = np.delete(scores, row, axis=-1)
        return scores[..., row] - (others.mean(axis=-1) if others.size else np.nan)

    value, coarse, draws = (
        own_less_others(scores[..., columns])
        for scores in (found.value[at, row], found.coarse[at, row], found.draws[at, :, row])
    )
    freedom = int(found.freedom[row])
    low, high = intervals.interval(value, coarse, draws, freedom, score, difference=True)
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
    table.insert(table.columns.get_loc("p") + 1, "q", q)
    first = ["explainer", "network", "reference", "score"]
    return table[first + [name for name in table if name not in first]]


def _network(found: Agreement, at: int, columns: list[int], score: str) -> dict:
    scores, coarse = found.value[at][:, columns], found.coarse[at][:, columns]
    draws = found.draws[at][:, :, columns]
    good = np.flatnonzero(np.isfinite(scores).all(axis=1))
    pairs = np.ix_(good, good)
    freedom = int(found.freedom[good].min(initial=np.iinfo(int).max)) if len(good) else 0

    def bounded(reduce, difference: bool) -> tuple[float, float]:
        drawn = reduce(draws[:, good][:, :, good])
        return intervals.interval(
            reduce(scores[pairs]), reduce(coarse[pairs]), drawn, freedom, score, difference
        )

    units = sorted(set(found.unit[good]))
    numbers = _contrasted(scores[pairs], score)
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


def _own(scores: np.ndarray) -> np.ndarray:
    return np.diagonal(scores, axis1=-2, axis2=-1).mean(axis=-1)


def _contrasted(scores: np.ndarray, score: str) -> dict:
    numbers = dict.fromkeys(
        ("value", "low", "high", "others", "specificity", "specificity_low", "specificity_high",
         "chance", "p"), np.nan
    )  # fmt: skip
    reason = "" if len(scores) > 2 else "fewer than three expressions with a score"
    if not reason:
        numbers["value"] = _own(scores)
        numbers["specificity"] = contrast(scores).mean()
        numbers["others"] = numbers["value"] - numbers["specificity"]
        numbers["chance"], numbers["p"] = permute_labels(scores, score)
    return {**numbers, "n_expressions": len(scores), "reason": reason}


def crossed_table(study: Study) -> pd.DataFrame:
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
