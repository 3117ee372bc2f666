"""May the heatmaps be read?"""

from typing import TYPE_CHECKING

from facsimile.show.learned import marked_tables
from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Faith(FigureKind):
    """How true explanations are of their networks, for each network and explainer."""

    stage = section = "faith"
    order = 1
    path = "figures/faith"
    title = "Explanations held against their networks"
    label = "faith"
    alt = "Dot plots with intervals, a row for each network and explainer"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            "Left: superpixels of some explained faces are hidden in the order of their weights "
            "(deletion), and shown in that order over the hidden face (insertion); by how much the "
            "mean answer is higher as they are shown, as a share of how far answers reach on the "
            "way, from the lowest to the highest. Zero is an order that says nothing; "
            "less, one that is wrong. Dots: hidden behind the row's own baseline; rings: behind "
            "another, which did not shape the weights. Right: a heatmap of a few faces, held "
            "against that of the same faces, explained again. Blue should be near one: with other "
            "draws, the faces moved by two pixels, mirrored. Red should be lower: as they speak "
            "for other expressions, and by the network as it forgets what it learned, from the "
            "top layer down. Lines: 95 % over people and trainings, right over people."
            f"{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.faith import faith_plot

        return faith_plot(*marked_tables(inputs, "faith"))
