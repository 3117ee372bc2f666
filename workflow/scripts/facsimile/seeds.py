"""Every draw has a seed made from the study's seed and the thing it is drawn for.

So neither order, batch, number of cores nor the presence of other things changes a draw.
"""

import hashlib

import numpy as np


def derive(seed: int, *thing: object) -> int:
    """Return a 63-bit seed for one thing, for example ``derive(7, "network", "weinet", 0)``."""
    text = "\x1f".join([str(seed), *map(str, thing)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator(seed: int, *thing: object) -> np.random.Generator:
    """Return NumPy's generator for the draws of one thing."""
    return np.random.default_rng(derive(seed, *thing))
