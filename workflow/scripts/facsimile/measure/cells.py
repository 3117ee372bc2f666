"""The table of all cells: each heatmap with its own expression's references."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd

from facsimile.measure.null import NO_NULL, compare_trainings
from facsimile.measure.scores import position
from facsimile.measure.scoring import mean_defined
from facsimile.measure.table import Cell, Study, finished


def agreement_table(study: Study) -> pd.DataFrame:
    """Return a row for each explainer, network, expression, reference and score.

    Columns
    -------
    explainer, network, expression, reference, score, role (primary or exploratory);
    value (mean over the trainings, each with its own heatmap), its 95 % interval low, high;
    pooled (of the heatmap shown, the mean over trainings);
    equal (of ``n_equal`` faces a training, as many as all networks have);
    chance (mean level of the networks that know nothing that p is about), untrained, shuffled (of
    each kind), p (two-sided), p_min (the smallest that the test can give), q (false discovery rate
    over the rows of the same role);
    elsewhere (mean over all placements of the reference on the face);
    rival (score of the best rival), best_rival, difference (value less rival) and its interval;
    specificity (value less the mean with the other expressions' references);
    reliability (of the heatmap shown, over people);
    n_repeats (trainings with a heatmap), n_faces (mean of a training), n_subjects, interval (what
    it is about), fold_mean, fold_std, folds (of the folds' own heatmaps), threshold, reason (why
    there is no value, or no p).
    """
    rows = [
        {"explainer": cell[0], "network": cell[1], "expression": expression, **numbers}
        for cell in study.measured
        for row, expression in enumerate(study.expressions)
        for numbers in _cell(study, cell, row)
    ]
    return finished(rows, study, ["explainer", "network", "expression", "reference", "score"])


def _cell(study: Study, cell: Cell, row: int) -> Iterator[dict]:
    """Yield the numbers of one heatmap with each reference and score."""
    found = study.measured[cell]
    for reference, score in study.parts():
        own, name = study.own(cell, reference, score), study.names.index(reference)
        null, kind = study.null_of(cell, reference, score)
        at, columns = position(score), study.columns(reference)
        units = own.over([row])
        estimate = units.estimate(score)
        low, high = estimate.bounds
        best_rival, rival = study.best_rival(reference, score, [row])
        compared = compare_trainings(units.value, null[:, row], kind, study.seed)
        yield {
            "reference": reference,
            "score": score,
            "value": estimate.value,
            "low": low,
            "high": high,
            "pooled": own.pooled[row],
            "equal": own.equal[row],
            "n_equal": study.n_equal[row],
            **compared,
            "elsewhere": found.elsewhere[at, row, name],
            "rival": rival,
            "best_rival": best_rival,
            "difference": estimate.value - rival,
            "difference_low": low - rival,
            "difference_high": high - rival,
            "specificity": _own_less_others(found.value[at, :, row][:, columns], row),
            "reliability": found.reliability[row],
            "n_repeats": units.count,
            "n_faces": found.faces[:, row].mean(),
            "n_subjects": found.subjects[row],
            "interval": units.interval,
            **_over_folds(found.folds[at, :, row, name]),
            "threshold": found.threshold[row],
            "reason": found.reason[row] or ("" if np.isfinite(compared["p"]) else NO_NULL),
        }


def _own_less_others(values: np.ndarray, row: int) -> float:
    """Return the specificity of one heatmap, from its scores, (repeats, expressions)."""
    means = mean_defined(values, 0)
    return float(means[row] - mean_defined(np.delete(means, row), 0))


def _over_folds(values: np.ndarray) -> dict:
    """Return mean and spread over the folds' own heatmaps, leaving out those without one."""
    values = values[np.isfinite(values)]
    return {
        "fold_mean": values.mean() if len(values) else np.nan,
        "fold_std": values.std(ddof=1) if len(values) > 1 else np.nan,
        "folds": len(values),
    }


def cross_expression_table(study: Study) -> pd.DataFrame:
    """Return every heatmap against every expression's reference, averaged over the networks.

    Those that did not learn are left out.

    Columns: explainer, reference, score, heatmap and drawn_for (expressions), value, networks.
    """
    rows = []
    for explainer, (reference, score) in product(study.explainers, study.parts()):
        at, columns = position(score), study.columns(reference)
        found = study.networks(explainer)
        tables = [found[name].value[at][..., columns] for name in study.learned(found)]
        values = np.stack([mean_defined(table, 0) for table in tables])
        means, counts = mean_defined(values, 0), np.isfinite(values).sum(axis=0)
        for (row, heatmap), (column, drawn_for) in product(enumerate(study.expressions), repeat=2):
            rows.append(
                {
                    "explainer": explainer,
                    "reference": reference,
                    "score": score,
                    "heatmap": heatmap,
                    "drawn_for": drawn_for,
                    "value": means[row, column],
                    "networks": counts[row, column],
                }
            )
    return pd.DataFrame(rows)
