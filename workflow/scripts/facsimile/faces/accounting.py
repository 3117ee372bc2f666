"""What became of every image: read = kept + excluded, by corpus, subject and expression."""

import pandas as pd

GROUP = ["corpus", "subject", "expression"]


def account(faces: pd.DataFrame, excluded: pd.DataFrame) -> pd.DataFrame:
    """Return how many images were read, kept and excluded.

    Parameters
    ----------
    faces : the ``faces.csv`` of all corpora (corpus, subject, expression).
    excluded : the ``excluded.csv`` of all corpora, with a column corpus.

    Returns
    -------
    Columns corpus, subject, expression, read, kept, excluded, a row for each combination that
    occurs. Subject and expression of excluded images are empty where nobody knows them; the
    expression may be one that is not studied.
    """
    images = pd.concat(
        [faces[GROUP].assign(kept=1, excluded=0), excluded[GROUP].assign(kept=0, excluded=1)]
    )
    table = images.groupby(GROUP, sort=False, as_index=False)[["kept", "excluded"]].sum()
    table.insert(3, "read", table["kept"] + table["excluded"])
    return table.sort_values(GROUP, ignore_index=True)
