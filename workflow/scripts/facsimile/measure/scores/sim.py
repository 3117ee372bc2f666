"""Sum over pixels of the smaller of heatmap and density, each made to have the sum 1."""

from typing import TYPE_CHECKING

from facsimile.measure.scores import Score

if TYPE_CHECKING:
    import numpy as np

    from facsimile.measure.scoring import WithDensities


def similarity(both: "WithDensities") -> "np.ndarray":
    """Return the similarity of all maps with all densities, (maps, densities)."""
    import numpy as np

    shares = both.densities.shares
    # Map by map: all at once would take a value for each map, density and pixel.
    return np.stack([np.minimum(one[:, None], shares).sum(axis=0) for one in both.maps.shares])


SIM = Score(
    name="sim",
    kind="density",
    order=30,
    label="SIM",
    source="Bylinskii et al., IEEE TPAMI 41, 2019, the density for fixations",
    function=similarity,
)
