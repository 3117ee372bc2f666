"""Likeness: correlation of heatmaps, as it is and as it would be without noise.

Noise makes heatmaps less alike than what they are means of. Beside each r stands what it would be
without the noise of people (Spearman, American Journal of Psychology 15, 1904).
"""

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from facsimile import tables
from facsimile.atlas.heatmaps import CarriedFaces, coarsen
from facsimile.measure.reliability import halves_of, pooled_maps, split_half
from facsimile.measure.scoring import mean_defined, standardise
from facsimile.names import check_names

KEYS = ["explainer", "network", "other"]
NUMBERS = ["correlation", "disattenuated", "reliability", "reliability_other"]


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
    """Return the means of the expressions' numbers; empty for a pair of which one lacks one.

    Parameters
    ----------
    tables : of each expression, from ``likeness_table``. Those that compare no two networks are
        left out.
    networks : names that are no references.
    """
    some = [table for table in tables if _compared(among(table, networks))] or list(tables)
    joined = pd.concat(some)
    lacking = joined[NUMBERS].isna().groupby([joined[key] for key in KEYS], sort=False).any()
    means = joined.groupby(KEYS, sort=False)[NUMBERS].mean()
    return means.mask(lacking).reset_index()


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
    every = table.reindex(pd.MultiIndex.from_product([names, names]))
    distance = 1 - every.to_numpy().reshape(len(names), len(names))
    distance = (distance + distance.T) / 2
    np.fill_diagonal(distance, 0)
    return names, distance


def likeness_table(
    heatmaps: Mapping[tuple[str, str], np.ndarray],
    references: Mapping[str, np.ndarray],
    faces: Mapping[tuple[str, str], CarriedFaces] | None = None,
    ceilings: Mapping[str, float] | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the correlations within each explainer, references among the networks.

    Parameters
    ----------
    heatmaps : (explainer, network) to (275, 224).
    references : name to (275, 224).
    faces : (explainer, network) to the carried faces behind its heatmap; none where nobody has
        them.
    ceilings : the reliability of the references that were measured on people.
    seed : of the study.

    Returns
    -------
    Columns explainer, network, other, correlation, disattenuated (see ``without_noise``),
    reliability and reliability_other (of a heatmap over people, see ``reliability.split_half``; of
    a reference that nobody measured 1); a reference stands under network or other.

    Raises
    ------
    UserError
        If a name stands for a network and a reference, or is reserved.
    """
    check_names(dict.fromkeys(network for _, network in heatmaps), references)
    known = {name: (ceilings or {}).get(name, 1.0) for name in references}
    parts = []
    for explainer in dict.fromkeys(explainer for explainer, _ in heatmaps):
        own = {network: image for (name, network), image in heatmaps.items() if name == explainer}
        table = correlate({**own, **references})
        behind = {network: (faces or {}).get((explainer, network)) for network in own}
        sure = {
            name: np.nan if one is None else split_half(one, seed) for name, one in behind.items()
        } | known
        halves = disjoint_halves(behind, references, seed)
        pairs = zip(table["network"], table["other"], strict=True)
        quiet = without_noise(halves, known)
        table["disattenuated"] = [quiet.loc[pair] for pair in pairs]
        table["reliability"] = table["network"].map(sure)
        table["reliability_other"] = table["other"].map(sure)
        parts.append(table.assign(explainer=explainer))
    return pd.concat(parts)[KEYS + NUMBERS]


def disjoint_halves(
    faces: Mapping[str, CarriedFaces | None], references: Mapping[str, np.ndarray], seed: int
) -> pd.DataFrame:
    """Return r of each map from one half of the people with each map from the other half.

    Networks explain the same people: what is special about these makes their maps alike, too. In
    halves of which nobody is in both, it does not. The mean over random splits, both ways.

    Parameters
    ----------
    faces : network to the carried faces behind its heatmap.
    references : name to (275, 224); the same in both halves.
    seed : of the study.

    Returns
    -------
    Names down and across; on the diagonal how alike the halves of one map are.
    """
    names = [*faces, *references]
    known = {name: one for name, one in faces.items() if one is not None}
    people = np.array(sorted({person for one in known.values() for person in one.person}))
    if len(people) < 2:
        return pd.DataFrame(np.nan, names, names)
    maps = [
        {name: pooled_maps(one, half) for name, one in known.items()}
        for half in halves_of(people, seed)
    ]
    still = {name: coarsen(image).reshape(1, -1) for name, image in references.items()}
    with np.errstate(invalid="ignore"):
        one, other = (
            {name: standardise(part) for name, part in (half | still).items()} for half in maps
        )
    table = pd.DataFrame(np.nan, names, names)
    for row, column in product(one, one):
        both = [one[row] * other[column], one[column] * other[row]]
        table.loc[row, column] = mean_defined(np.concatenate(both).sum(axis=1), axis=0)
    return table


def without_noise(halves: pd.DataFrame, ceilings: Mapping[str, float]) -> pd.DataFrame:
    """Return the correlations that maps of endlessly many people would have.

    r over the root of both reliabilities, all of halves of the people. NaN where a reliability is
    not above zero. By chance it may be over 1.

    Parameters
    ----------
    halves : see ``disjoint_halves``.
    ceilings : the reliability of each reference.
    """
    sure = pd.Series(np.diag(halves), halves.index)
    sure.update(pd.Series(ceilings, dtype=float))
    roots = np.sqrt(sure.where(sure > 0).to_numpy(float))
    table = halves.to_numpy() / np.outer(roots, roots)
    np.fill_diagonal(table, np.where(np.isfinite(np.diag(table)), 1.0, np.nan))
    return pd.DataFrame(table, halves.index, halves.columns)


def reliability_of_references(
    ceilings: Mapping[str, str | Path], expression: str
) -> dict[str, float]:
    """Return the reliability, over participants, of the references that were measured on people.

    Parameters
    ----------
    ceilings : reference to the file of its noise ceiling, see ``atlas.people.noise_ceiling``; of
        a reference that nobody measured it is empty.
    """
    known = {name: tables.read(path).set_index(["expression", "between"])["reliability"]
             for name, path in ceilings.items()}  # fmt: skip
    own = expression, "halves"
    return {name: float(table[own]) for name, table in known.items() if own in table.index}


def among(correlations: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the rows of pairs within some names."""
    inside = correlations["network"].isin(list(names)) & correlations["other"].isin(list(names))
    return correlations[inside]
