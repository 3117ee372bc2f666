"""Trees of likeness, by average linkage on 1 - r, and how sure their branches are.

A branch is as sure as the share of samples, of people and of trainings, whose tree has it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from facsimile.atlas.heatmaps import CarriedFaces, coarsen
from facsimile.measure.likeness import among, distances
from facsimile.measure.reliability import pooled_maps
from facsimile.measure.scoring import standardise
from facsimile.seeds import generator

Tree = tuple[list[str], np.ndarray | None]
"""Names of the leaves, and SciPy's linkage matrix, None for fewer than two leaves."""


def linkage(correlations: pd.DataFrame) -> Tree:
    """Cluster by average linkage on the distance 1 - r.

    Parameters
    ----------
    correlations : columns network, other, correlation; those without any r are left out.
    """
    names, distance = distances(correlations)
    if len(names) < 2:
        return names, None
    return names, hierarchy.linkage(squareform(distance), method="average")


def cophenetic(correlations: pd.DataFrame) -> float:
    """Return how well the tree keeps the distances: Pearson's r of both over all pairs.

    NaN for fewer than three leaves (Sokal and Rohlf, Taxon 11, 1962).
    """
    names, distance = distances(correlations)
    if len(names) < 3:
        return np.nan
    condensed = squareform(distance)
    return float(hierarchy.cophenet(hierarchy.linkage(condensed, method="average"), condensed)[0])


def branches(tree: Tree) -> list[frozenset[str]]:
    """Return the leaves below each join of a tree, in the order of its linkage matrix."""
    names, matrix = tree
    below = [frozenset([name]) for name in names]
    for left, right, *_ in matrix if matrix is not None else ():
        below.append(below[int(left)] | below[int(right)])
    return below[len(names) :]


