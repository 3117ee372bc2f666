"""What the conclusion hangs on: the same networks and references, under other settings.

The question is whether values, specificity and the ranking of networks stay when a choice that the
method leaves open is made otherwise. It is asked of the heatmaps shown, the means over trainings;
what other people and trainings would change is the study's to say.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from facsimile.measure.scores import scores
from facsimile.measure.scoring import Maps, Reference, References, flaw
from facsimile.measure.specificity import contrasted
from facsimile.measure.table import ALL

OTSU = "otsu"
NONE = "none"
"""Threshold of scores that have none."""

Threshold = str | float


def cut(heatmap: np.ndarray, threshold: Threshold) -> np.ndarray:
    """Return which pixels of a heatmap lie above a threshold, as bool of its shape.

    Parameters
    ----------
    threshold : ``otsu``, or the share of pixels that are to lie at or below it.
    """
    if threshold == OTSU:
        return Maps.of(heatmap[None]).found.reshape(heatmap.shape)
    return heatmap > np.quantile(heatmap, float(threshold))


def conclusions(
    heatmaps: Mapping[str, Mapping[str, np.ndarray]],
    references: Mapping[Reference, np.ndarray],
    thresholds: Sequence[Threshold],
    missed: Collection[str] = (),
) -> pd.DataFrame:
    """Return what is concluded from some heatmaps: a row a network (and ``all``), reference, score.

    Parameters
    ----------
    heatmaps : network -> expression -> (275, 224), NaN where no face was explained.
    references : (name, expression) -> (275, 224), bool or float.
    missed : networks that did not learn.

    Returns
    -------
    Columns network, reference, score, threshold (``none`` but for IoU), and those of
    ``specificity.contrasted``. ``all`` is the mean over the networks with all expressions that
    learned (over all, if none did). Empty
    numbers where fewer than three expressions have a heatmap.
    """
    rows, expressions = [], {expression for _, expression in references}
    tables = {name: dict(_tables(maps, references, thresholds)) for name, maps in heatmaps.items()}
    for key in dict.fromkeys(key for table in tables.values() for key in table):
        found = {name: table.get(key, np.empty((0, 0))) for name, table in tables.items()}
        rows += [{"network": name, **_concluded(key, one)} for name, one in found.items()]
        learned = [one for name, one in found.items() if name not in missed] or list(found.values())
        whole = [table for table in learned if len(table) == len(expressions)]
        mean = np.mean(whole, axis=0) if whole else np.empty((0, 0))
        rows.append({"network": ALL, **_concluded(key, mean)})
    return pd.DataFrame(rows)


Key = tuple[str, str, Threshold]
"""Reference, score, threshold."""


def _tables(
    heatmaps: Mapping[str, np.ndarray],
    references: Mapping[Reference, np.ndarray],
    thresholds: Sequence[Threshold],
) -> Iterator[tuple[Key, np.ndarray]]:
    """Yield each score of one network as a table, heatmaps down and references across."""
    good = [name for name, heatmap in heatmaps.items() if not flaw(heatmap)]
    if not good:
        return
    stacked = Maps.of(np.stack([heatmaps[name] for name in good]))
    for reference in dict.fromkeys(name for name, _ in references):
        own = {(reference, name): references[reference, name] for name in good}
        values = dict(zip(scores(), References(own).score(stacked), strict=True))
        if next(iter(own.values())).dtype != bool:
            yield (reference, "pearson", NONE), values["pearson"]
            continue
        yield (reference, "auroc", NONE), values["auroc"]
        regions = np.stack([image.ravel() for image in own.values()])
        for threshold in thresholds:
            above = np.stack([cut(heatmaps[name], threshold).ravel() for name in good])
            yield (reference, "iou", threshold), overlap(above, regions)


def overlap(found: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """Return the IoU of each found part, (maps, pixels) bool, with each region, likewise."""
    found, regions = found.astype(float), regions.astype(float)
    both = found @ regions.T
    return both / (found.sum(axis=1)[:, None] + regions.sum(axis=1) - both)


def _concluded(key: Key, table: np.ndarray) -> dict:
    names = dict(zip(("reference", "score", "threshold"), key, strict=True))
    return {**names, **contrasted(table)}


def sensitivity_table(
    heatmaps: Mapping[tuple[str, str, str], np.ndarray],
    rows: Mapping[str, Mapping[str, str]],
    references: Mapping[Reference, np.ndarray],
    thresholds: Sequence[Threshold],
    missed: Collection[str] = (),
) -> pd.DataFrame:
    """Return what is concluded from the heatmaps of each explainer.

    Parameters
    ----------
    heatmaps : (explainer, network, expression) -> (275, 224), NaN where no face was explained.
    rows : explainer -> the settings that it stands for, such as method or baseline, as text.
    thresholds, missed : see ``conclusions``.

    Returns
    -------
    Columns explainer, the settings, those of ``conclusions``, and tau; see ``with_rankings``.
    """
    parts = []
    for explainer in dict.fromkeys(explainer for explainer, _, _ in heatmaps):
        own: dict[str, dict[str, np.ndarray]] = {}
        for (name, network, expression), image in heatmaps.items():
            if name == explainer:
                own.setdefault(network, {})[expression] = image
        part = conclusions(own, references, thresholds, missed)
        for at, (name, value) in enumerate({"explainer": explainer, **rows[explainer]}.items()):
            part.insert(at, name, value)
        parts.append(part)
    return with_rankings(pd.concat(parts, ignore_index=True))


WAY = ["explainer", "threshold"]
"""What tells one way to a conclusion from another: the row, and the cut of its heatmaps."""


def with_rankings(table: pd.DataFrame) -> pd.DataFrame:
    """Add how alike the ranking of networks is to that of the first explainer: Kendall's tau.

    Parameters
    ----------
    table : rows of ``conclusions`` of several explainers, with a column explainer.

    Returns
    -------
    The table with a column tau on the rows of ``all``: of the networks' values with those of the
    first explainer and threshold, of the same reference and score; empty with fewer than three
    networks.
    """
    single = table[table["network"] != ALL]
    ranks = {
        key: part.set_index("network")["value"]
        for key, part in single.groupby(["reference", "score", *WAY], sort=False)
    }
    first: dict[tuple, pd.Series] = {}
    for key, values in ranks.items():
        first.setdefault(key[:2], values)
    keys = map(tuple, table[["reference", "score", *WAY]].to_numpy())
    taus = [
        _tau(ranks[key], first[key[:2]]) if network == ALL else np.nan
        for key, network in zip(keys, table["network"], strict=True)
    ]
    return table.assign(tau=taus)


def _tau(values: pd.Series, others: pd.Series) -> float:
    both = pd.concat([values, others], axis=1, keys=["one", "other"]).dropna()
    return float(kendalltau(both["one"], both["other"]).statistic) if len(both) > 2 else np.nan
