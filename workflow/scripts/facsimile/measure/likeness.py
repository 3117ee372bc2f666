"""Likeness of networks: correlation of their heatmaps, and the tree that it gives."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform


def correlate(heatmaps: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return Pearson's r of each ordered pair of heatmaps over their pixels.

    Parameters
    ----------
    heatmaps : network to (275, 224); r is empty where one is NaN or constant.

    Returns
    -------
    Columns network, other, correlation.
    """
    names = list(heatmaps)
    rows = np.stack([heatmaps[name].ravel() for name in names]).astype(np.float64)
    constant = np.ptp(rows, axis=1) == 0
    rows -= rows.mean(axis=1, keepdims=True)
    norm = np.where(constant, np.nan, np.linalg.norm(rows, axis=1))
    correlation = np.clip(rows @ rows.T / np.outer(norm, norm), -1, 1)
    table = pd.DataFrame(correlation, index=names, columns=names)
    return (
        table.rename_axis("network")
        .reset_index()
        .melt(id_vars="network", var_name="other", value_name="correlation")
    )


def likeness_table(heatmaps: Mapping[tuple[str, str], np.ndarray]) -> pd.DataFrame:
    """Return the correlations within each explainer.

    Parameters
    ----------
    heatmaps : (explainer, network) to (275, 224).

    Returns
    -------
    Columns explainer, network, other, correlation.
    """
    parts = []
    for explainer in dict.fromkeys(explainer for explainer, _ in heatmaps):
        own = {network: image for (name, network), image in heatmaps.items() if name == explainer}
        parts.append(correlate(own).assign(explainer=explainer))
    return pd.concat(parts)[["explainer", "network", "other", "correlation"]]


def linkage(correlations: pd.DataFrame) -> tuple[list[str], np.ndarray | None]:
    """Cluster networks by average linkage on the distance 1 - r.

    Parameters
    ----------
    correlations : columns network, other, correlation; networks without any r are left out.

    Returns
    -------
    The names of the leaves, and SciPy's linkage matrix, or None for fewer than two leaves.
    """
    defined = correlations.dropna(subset=["correlation"])
    names = list(pd.unique(defined["network"]))
    if len(names) < 2:
        return names, None
    table = defined.set_index(["network", "other"])["correlation"]
    distance = 1 - np.array([[table[a, b] for b in names] for a in names])
    distance = (distance + distance.T) / 2
    np.fill_diagonal(distance, 0)
    return names, hierarchy.linkage(squareform(distance), method="average")
