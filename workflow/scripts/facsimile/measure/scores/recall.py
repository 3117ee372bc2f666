"""Share of the region that lies in the part above Otsu's threshold."""

from facsimile.measure.scores import Score

RECALL = Score(
    name="recall",
    kind="region",
    order=30,
    label="recall",
    source="van Rijsbergen, Information Retrieval, 1979; threshold: Otsu, IEEE SMC 9, 1979",
    function=lambda both: both.hit / both.area,
    rough=True,
)
