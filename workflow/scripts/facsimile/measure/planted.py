"""The method's own proof: is evidence that was planted found?

A condition is a study on faces with evidence planted in one place. Its heatmaps are held against
the region of their own evidence (``exact``, and the same by other definitions) and against those of
other conditions, which are references of these conditions' names. Verdicts are read off intervals,
over people and trainings, or off exact permutations.
"""

from collections.abc import Mapping
from itertools import combinations, product

import numpy as np
import pandas as pd

from facsimile.measure.agreement import Agreement
from facsimile.measure.permutations import UNTESTED, exchange_groups, orders_of_groups
from facsimile.measure.scores import position
from facsimile.measure.specificity import KEPT
from facsimile.measure.table import TOGETHER
from facsimile.seeds import generator

LEARNED = 0.9
"""Accuracy on unseen people from which a network counts as having learned."""

FOUND = 0.9
"""AUROC against the exact region from which evidence counts as found."""

OWN = ("exact", "visible", "change")
"""Names of references that are the condition's own; others are the names of other conditions."""

SPECIFICITY = ("specificity", "specificity_low", "specificity_high", "p", "p_min", "reason")

Tables = Mapping[str, pd.DataFrame]
"""Condition to one of its tables."""


def findings(
    agreement: Tables, overall: Tables, specificity: Tables, classification: Tables, used: Tables
) -> pd.DataFrame:
    """Return a row for each condition, network and explainer.

    Columns
    -------
    condition, network, explainer, n_repeats; accuracy (mean over the repeats) and accuracy_lowest
    (of one repeat); auroc (mean over the expressions, exact region) with its interval low, high and
    what that is about, and lowest (of one expression); visible (AUROC, region of all visible
    change), elsewhere (AUROC, mean over the other conditions' regions); iou (exact region, Otsu's
    threshold), pearson (with the mean change itself); expressions (with a heatmap); specificity
    (AUROC with the own expression's region less that with the others'), its interval, p and p_min;
    used (how maps follow what the network itself uses, see `measure.use.follows`) with its
    interval; learned (whether accuracy passes 90 %); found, specific: what the intervals say of .9
    and of zero, see ``verdict``; reason (why there is no score).

    Parameters
    ----------
    agreement, overall, specificity : of the modules of ``measure`` that make these tables.
    classification : the accuracy of each network and repeat.
    used : of `measure.use.follows`.
    """
    rows = []
    for condition, whole in overall.items():
        accuracies = classification[condition].groupby("network")["accuracy"]
        single = whole[~whole["network"].isin(TOGETHER)]
        for names, means in single.groupby(["explainer", "network"], sort=False):
            explainer, network = map(str, names)
            accuracy = accuracies.get_group(network)
            parts = (_rows(one[condition], explainer, network) for one in (agreement, specificity))
            rows.append(
                {
                    "condition": condition,
                    "network": network,
                    "explainer": explainer,
                    "accuracy": accuracy.mean(),
                    "accuracy_lowest": accuracy.min(),
                    **_found(means, *parts),
                }
            )
    keys = ["condition", "network", "explainer"]
    follows = pd.concat([one.assign(condition=name) for name, one in used.items()])
    table = pd.DataFrame(rows).merge(follows, on=keys, how="left", validate="one_to_one")
    table["learned"] = table["accuracy"] >= LEARNED
    table["found"] = list(map(verdict, table["low"], table["high"], [FOUND] * len(table)))
    bounds = table["specificity_low"], table["specificity_high"], [0.0] * len(table)
    table["specific"] = list(map(verdict, *bounds))
    return table[[name for name in table if name != "reason"] + ["reason"]]


def verdict(low: float, high: float, level: float) -> str:
    """Return whether an interval lies above a level: yes, no (below it), or open."""
    return "yes" if low > level else "no" if high < level else "open"


def _rows(table: pd.DataFrame, explainer: str, network: str) -> pd.DataFrame:
    return table[(table["explainer"] == explainer) & (table["network"] == network)]


