"""Likeness: correlation of heatmaps, the tree that it gives, and how sure its branches are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from facsimile.atlas.heatmaps import CarriedFaces, coarsen
from facsimile.measure.intervals import drawn_maps
from facsimile.measure.scoring import standardise
from facsimile.names import check_names

KEYS = ["explainer", "network", "other"]

Tree = tuple[list[str], np.ndarray | None]
"""Names of the leaves, and SciPy's linkage matrix, None for fewer than two leaves."""


def correlate(heatmaps: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return Pearson's r of each ordered pair of maps over their pixels.

    Parameters
    ----------
    heatmaps : network (or reference) to (275, 224); r is empty where one is NaN or constant.

    Returns
    -------
    Columns network, other, correlation.
    """
    names = list(heatmaps)
    rows = np.stack([heatmaps[name].ravel() for name in names]).astype(np.float64)
    # Taking the mean leaves crumbs of a constant map, which must not be correlated.
    rows[np.ptp(rows, axis=1) == 0] = np.nan
    centred = standardise(rows)
    table = pd.DataFrame(np.clip(centred @ centred.T, -1, 1), index=names, columns=names)
    return (
        table.rename_axis("network")
        .reset_index()
        .melt(id_vars="network", var_name="other", value_name="correlation")
    )


def over_expressions(tables: Sequence[pd.DataFrame], networks: Sequence[str]) -> pd.DataFrame:
    """Return the mean of the expressions' correlations; empty for a pair that lacks one.

    Parameters
    ----------
    tables : of each expression, from ``likeness_table``. Those that compare no two networks are
        left out.
    networks : names that are no references.
    """
    some = [table for table in tables if _compared(among(table, networks))] or list(tables)
    joined = pd.concat(some).groupby(KEYS, sort=False)["correlation"]
    return joined.agg(lambda values: values.mean(skipna=False)).reset_index()


def _compared(table: pd.DataFrame) -> bool:
    return bool((table["correlation"].notna() & (table["network"] != table["other"])).any())


def distances(correlations: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """Return the distance 1 - r between all that have any r: names, and (names, names).

    Parameters
    ----------
    correlations : columns network, other, correlation.
    """
    defined = correlations.dropna(subset=["correlation"])
    names = list(pd.unique(defined["network"]))
    table = defined.set_index(["network", "other"])["correlation"]
    shape = (len(names), len(names))
    distance = 1 - np.array([[table[a, b] for b in names] for a in names]).reshape(shape)
    distance = (distance + distance.T) / 2
    np.fill_diagonal(distance, 0)
    return names, distance


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


def likeness_table(
    heatmaps: Mapping[tuple[str, str], np.ndarray], references: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    """Return the correlations within each explainer, references among the networks.

    Parameters
    ----------
    heatmaps : (explainer, network) to (275, 224).
    references : name to (275, 224).

    Returns
    -------
    Columns explainer, network, other, correlation; a reference stands under network or other.

    Raises
    ------
    UserError
        If a name stands for a network and a reference, or is reserved.
    """
    check_names(dict.fromkeys(network for _, network in heatmaps), references)
    parts = []
    for explainer in dict.fromkeys(explainer for explainer, _ in heatmaps):
        own = {network: image for (name, network), image in heatmaps.items() if name == explainer}
        parts.append(correlate({**own, **references}).assign(explainer=explainer))
    return pd.concat(parts)[KEYS + ["correlation"]]


def drawn_likeness(
    explainers: Iterable[str],
    faces: Mapping[tuple[str, str], CarriedFaces],
    references: Mapping[str, np.ndarray],
    weights: pd.DataFrame | None,
) -> dict[str, np.ndarray]:
    """Return the correlations in each bootstrap draw, by explainer; no draws without faces.

    Parameters
    ----------
    explainers : their names.
    faces : (explainer, network) to the carried faces behind its heatmap.
    references : name to (275, 224).
    weights : of the people in each draw, from ``intervals.draw_people``; None without faces.

    Returns
    -------
    Explainer to (draws, names, names): its networks, then the references, in their order.
    """
    if weights is None:
        return {explainer: np.empty((0, 0, 0), np.float32) for explainer in explainers}
    still = {name: coarsen(image).reshape(1, -1) for name, image in references.items()}
    return {
        explainer: drawn_correlations(
            {
                network: drawn_maps(carried, weights)
                for (name, network), carried in faces.items()
                if name == explainer
            }
            | still
        )
        for explainer in explainers
    }


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


def among(correlations: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the rows of pairs within some names."""
    inside = correlations["network"].isin(list(names)) & correlations["other"].isin(list(names))
    return correlations[inside]


def support_of(table: pd.DataFrame, explainer: str, kind: str) -> dict[str, np.ndarray]:
    """Return the support of each expression's joins, from the table of branches."""
    rows = table[(table["explainer"] == explainer) & (table["leaves"] == kind)]
    ordered = rows.sort_values("branch").groupby("expression", sort=False)["support"]
    return {str(expression): shares.to_numpy(float) for expression, shares in ordered}
