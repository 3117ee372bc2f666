"""Pearson's correlation over pixels: the saliency field's CC."""

from facsimile.measure.scores import Score

PEARSON = Score(
    name="pearson",
    kind="density",
    order=10,
    label="Pearson's r",
    source="Bylinskii et al., IEEE TPAMI 41, 2019 (there: CC)",
    function=lambda both: both.maps.standard @ both.densities.standard,
    limits=(-1.0, 1.0),
    main=True,
)
