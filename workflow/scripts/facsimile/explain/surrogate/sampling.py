"""Which superpixels the samples of a face show."""

import numpy as np

from facsimile.errors import unknown

SAMPLING = ("independent", "paired")


def draw(
    superpixels: int, numbers: np.ndarray, sampling: str, generator: np.random.Generator
) -> np.ndarray:
    """Return which superpixels some samples show, (len(numbers), superpixels) bool.

    Asked for successive samples, a generator goes on where it stood, whatever the sizes asked
    for, as long as each begins with an even number.

    Parameters
    ----------
    numbers : successive numbers of samples; number 0 shows all.
    sampling : ``independent``, or ``paired``: each odd number is the complement of the one before
        it (antithetic draws), but for number 1, whose partner would be the blank face.

    Raises
    ------
    UserError
        If there is no such sampling.
    """
    if sampling not in SAMPLING:
        raise unknown("sampling", sampling, SAMPLING)
    if sampling == "independent":
        masks = generator.random((len(numbers), superpixels)) < 0.5
    else:
        drawn = generator.random((-(-len(numbers) // 2), superpixels)) < 0.5
        masks = np.stack([drawn, ~drawn], axis=1).reshape(-1, superpixels)[: len(numbers)]
    masks[numbers == 0] = True
    return masks


def half_of(numbers: np.ndarray) -> np.ndarray:
    """Return in which half of the samples some are, 0 or 1; the two of a pair stay together."""
    return numbers // 2 % 2
