"""Sum over pixels of the smaller of heatmap and density, each from its minimum on, with sum 1."""

from typing import TYPE_CHECKING

from facsimile.measure.scores import Score

if TYPE_CHECKING:
    import numpy as np

    from facsimile.measure.scoring import WithDensities


def similarity(both: "WithDensities") -> "np.ndarray":
    """Return the similarity of all maps with all densities, (maps, densities)."""
    import numpy as np

    values = both.densities.values - both.densities.values.min(axis=0)
    shares = values / values.sum(axis=0)
    maps = both.maps.values - both.maps.values.min(axis=1, keepdims=True)
    maps /= maps.sum(axis=1, keepdims=True)
    # Map by map: all at once would take a value for each map, density and pixel.
    return np.stack([np.minimum(one[:, None], shares).sum(axis=0) for one in maps])


SIM = Score(
    name="sim",
    kind="density",
    order=30,
    label="SIM",
    source="Bylinskii et al., IEEE TPAMI 41, 2019, and the code of the MIT Saliency Benchmark, "
    "which takes both maps from their minimum on; the density for fixations",
    function=similarity,
    rough=True,  # all of it moves with the coldest pixel
)
