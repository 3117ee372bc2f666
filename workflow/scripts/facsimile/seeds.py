"""Every draw has a seed made from the study's seed and the thing it is drawn for.

So neither order, batch, number of cores nor the presence of other things changes a draw.
"""

import hashlib

import numpy as np
import pandas as pd


def derive(seed: int, *thing: object) -> int:
    """Return a 63-bit seed for one thing, for example ``derive(7, "network", "weinet", 0)``."""
    text = "\x1f".join([str(seed), *map(str, thing)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator(seed: int, *thing: object) -> np.random.Generator:
    """Return NumPy's generator for the draws of one thing."""
    return np.random.default_rng(derive(seed, *thing))


def drawn(ids: pd.Series, groups: pd.Series, count: int, seed: int, purpose: str) -> pd.Series:
    """Return which ids are drawn, up to ``count`` of each group.

    An id's place in the draw depends on the seed, the purpose and the id alone: adding or
    removing others moves it by no more than their number.
    """
    places = ids.map(lambda name: derive(seed, purpose, name))
    return places.groupby(groups.to_numpy()).rank(method="first") <= count
