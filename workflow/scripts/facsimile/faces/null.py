"""Folds and labels for networks that know nothing of expressions.

They are of two kinds: untrained, and trained on labels without meaning. A draw is what a repeat of
a network is to a study: it has folds of its own, and a network for each. So all draws together are
one further network, with as many repeats.
"""

import pandas as pd

from facsimile.faces.folds import assign_folds
from facsimile.names import NULL_KINDS, SHUFFLED
from facsimile.seeds import derive, generator


def kinds_of(draws: int) -> list[str]:
    """Return the kind of each draw, where there are so many of each kind."""
    return [kind for kind in NULL_KINDS for _ in range(draws)]


def null_seed(seed: int) -> int:
    """Return what stands for the study's seed, so that no draw is one of the study's repeats."""
    return derive(seed, "null")


def split_draws(faces: pd.DataFrame, draws: int, folds: int, seed: int) -> list[pd.DataFrame]:
    """Return the faces as each draw has them: with ``fold``, and ``told``, the label to learn.

    Told labels without meaning are the faces' own, exchanged among all of them.

    Parameters
    ----------
    faces : rows with the columns id, corpus, row, subject, expression, sha256.
    draws : of each kind.
    folds, seed : of the study.
    """
    seed, found = null_seed(seed), []
    for draw, kind in enumerate(kinds_of(draws)):
        told = faces["expression"].to_numpy()
        if kind == SHUFFLED:
            told = generator(seed, "labels", draw).permutation(told)
        found.append(assign_folds(faces, folds, seed, draw).assign(told=told))
    return found
