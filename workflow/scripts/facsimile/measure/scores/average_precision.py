"""Mean over the region's pixels of the region's share of the pixels that are at least as hot."""

from typing import TYPE_CHECKING

from facsimile.measure.scores import Score

if TYPE_CHECKING:
    import numpy as np

    from facsimile.measure.scoring import WithRegions


def average_precision(both: "WithRegions") -> "np.ndarray":
    """Return the average precision of all maps with all regions, (maps, regions)."""
    import numpy as np

    precise = [_of_one(row, both.regions) for row in both.maps.values]
    return np.reshape(precise, (len(precise), both.regions.shape[1]))


def _of_one(values: "np.ndarray", regions: "np.ndarray") -> "np.ndarray":
    """Return the average precision of one map, (pixels,), for regions, (pixels, regions)."""
    import numpy as np

    order = np.argsort(-values)
    hottest_first = -values[order]
    at_least = np.searchsorted(hottest_first, hottest_first, side="right")
    counted = np.arange(1, len(values) + 1)
    distinct = (at_least == counted).all()
    precision = []
    for wanted in regions.T[:, order]:
        found = at_least[wanted]
        # Equal pixels are found together, so their order does not matter.
        hits = counted[: len(found)] if distinct else np.searchsorted(found, found, side="right")
        precision.append((hits / found).mean())
    return np.array(precision)


AVERAGE_PRECISION = Score(
    name="average_precision",
    kind="region",
    order=60,
    label="average precision",
    source="Zhu, Recall, Precision and Average Precision, University of Waterloo, 2004",
    function=average_precision,
    rough=True,
)
