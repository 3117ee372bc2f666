"""Images that occur more than once, pixel by pixel, and the people that they tie together."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from facsimile.faces.subjects import key


def people(faces: pd.DataFrame) -> pd.Series:
    """Return whose each face is: ``corpus/subject``, one name for all who are one person.

    Those are names that mean the same, in corpora that share their people, too, and all who share
    an image. These may be one person under two names, or one of the two labels is wrong: either
    way their faces belong on one side of a fold.

    Parameters
    ----------
    faces : rows with the columns corpus, subject, sha256 (of the decoded image) and, where corpora
        share people, ``people``.

    Returns
    -------
    A name for each row: the first, by alphabet, of those that are tied together.
    """
    names = faces["corpus"] + "/" + faces["subject"].astype(str)
    person, known = pd.factorize(names, sort=True)
    ties = [pd.factorize(faces["sha256"])[0], pd.factorize(meant(faces))[0]]
    # A graph of names on the one side, and images and people on the other: a face ties them.
    starts = np.cumsum([len(known), *(tie.max(initial=-1) + 1 for tie in ties)])
    ends = np.concatenate([start + tie for start, tie in zip(starts, ties, strict=False)])
    edges = (np.ones(len(ends)), (np.tile(person, len(ties)), ends))
    graph = coo_array(edges, shape=(starts[-1], starts[-1]))
    group = connected_components(graph, directed=False)[1][: len(known)]
    first = pd.Series(known).groupby(group).transform("first").to_numpy()
    return pd.Series(first[person], index=faces.index, name="person")


def meant(faces: pd.DataFrame) -> pd.Series:
    """Return whom each name means: alike for one subject, however it is written."""
    whose = faces["people"] if "people" in faces else faces["corpus"]
    subjects = faces["subject"].astype(str)
    return whose + "/" + subjects.map({name: key(name) for name in subjects.unique()})


def find_duplicates(faces: pd.DataFrame) -> pd.DataFrame:
    """Return the faces whose image is there more than once, those of one image together.

    Parameters
    ----------
    faces : rows with the columns id, corpus, subject, expression and sha256.

    Returns
    -------
    Columns sha256, id, corpus, subject, expression, and ``subjects`` and ``expressions``: how many
    different ones the image goes by.
    """
    names = ["sha256", "id", "corpus", "subject", "expression"]
    twice = faces.loc[faces["sha256"].duplicated(keep=False), names].sort_values(["sha256", "id"])
    owner = meant(faces).loc[twice.index]
    return twice.assign(
        subjects=owner.groupby(twice["sha256"]).transform("nunique"),
        expressions=twice.groupby("sha256")["expression"].transform("nunique"),
    ).reset_index(drop=True)
