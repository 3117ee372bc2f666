"""Spearman's correlation over pixels: that of their ranks."""

from facsimile.measure.scores import Score

SPEARMAN = Score(
    name="spearman",
    kind="density",
    order=20,
    label="Spearman's r",
    source="Spearman, American Journal of Psychology 15, 1904",
    function=lambda both: both.maps.standard_ranks @ both.densities.standard_ranks,
    limits=(-1.0, 1.0),
)
