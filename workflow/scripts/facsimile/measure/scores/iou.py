"""Intersection over union of a region and the part of a heatmap above Otsu's threshold."""

from facsimile.measure.scores import Score

IOU = Score(
    name="iou",
    kind="region",
    order=10,
    label="IoU",
    source="Jaccard, New Phytologist 11, 1912; threshold: Otsu, IEEE SMC 9, 1979",
    function=lambda both: both.hit / (both.found + both.area - both.hit),
    rough=True,
    main=True,
)
