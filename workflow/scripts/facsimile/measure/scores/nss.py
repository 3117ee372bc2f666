"""Mean of the heatmap, in its own standard deviations, where the density lies."""

from math import sqrt

from facsimile.measure.scores import Score

NSS = Score(
    name="nss",
    kind="density",
    order=50,
    label="NSS",
    source="Bylinskii et al., IEEE TPAMI 41, 2019 (there: normalised scanpath saliency), "
    "the density for fixations",
    function=lambda both: (
        both.maps.standard * sqrt(both.maps.standard.shape[1]) @ both.densities.shares
    ),
    limits=(float("-inf"), float("inf")),
)