def drawn_correlations(drawn: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the correlations in each bootstrap draw, (draws, names, names) float32.

    Parameters
    ----------
    drawn : network to its maps, (draws, pixels), the same draws for all; or to one map,
        (1, pixels), for a reference, which is the same in all draws.
    """
    with np.errstate(invalid="ignore"):
        ready = [standardise(np.asarray(maps, np.float32)) for maps in drawn.values()]
    table = np.empty((max(map(len, ready)), len(ready), len(ready)), np.float32)
    for row, one in enumerate(ready):
        for column, other in enumerate(ready[: row + 1]):
            table[:, row, column] = table[:, column, row] = (one * other).sum(axis=1)
    return np.clip(table, -1, 1)


def support(tree: Tree, names: Sequence[str], correlations: np.ndarray) -> np.ndarray:
    """Return the share of bootstrap draws whose tree has each branch.

    Parameters
    ----------
    tree : of the heatmaps themselves.
    names, correlations : of the draws, (draws, names, names); draws in which one of the tree's
        leaves is undefined are left out.

    Returns
    -------
    One share a join; NaN where there are no draws.
    """
    wanted = branches(tree)
    places = [list(names).index(name) for name in tree[0]] if len(correlations) else []
    counts, trees = np.zeros(len(wanted)), 0
    for table in correlations:
        distance = 1 - table[np.ix_(places, places)].astype(np.float64)
        if not wanted or not np.isfinite(distance).all():
            continue
        np.fill_diagonal(distance, 0)
        drawn = hierarchy.linkage(squareform(distance), method="average")
        found = set(branches((tree[0], drawn)))
        counts += [branch in found for branch in wanted]
        trees += 1
    return counts / trees if trees else np.full(len(wanted), np.nan)


def draw_trainings(repeats: int, bootstrap_samples: int, seed: int, network: str) -> np.ndarray:
    """Return how often each training of a network counts in each sample, (repeats, samples).

    Of n trainings n - 1 are drawn, as people are in ``bootstrap.draw_people``; a single one is
    there always. The draws are the same for all explainers and expressions of a network.
    """
    if repeats < 2:
        return np.ones((repeats, bootstrap_samples))
    rng = generator(seed, "trainings", network)
    return rng.multinomial(repeats - 1, np.full(repeats, 1 / repeats), bootstrap_samples).T


def drawn_likeness(
    explainers: Iterable[str],
    faces: Mapping[tuple[str, str], CarriedFaces],
    references: Mapping[str, np.ndarray],
    weights: pd.DataFrame | None,
    repeats: Mapping[str, int],
    seed: int,
) -> dict[str, np.ndarray]:
    """Return the correlations in each sample of people and trainings; none without faces.

    Parameters
    ----------
    explainers : their names.
    faces : (explainer, network) to the carried faces behind its heatmap.
    references : name to (275, 224).
    weights : of the people in each sample, from ``bootstrap.draw_people``; None without faces.
    repeats : how many trainings each network has.
    seed : of the study.

    Returns
    -------
    Explainer to (samples, names, names): its networks, then the references, in their order.
    """
    if weights is None:
        return {explainer: np.empty((0, 0, 0), np.float32) for explainer in explainers}
    maps: dict[str, dict[str, np.ndarray]] = {explainer: {} for explainer in explainers}
    for (explainer, network), carried in faces.items():
        counts = draw_trainings(repeats[network], weights.shape[1], seed, network)
        maps[explainer][network] = pooled_maps(carried, weights, counts)
    still = {name: coarsen(image).reshape(1, -1) for name, image in references.items()}
    return {explainer: drawn_correlations(drawn | still) for explainer, drawn in maps.items()}


def all_branches(
    likeness: Mapping[str, pd.DataFrame],
    bootstrap: Mapping[str, Mapping[str, np.ndarray]],
    networks: Sequence[str],
) -> pd.DataFrame:
    """Return the branches of every tree: of the networks alone, and with references among them.

    Parameters
    ----------
    likeness : expression, and ``all``, to correlations; see ``likeness_table``.
    bootstrap : expression to what ``drawn_likeness`` gives. That of ``all`` is their mean.
    networks : names that are no references.

    Returns
    -------
    Columns explainer, expression, leaves (``networks`` or ``networks and references``), branch
    (from the lowest join up), height (on the scale 1 - r), members (names with a space between),
    support (share of draws that have the branch), cophenetic (of the whole tree).
    """
    rows = []
    for expression, table in likeness.items():
        for explainer in pd.unique(table["explainer"]):
            part = table[table["explainer"] == explainer]
            names = list(pd.unique(part["network"]))
            drawn = _drawn_of(bootstrap, expression, explainer)
            for leaves, chosen in (("networks", networks), ("networks and references", names)):
                keys = {"explainer": explainer, "expression": expression, "leaves": leaves}
                rows += [keys | row for row in _branches_of(among(part, chosen), names, drawn)]
    return pd.DataFrame(
        rows,
        columns=["explainer", "expression", "leaves", "branch", "height", "members", "support",
                 "cophenetic"],
    )  # fmt: skip


def _drawn_of(
    bootstrap: Mapping[str, Mapping[str, np.ndarray]], expression: str, explainer: str
) -> np.ndarray:
    if expression in bootstrap:
        return bootstrap[expression][explainer]
    tables = [table[explainer] for table in bootstrap.values()]
    return np.asarray(sum(tables)) / len(tables)


def _branches_of(
    correlations: pd.DataFrame, names: Sequence[str], drawn: np.ndarray
) -> Iterator[dict]:
    tree, fit = linkage(correlations), cophenetic(correlations)
    shares = support(tree, names, drawn)
    heights = np.empty(0) if tree[1] is None else tree[1][:, 2]
    for number, (branch, height, share) in enumerate(
        zip(branches(tree), heights, shares, strict=True)
    ):
        yield {
            "branch": number,
            "height": height,
            "members": " ".join(sorted(branch)),
            "support": share,
            "cophenetic": fit,
        }


def support_of(table: pd.DataFrame, explainer: str, kind: str) -> dict[str, np.ndarray]:
    """Return the support of each expression's joins, from the table of branches."""
    rows = table[(table["explainer"] == explainer) & (table["leaves"] == kind)]
    ordered = rows.sort_values("branch").groupby("expression", sort=False)["support"]
    return {str(expression): shares.to_numpy(float) for expression, shares in ordered}
