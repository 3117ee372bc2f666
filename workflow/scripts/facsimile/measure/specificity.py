"""Specificity: does a heatmap fit its own expression's reference better than the others'?

If it does not, the labels of the references can be exchanged: all orders of the expressions are
tried. The expressions are the units of the test and of the interval, and networks share the order:
what heatmaps or references have in common, such as networks that all show the mouth, cancels.

Beside it the same *without the common face*: the mean over expressions is taken out of a network's
heatmaps and of the references. "All look at the mouth" and "each looks at its own place" are two
findings.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd

from facsimile.measure.permutations import exchange_labels
from facsimile.measure.scores import position
from facsimile.measure.scoring import mean_defined
from facsimile.measure.table import ALL, EXPLORATORY, Study, finished

KEPT, REMOVED = "kept", "removed"


def contrast(table: np.ndarray) -> np.ndarray:
    """Return own less the mean of the others, for each heatmap.

    Parameters
    ----------
    table : a score, (..., expressions, expressions), heatmaps down and references across.

    Returns
    -------
    (..., expressions).
    """
    own = np.diagonal(table, axis1=-2, axis2=-1)
    return own - (table.sum(axis=-1) - own) / (table.shape[-1] - 1)


def contrasted(table: np.ndarray) -> dict:
    """Return what one table says of specificity, (expressions, expressions).

    Returns
    -------
    value (mean with the own references), others (with the others'), specificity (value less
    others) with its 95 % interval, chance (mean over all orders of the labels), p (two-sided),
    p_min, n_expressions, reason; empty numbers with fewer than three expressions.
    """
    numbers = dict.fromkeys(
        ("value", "others", "specificity", "specificity_low", "specificity_high", "chance", "p",
         "p_min"), np.nan
    )  # fmt: skip
    counts = {"n_expressions": len(table), "reason": TOO_FEW}
    if len(table) < 3:
        return numbers | counts
    shift = exchange_labels(table)
    value, specificity = float(np.trace(table) / len(table)), float(contrast(table).mean())
    return {
        "value": value,
        "others": value - specificity,
        "specificity": specificity,
        "specificity_low": shift.low,
        "specificity_high": shift.high,
        "chance": float(table.mean()),
        "p": shift.p,
        "p_min": shift.p_min,
        **counts,
        "reason": "",
    }


TOO_FEW = "fewer than three expressions with a score"


def specificity_table(study: Study) -> pd.DataFrame:
    """Return a row for each explainer, network (and ``all``), reference, score and common face.

    Columns
    -------
    explainer, network, reference, score, role, common_face (kept; or removed, with Pearson's r as
    the only score), those of ``contrasted`` with q, n_networks, n_repeats, left_out (names of
    expressions and networks that are not in these numbers).
    """
    rows = []
    for explainer, (reference, score, face) in product(study.explainers, _parts(study)):
        names = {"explainer": explainer, "reference": reference, "score": score}
        names["role"] = study.role(reference, score) if face == KEPT else EXPLORATORY
        names["common_face"] = face
        tables, repeats = {}, {}
        for network, found in study.networks(explainer).items():
            each = found.value[position(score)] if face == KEPT else found.removed
            each = each[..., study.columns(reference)]
            tables[network] = mean_defined(each, 0)
            repeats[network] = int(np.isfinite(each).any(axis=(1, 2)).sum())
        rows += [names | row for row in _rows(study, tables, repeats)]
    return finished(rows, study, ["explainer", "network", "reference", "score"])


def _parts(study: Study) -> Iterator[tuple[str, str, str]]:
    """Yield each reference with each of its scores, and with that without the common face."""
    for reference, score in study.parts():
        yield reference, score, KEPT
    for reference in study.names:
        yield reference, "pearson", REMOVED


def _rows(study: Study, tables: dict[str, np.ndarray], repeats: dict[str, int]) -> Iterator[dict]:
    """Yield the numbers of each network, over its own expressions, and of their mean.

    The mean is over networks that learned and have all expressions which any of these has.
    """
    good = {name: _defined(table) for name, table in tables.items()}
    for name, table in tables.items():
        numbers = contrasted(table[np.ix_(good[name], good[name])])
        counts = {"n_networks": 1, "n_repeats": repeats[name]}
        yield {"network": name, **numbers, **counts, "left_out": study.left_out(good[name])}
    learned = study.learned(tables)
    some = sorted(set().union(*(good[name] for name in learned)))
    whole = [name for name in learned if some and good[name] == some]
    mean = np.mean(
        [tables[name][np.ix_(some, some)] for name in whole] or [np.empty((0, 0))], axis=0
    )
    yield {
        "network": ALL,
        **contrasted(mean),
        "n_networks": len(whole),
        "n_repeats": min([repeats[name] for name in whole], default=0),
        "left_out": study.left_out(some, [name for name in tables if name not in whole]),
    }


def _defined(table: np.ndarray) -> list[int]:
    """Return the heatmaps that have all scores."""
    return np.flatnonzero(np.isfinite(table).all(axis=1)).tolist()
