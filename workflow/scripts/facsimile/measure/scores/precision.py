"""Share of the part above Otsu's threshold that lies in the region."""

from facsimile.measure.scores import Score

PRECISION = Score(
    name="precision",
    kind="region",
    order=20,
    label="precision",
    source="van Rijsbergen, Information Retrieval, 1979; threshold: Otsu, IEEE SMC 9, 1979",
    function=lambda both: both.hit / both.found,
    rough=True,
)
