"""The method's own proof: is evidence that was planted found, and nothing where there is none?

A condition is a study on faces with evidence planted in one place, or with shuffled labels. Its
heatmaps are held against the region of their own evidence (``exact``, and the same by other
definitions) and against those of other conditions, which are references of these conditions' names.
"""

from collections.abc import Mapping
from itertools import combinations, product

import numpy as np
import pandas as pd

from facsimile.measure.table import ALL

LEARNED = 0.9
"""Accuracy on unseen people from which a network counts as having learned."""

FOUND = 0.9
"""AUROC against the exact region from which evidence counts as found."""

LEVEL = 0.05

Tables = Mapping[str, pd.DataFrame]
"""Condition to one of its tables."""


def findings(agreement: Tables, specificity: Tables, classification: Tables) -> pd.DataFrame:
    """Return a row for each condition, network and explainer.

    Columns
    -------
    condition, network, explainer; accuracy; auroc (mean over the expressions, exact
    region) with its interval low, high, and lowest (of one expression); visible (AUROC, region of
    all visible change), elsewhere (AUROC, mean over the other conditions' regions); iou (exact
    region, Otsu's threshold), pearson (with the mean change itself); placed (expressions of which
    p of placement, for AUROC, is under 5 %), expressions (with a heatmap); specificity (AUROC with
    the own expression's region less that with the others'), its interval and p; learned, found,
    specific (whether accuracy, auroc and p pass 90 %, .9 and 5 %); reason (why there is no score).

    Parameters
    ----------
    agreement, specificity : of ``table.agreement_table`` and ``table.specificity_table``.
    classification : of ``networks.evaluation``, with a column network.
    """
    rows = []
    for condition, whole in specificity.items():
        accuracies = classification[condition].set_index("network")["accuracy"]
        single = whole[whole["network"] != ALL]
        for names, part in single.groupby(["explainer", "network"], sort=False):
            explainer, network = map(str, names)
            cells = _rows(agreement[condition], explainer, network)
            rows.append(
                {
                    "condition": condition,
                    "network": network,
                    "explainer": explainer,
                    "accuracy": accuracies[network],
                    **_found(part.set_index(["reference", "score"]), cells),
                }
            )
    table = pd.DataFrame(rows)
    table["learned"] = table["accuracy"] >= LEARNED
    table["found"] = table["auroc"] >= FOUND
    table["specific"] = table["p"] < LEVEL
    return table[[name for name in table if name != "reason"] + ["reason"]]


def _rows(agreement: pd.DataFrame, explainer: str, network: str) -> pd.DataFrame:
    wanted = (agreement["explainer"] == explainer) & (agreement["network"] == network)
    return agreement[wanted & (agreement["score"] == "auroc")]


def _found(means: pd.DataFrame, cells: pd.DataFrame) -> dict:
    """Return the numbers of one network and explainer, from its means and its cells of AUROC."""
    numbers = means.to_dict("index")
    exact = numbers["exact", "auroc"]
    own = cells[cells["reference"] == "exact"].dropna(subset="value")
    others = [name for name in dict.fromkeys(cells["reference"]) if name not in OWN]
    return {
        "auroc": own["value"].mean(),
        "low": exact["low"],
        "high": exact["high"],
        "lowest": own["value"].min(),
        "visible": cells.loc[cells["reference"] == "visible", "value"].mean(),
        "elsewhere": cells.loc[cells["reference"].isin(others), "value"].mean(),
        "iou": numbers["exact", "iou"]["value"],
        "pearson": numbers["change", "pearson"]["value"],
        "placed": int((own["p"] < LEVEL).sum()),
        "expressions": len(own),
        **{name: exact[name] for name in SPECIFICITY},
    }


SPECIFICITY = ("specificity", "specificity_low", "specificity_high", "p", "reason")

OWN = ("exact", "visible", "change")
"""Names of references that are the condition's own; others are the names of other conditions."""


def places(agreement: Tables) -> pd.DataFrame:
    """Compare conditions by pairs: does each one's heatmap fit its own place better?

    For each expression, the AUROC of either condition's heatmap with its own region, less that
    with the other's region. If heatmaps did not depend on where evidence lies, the two conditions
    could be exchanged, and each difference would be as likely of either sign: p is the share of
    all signs of the (six) expressions that give as large a mean. Pairs of which one is not held
    against the other are left out.

    Returns
    -------
    Columns condition, other, network, explainer, own, swapped (mean AUROC), difference,
    expressions, p; no row for what only one of the two has.
    """
    rows = []
    for first, second in combinations(agreement, 2):
        one, two = _by_reference(agreement[first]), _by_reference(agreement[second])
        if second not in one or first not in two:
            continue
        own, swapped = one["exact"] + two["exact"], one[second] + two[first]
        scores = pd.DataFrame({"own": own / 2, "swapped": swapped / 2}).dropna()
        for (explainer, network), part in scores.groupby(["explainer", "network"], sort=False):
            difference = (part["own"] - part["swapped"]).to_numpy()
            rows.append(
                {
                    "condition": first,
                    "other": second,
                    "network": network,
                    "explainer": explainer,
                    **part.mean(),
                    "difference": difference.mean(),
                    "expressions": len(part),
                    "p": flip_signs(difference),
                }
            )
    return pd.DataFrame(rows, columns=PLACES)


PLACES = ["condition", "other", "network", "explainer", "own", "swapped", "difference",
          "expressions", "p"]  # fmt: skip


def _by_reference(agreement: pd.DataFrame) -> pd.DataFrame:
    scores = agreement[agreement["score"] == "auroc"]
    cells = ["explainer", "network", "expression"]
    return scores.pivot_table(index=cells, columns="reference", values="value", sort=False)


def flip_signs(differences: np.ndarray) -> float:
    """Return the one-sided p of a mean above zero under exchange of signs, exact."""
    signs = np.array(list(product((1, -1), repeat=len(differences))))
    # The first are the true ones; equal means may differ in their last digits.
    means = signs @ differences / len(differences)
    return float(np.mean(means >= means[0] - 1e-9))
