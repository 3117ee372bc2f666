"""Harmonic mean of precision and recall of the part above Otsu's threshold."""

from facsimile.measure.scores import Score

F1 = Score(
    name="f1",
    kind="region",
    order=40,
    label="F1",
    source="Dice, Ecology 26, 1945; threshold: Otsu, IEEE SMC 9, 1979",
    function=lambda both: 2 * both.hit / (both.found + both.area),
    rough=True,
)
