"""Explainer against explainer: do two see the same, of the same trainings and people?"""

from itertools import product

import pandas as pd

from facsimile.measure.paired import Pair, over_expressions, over_networks
from facsimile.measure.table import ALL, Study, finished

LEAST = 3
"""Trainings, or networks, from which on there is a p."""

FIRST = ["one", "other", "network", "expression", "reference", "score"]


def contrasts_table(study: Study) -> pd.DataFrame:
    """Return each explainer against the first, on each network and expression, and on all.

    Columns
    -------
    one, other (the first explainer), network (or all), expression (or all), reference, score, role;
    value_one, value_other, difference (the one's less the other's) with its 95 % interval low,
    high, p (two-sided, by t), p_min (none), q, n_repeats, n_networks, interval, reason.
    """
    rows = []
    first, *others = study.explainers
    for one, (reference, score) in product(others, study.parts()):
        pairs: dict[str, Pair] = {
            network: (
                study.own((first, network), reference, score),
                study.own((one, network), reference, score),
            )
            for network in study.networks(first)
            if network in study.networks(one)
        }
        found = {
            network: over_expressions(study, pair, score, LEAST) for network, pair in pairs.items()
        }
        found[ALL] = over_networks(study, pairs, score, LEAST)
        names = {"one": one, "other": first, "reference": reference, "score": score}
        for network, parts in found.items():
            for expression, (value_other, value_one), numbers in parts:
                values = {"value_one": value_one, "value_other": value_other}
                cell = {"network": network, "expression": expression}
                rows.append(names | cell | values | numbers)
    return finished(rows, study, FIRST)
