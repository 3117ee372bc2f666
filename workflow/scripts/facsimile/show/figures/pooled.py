"""Where networks look, all together."""

from typing import TYPE_CHECKING

from facsimile.show.learned import mark_for
from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Pooled(FigureKind):
    """One heatmap an expression, the mean over networks."""

    stage = section = "heatmaps"
    order = 2
    path = "figures/pooled/{explainer}"
    title = "All networks together"
    label = "{explainer}, all networks"
    alt = "Six heatmaps on an average face, one an expression, each the mean over all networks"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            f"Heatmaps by {key['explainer']} of each expression, mean over the networks that have "
            "one and learned, if any did, each map stretched to its own range."
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.on_faces import pooled_sheet

        heatmaps = inputs.arrays("heatmaps", "heatmaps/{explainer}/{network}/{expression}.", **key)
        mark = mark_for(inputs)
        learned = {cell: one for cell, one in heatmaps.items() if mark(cell[0]) == cell[0]}
        return pooled_sheet(learned or heatmaps, inputs.array("face"))
