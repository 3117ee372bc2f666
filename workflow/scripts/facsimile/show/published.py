"""The accuracies that the paper published of its twelve networks, beside those of a study."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from facsimile import tables

SCORES = ("accuracy", "balanced_accuracy", "f1")
PREFIX = "published_"
"""Of the columns with the published scores."""


NOTE = (
    "Published: what the paper reports of the same architecture, trained on its five corpora of "
    "photographs. "
)


def published_note(classification: pd.DataFrame | None) -> str:
    """Return what published scores in a table are; nothing where there are none."""
    there = classification is not None and f"{PREFIX}{SCORES[0]}" in classification
    return NOTE if there else ""


def with_published(
    classification: pd.DataFrame | None, networks: Mapping[str, Mapping[str, Any]], path: str
) -> pd.DataFrame | None:
    """Return the scores of networks with the published ones of those of the same architecture.

    Parameters
    ----------
    classification : a row a network; None of heatmaps made elsewhere.
    networks : their rows in the settings, by name.
    path : of a table with a column architecture, and the scores: means over the paper's five folds
        of its five corpora. Mean recall is the balanced accuracy of folds that have all classes.

    Returns
    -------
    The same rows with columns ``published_accuracy``, ``published_balanced_accuracy`` and
    ``published_f1``, empty where nothing was published; without these, where of no network.
    """
    if classification is None:
        return None
    known = tables.read(path).set_index("architecture")[list(SCORES)].add_prefix(PREFIX)
    architectures = [networks[name].get("architecture") for name in classification["network"]]
    found = known.reindex(architectures).set_index(classification.index)
    return classification.join(found) if found.notna().any(axis=None) else classification
