"""Probability that a pixel of the region is hotter than one outside it."""

from facsimile.measure.scores import Score

AUROC = Score(
    name="auroc",
    kind="region",
    order=50,
    label="AUROC",
    source="Hanley and McNeil, Radiology 143, 1982",
    function=lambda both: (
        (both.maps.ranks @ both.inside - both.area * (both.area + 1) / 2)
        / (both.area * (len(both.inside) - both.area))
    ),
)
