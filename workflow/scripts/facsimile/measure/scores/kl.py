"""Kullback-Leibler divergence of a heatmap from the density, both of sum 1; 0 is best."""

from typing import TYPE_CHECKING

from facsimile.measure.scores import Score

if TYPE_CHECKING:
    import numpy as np

    from facsimile.measure.scoring import WithDensities


def divergence(both: "WithDensities") -> "np.ndarray":
    """Return the divergence of all maps from all densities, (maps, densities)."""
    import numpy as np

    wanted = both.densities.shares
    entropy = np.sum(wanted * np.log(np.where(wanted > 0, wanted, 1)), axis=0)
    # Finite where a heatmap is zero; the constant is that of the MIT saliency benchmark.
    return entropy - np.log(both.maps.shares + np.finfo(float).eps) @ wanted


KL = Score(
    name="kl",
    kind="density",
    order=40,
    label="KL",
    source="Bylinskii et al., IEEE TPAMI 41, 2019, the density for fixations",
    function=divergence,
    limits=(0.0, float("inf")),
    sign=-1,
)