def _found(means: pd.DataFrame, cells: pd.DataFrame, specificity: pd.DataFrame) -> dict:
    """Return the numbers of one network and explainer."""
    numbers = means.set_index(["reference", "score"]).to_dict("index")
    exact = numbers["exact", "auroc"]
    kept = specificity[specificity["common_face"] == KEPT]
    own = kept.set_index(["reference", "score"]).to_dict("index")["exact", "auroc"]
    cells = cells[cells["score"] == "auroc"]
    each = cells.loc[cells["reference"] == "exact", "value"].dropna()
    elsewhere = cells.loc[~cells["reference"].isin(OWN), "value"]
    return {
        "auroc": exact["value"],
        **{name: exact[name] for name in ("low", "high", "interval", "n_repeats")},
        "lowest": each.min(),
        "visible": cells.loc[cells["reference"] == "visible", "value"].mean(),
        "elsewhere": elsewhere.mean(),
        "iou": numbers["exact", "iou"]["value"],
        "pearson": numbers["change", "pearson"]["value"],
        "expressions": len(each),
        **{name: own[name] for name in SPECIFICITY},
    }


PLACES = ["condition", "other", "network", "explainer", "own", "swapped", "difference", "low",
          "high", "p", "p_min", "expressions", "n_repeats", "reason"]  # fmt: skip


def places(measured: Mapping[tuple[str, str, str], Agreement], seed: int) -> pd.DataFrame:
    """Compare conditions by pairs: does each one's heatmap fit its own place better?

    The unit is a training, a repeat: the mean over the expressions of its heatmaps' AUROC with the
    first condition's regions less that with the second's. If heatmaps did not depend on where
    evidence lies, the trainings of both conditions could be exchanged: p is exact over all orders
    of them, two-sided, and the interval is the inversion of the test. Pairs of which one is not
    held against the other are left out.

    Parameters
    ----------
    measured : (condition, explainer, network) to its agreement.
    seed : draws orders where there are more than can be tried.

    Returns
    -------
    Columns condition, other, network, explainer, own, swapped (mean AUROC), difference with its
    interval low and high, p, p_min, expressions (that all repeats have), n_repeats (of the
    condition with fewer), reason; no row for what only one of the two has.
    """
    rows = []
    cells = dict.fromkeys((explainer, network) for _, explainer, network in measured)
    conditions = dict.fromkeys(condition for condition, *_ in measured)
    for (first, second), cell in product(combinations(conditions, 2), cells):
        one, other = (measured.get((name, *cell)) for name in (first, second))
        if one is None or other is None:
            continue
        tables = _own_and_swapped(one, second), _own_and_swapped(other, first)
        if tables[0] is not None and tables[1] is not None:
            names = {"condition": first, "other": second, "explainer": cell[0], "network": cell[1]}
            rng = generator(seed, "places", *names.values())
            rows.append(names | _compared(tables[0], tables[1], rng))
    return pd.DataFrame(rows, columns=PLACES)


def _own_and_swapped(one: Agreement, other: str) -> np.ndarray | None:
    """Return AUROC with the own and the other condition's regions, (2, repeats, expressions).

    Without repeats of which no heatmap has a score; None if there is no such reference.
    """
    _, expressions, references = one.axes()
    columns = [[(name, expression) for expression in expressions] for name in ("exact", other)]
    if not set(columns[1]) <= set(references):
        return None
    value = one.value[position("auroc")]
    table = np.stack(
        [value[:, range(len(keys)), list(map(references.index, keys))] for keys in columns]
    )
    return table[:, np.isfinite(table).all(axis=0).any(axis=1)]


def _compared(first: np.ndarray, second: np.ndarray, rng: np.random.Generator) -> dict:
    """Return the comparison of two conditions' trainings, each (2, repeats, expressions)."""
    counts = first.shape[1], second.shape[1]
    there = np.isfinite(np.concatenate([first, second], axis=1)).all(axis=(0, 1))
    numbers = {"expressions": int(there.sum()), "n_repeats": min(counts)}
    if not there.any() or not min(counts):
        nothing = dict.fromkeys(("own", "swapped", "difference"), np.nan) | vars(UNTESTED)
        return nothing | numbers | {"reason": "no expression with a score in all repeats"}
    one, other = (table[..., there].mean(axis=2) for table in (first, second))
    own, swapped = (one.mean(axis=1) + other.mean(axis=1)) / 2
    # How much nearer to the first condition's regions than to the second's, of all trainings.
    nearer = np.concatenate([one[0] - one[1], other[1] - other[0]]) / 2
    shift = exchange_groups(nearer, orders_of_groups(counts[0], counts[1], 0, rng))
    means = {"own": own, "swapped": swapped, "difference": own - swapped}
    return means | vars(shift) | numbers | {"reason": ""}
