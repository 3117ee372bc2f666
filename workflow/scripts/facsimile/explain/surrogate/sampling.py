"""Which superpixels the samples of a face show: several designs, all of them unbiased.

In every design each single sample, but the first, shows each superpixel with probability one half,
whatever the others do. So all have the same expected sums, and with them the same surrogate in the
limit; they differ in how well the samples of one face complement each other.
"""

import warnings
from collections.abc import Callable

import numpy as np

from facsimile.errors import unknown

Draw = Callable[[np.ndarray], np.ndarray]
"""Gives the masks of some samples by their numbers, (samples, superpixels) bool. Asked for
successive samples, it goes on where it stood, whatever the sizes asked for, as long as each begins
with an even number."""


def draws(superpixels: int, samples: int, sampling: str, generator: np.random.Generator) -> Draw:
    """Return what draws which superpixels the samples of a face show; number 0 shows all.

    Parameters
    ----------
    samples : how many there will be.
    sampling : one of ``SAMPLING``.

    Raises
    ------
    UserError
        If there is no such sampling.
    """
    if sampling not in DESIGNS:
        raise unknown("sampling", sampling, SAMPLING)
    design = DESIGNS[sampling](superpixels, samples, generator)

    def draw(numbers: np.ndarray) -> np.ndarray:
        masks = design(numbers)
        masks[numbers == 0] = True
        return masks

    return draw


def _independent(superpixels: int, samples: int, generator: np.random.Generator) -> Draw:
    return lambda numbers: generator.random((len(numbers), superpixels)) < 0.5


def _paired(superpixels: int, samples: int, generator: np.random.Generator) -> Draw:
    """Draw masks, each followed by its complement (antithetic draws)."""

    def draw(numbers: np.ndarray) -> np.ndarray:
        masks = generator.random((-(-len(numbers) // 2), superpixels)) < 0.5
        return _folded(masks)[: len(numbers)]

    return draw


def _folded(masks: np.ndarray) -> np.ndarray:
    return np.stack([masks, ~masks], axis=1).reshape(-1, masks.shape[1])


def _stratified(superpixels: int, samples: int, generator: np.random.Generator) -> Draw:
    """Draw masks whose numbers of superpixels are spread as evenly as those of chance allow."""
    places = (generator.permutation(samples) + generator.random(samples)) / samples
    return lambda numbers: _of_numbers(
        places[numbers], generator.random((len(numbers), superpixels))
    )


def _sobol(superpixels: int, samples: int, generator: np.random.Generator) -> Draw:
    """Draw masks by scrambled Sobol points (Owen 1998): of their number, and of their order.

    Not by the halves of each coordinate: the first digits of 2^m points are but m independent ones,
    so that some superpixels would always be shown together.
    """
    from scipy.stats import qmc

    engine = qmc.Sobol(superpixels + 1, rng=generator)

    def draw(numbers: np.ndarray) -> np.ndarray:
        with warnings.catch_warnings():  # of numbers that are no power of two
            warnings.simplefilter("ignore", UserWarning)
            points = engine.random(len(numbers))
        return _of_numbers(points[:, 0], points[:, 1:])

    return draw


def _of_numbers(places: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return masks that show as many superpixels as the binomial distribution has at some places.

    Parameters
    ----------
    places : (samples,) in [0, 1).
    order : (samples, superpixels) in [0, 1): those with the smallest are shown.
    """
    from scipy.stats import binom

    superpixels = order.shape[1]
    numbers = np.searchsorted(binom.cdf(np.arange(superpixels), superpixels, 0.5), places, "right")
    return order.argsort(axis=1).argsort(axis=1) < numbers[:, None]


def _orthogonal(superpixels: int, samples: int, generator: np.random.Generator) -> Draw:
    """Draw masks by orthogonal arrays of strength three, drawn anew until there are enough.

    The rows of a Hadamard matrix, each followed by its complement: any three superpixels are shown
    and hidden together in all eight ways equally often, so that what two of them do together does
    not touch what is found of each (Hedayat, Sloane and Stufken, 1999). Columns and rows are drawn,
    and signs of columns: so each single row is a draw like any other.
    """
    from scipy.linalg import hadamard

    size = 1 << (superpixels - 1).bit_length()
    matrix, left = hadamard(size) > 0, np.empty((0, superpixels), bool)

    def draw(numbers: np.ndarray) -> np.ndarray:
        nonlocal left
        while len(left) < len(numbers):
            columns, rows = generator.permutation(size)[:superpixels], generator.permutation(size)
            signs = generator.random(superpixels) < 0.5
            left = np.concatenate([left, _folded(matrix[np.ix_(rows, columns)] ^ signs)])
        masks, left = left[: len(numbers)].copy(), left[len(numbers) :]
        return masks

    return draw


DESIGNS: dict[str, Callable[[int, int, np.random.Generator], Draw]] = {
    "independent": _independent,
    "paired": _paired,
    "stratified": _stratified,
    "orthogonal": _orthogonal,
    "sobol": _sobol,
}
SAMPLING = tuple(DESIGNS)


def half_of(numbers: np.ndarray) -> np.ndarray:
    """Return in which half of the samples some are, 0 or 1; the two of a pair stay together."""
    return numbers // 2 % 2
