"""Ranks of networks, and how sure they are.

A network's rank lies between one more than the number of networks that are surely better, and as
many less as are surely worse, where "surely" holds for all its differences at once (Mogstad,
Romano, Shaikh and Wilhelm, Review of Economic Studies 91, 2024). So networks that are as good as
each other keep wide intervals; percentiles of ranks in samples leave out the true rank too often.
"""

import numpy as np

from facsimile.measure.intervals import LEVEL

DRAWS = 4000


def rank_networks(
    value: np.ndarray,
    people: np.ndarray,
    trainings: np.ndarray,
    dof: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rank of each network, 1 for the highest value, and its 95 % interval.

    Parameters
    ----------
    value : (networks,).
    people : (networks, samples), the same in samples of people.
    trainings : (networks,) variance that other trainings bring. Few trainings tell little of it,
        so it is not taken to be less than the mean of all networks'.
    dof : degrees of freedom of that mean; 0 where each network was trained once, which leaves
        people alone.
    """
    ranks = 1 + (value > value[:, None]).sum(axis=1)
    if len(value) < 2 or people.shape[1] < 2:
        return ranks, np.full(len(value), np.nan), np.full(len(value), np.nan)
    drawn = people[:, rng.integers(people.shape[1], size=DRAWS)]
    noise = drawn - people.mean(axis=1, keepdims=True)
    if dof:
        spread = np.sqrt(np.maximum(trainings, trainings.mean()))[:, None]
        noise = noise + spread * rng.standard_t(dof, (len(value), DRAWS))
    apart = np.abs(noise[:, None] - noise)
    errors = np.sqrt((apart**2).mean(axis=2))
    standard = np.divide(apart, errors[..., None], out=np.zeros_like(apart), where=apart > 0)
    sure = np.quantile(standard.max(axis=1), LEVEL, axis=1)[:, None] * errors
    differences = value[:, None] - value
    low = 1 + (differences < -sure).sum(axis=1)
    return ranks, low, len(value) - (differences > sure).sum(axis=1)
