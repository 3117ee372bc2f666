"""What explains likeness: tests on matrices of distances, by scikit-bio."""

import warnings
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from skbio.stats.distance import DistanceMatrix, mantel, permanova

from facsimile.measure.likeness import among, distances
from facsimile.measure.pretraining import Origin
from facsimile.measure.specificity import false_discovery
from facsimile.seeds import derive

PERMUTATIONS = 9999


def levels(origins: Mapping[str, Origin]) -> dict[str, dict[str, str]]:
    """Return each factor with the level of each network of which it is known."""
    return {
        "pre-training": {name: ("yes" if one.pretrained else "no") if one.start else ""
                         for name, one in origins.items()},
        "family": {name: one.family for name, one in origins.items()},
    }  # fmt: skip


def all_tests(
    likeness: Mapping[str, pd.DataFrame],
    networks: Sequence[str],
    factors: Mapping[str, Mapping[str, str]],
    seed: int,
) -> pd.DataFrame:
    """Return the tests of each explainer; see ``factor_tests``.

    Parameters
    ----------
    likeness : expression, and ``all``, to correlations; see ``likeness.likeness_table``.
    networks : names that are no references.
    """
    parts = []
    for explainer in pd.unique(next(iter(likeness.values()))["explainer"]):
        own = {
            name: among(table[table["explainer"] == explainer], networks)
            for name, table in likeness.items()
        }
        parts.append(factor_tests(own, factors, seed).assign(explainer=explainer))
    table = pd.concat(parts, ignore_index=True)
    table["q"] = false_discovery(table, ["explainer", "test"])
    return table[["explainer", *(name for name in table if name != "explainer")]]


def factor_tests(
    correlations: Mapping[str, pd.DataFrame],
    factors: Mapping[str, Mapping[str, str]],
    seed: int,
) -> pd.DataFrame:
    """Test whether factors explain the distances, and whether expressions agree on them.

    PERMANOVA (Anderson, Austral Ecology 26, 2001) asks whether networks that share a level of a
    factor are nearer to each other than to others; the Mantel test (Cancer Research 27, 1967)
    whether two expressions order the pairs of networks alike, by Pearson's r.

    Parameters
    ----------
    correlations : expression (or all) to the networks' correlations; see ``likeness.correlate``.
    factors : name of the factor to the level of each network; others are left out.
    seed : of the study.

    Returns
    -------
    Columns test, expression, other (the second expression), factor, statistic (pseudo F, or r),
    p, n_networks, permutations, reason (why there is no statistic).
    """
    matrices = {name: distances(table) for name, table in correlations.items()}
    rows = [
        _permanova(expression, matrix, factor, levels, seed)
        for expression, matrix in matrices.items()
        for factor, levels in factors.items()
    ]
    single = [name for name in matrices if name != "all"]
    rows += [_mantel(pair, [matrices[name] for name in pair], seed) for pair in
             combinations(single, 2)]  # fmt: skip
    return pd.DataFrame(rows)


def _permanova(
    expression: str,
    matrix: tuple[list[str], np.ndarray],
    factor: str,
    levels: Mapping[str, str],
    seed: int,
) -> dict:
    names, distance = matrix
    known = [at for at, name in enumerate(names) if levels.get(name)]
    groups = [levels[names[at]] for at in known]
    row = {"test": "PERMANOVA", "expression": expression, "other": "", "factor": factor,
           **_nothing(len(known))}  # fmt: skip
    if len(set(groups)) < 2:
        return row | {"reason": "all networks alike" if groups else "not known of any network"}
    if len(set(groups)) == len(groups):
        return row | {"reason": "no two networks alike"}
    result = permanova(
        DistanceMatrix(distance[np.ix_(known, known)], [names[at] for at in known]),
        groups,
        permutations=PERMUTATIONS,
        seed=derive(seed, "permanova", expression, factor) % 2**32,
    )
    return row | {"statistic": result["test statistic"], "p": result["p-value"]}


def _mantel(pair: tuple[str, str], matrices: list[tuple[list[str], np.ndarray]], seed: int) -> dict:
    shared = [name for name in matrices[0][0] if name in matrices[1][0]]
    row = {"test": "Mantel", "expression": pair[0], "other": pair[1], "factor": "",
           **_nothing(len(shared))}  # fmt: skip
    if len(shared) < 4:
        # Three networks have six orders: no p below .16.
        return row | {"reason": "fewer than four networks"}
    ready = [
        DistanceMatrix(distance, names).filter(shared, strict=False) for names, distance in matrices
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constant distances, answered below
        statistic, p, _ = mantel(
            *ready,
            alternative="greater",
            permutations=PERMUTATIONS,
            seed=derive(seed, "mantel", *pair) % 2**32,
        )
    if not np.isfinite(statistic):
        return row | {"reason": "constant distances"}
    return row | {"statistic": statistic, "p": p}


def _nothing(networks: int) -> dict:
    return {"statistic": np.nan, "p": np.nan, "q": np.nan, "n_networks": networks,
            "permutations": PERMUTATIONS, "reason": ""}  # fmt: skip
