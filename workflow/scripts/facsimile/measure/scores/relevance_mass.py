"""Share of a heatmap's sum that lies in the region."""

from facsimile.measure.scores import Score

RELEVANCE_MASS = Score(
    name="relevance_mass",
    kind="region",
    order=70,
    label="relevance mass",
    source="Wang et al., Score-CAM, CVPR Workshops, 2020 (there: energy-based pointing game)",
    function=lambda both: both.maps.values @ both.inside / both.maps.sums,
)
