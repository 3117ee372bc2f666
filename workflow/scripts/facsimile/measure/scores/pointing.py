"""Share of the hottest pixels that lie in the region: 0 or 1 where one pixel is the hottest."""

from facsimile.measure.scores import Score

POINTING = Score(
    name="pointing",
    kind="region",
    order=80,
    label="pointing game",
    source="Zhang et al., Top-down neural attention by excitation backprop, IJCV 126, 2018",
    function=lambda both: both.maps.peaks @ both.inside / both.maps.peaks.sum(1, keepdims=True),
    rough=True,
)
