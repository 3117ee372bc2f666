"""Images that occur more than once, pixel by pixel, and the people that they tie together."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def people(faces: pd.DataFrame) -> pd.Series:
    """Return whose each face is: ``corpus/subject``, one name for all who share an image.

    Subjects with an image in common may be one person under two names, or one of the two labels
    is wrong: either way their faces belong on one side of a fold.

    Parameters
    ----------
    faces : rows with the columns corpus, subject and sha256 (of the decoded image).

    Returns
    -------
    A name for each row: the first, by alphabet, of those that are tied together.
    """
    names = faces["corpus"] + "/" + faces["subject"].astype(str)
    person, known = pd.factorize(names, sort=True)
    image, images = pd.factorize(faces["sha256"])
    # A graph of people and images: a face ties one to the other.
    size = len(known) + len(images)
    ties = coo_array((np.ones(len(faces)), (person, len(known) + image)), shape=(size, size))
    group = connected_components(ties, directed=False)[1][: len(known)]
    first = pd.Series(known).groupby(group).transform("first").to_numpy()
    return pd.Series(first[person], index=faces.index, name="person")


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
    owner = twice["corpus"] + "/" + twice["subject"].astype(str)
    return twice.assign(
        subjects=owner.groupby(twice["sha256"]).transform("nunique"),
        expressions=twice.groupby("sha256")["expression"].transform("nunique"),
    ).reset_index(drop=True)
