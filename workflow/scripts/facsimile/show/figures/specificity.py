"""Own expression's reference against the others'."""

from typing import TYPE_CHECKING

from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Specificity(FigureKind):
    """Heatmaps against all expressions' references, and what each network makes of it."""

    stage = section = "agreement"
    order = 2
    path = "figures/specificity/{explainer}/{reference}"
    title = "Specificity"
    label = "specificity: {explainer} with {reference}"
    alt = "Matrices of heatmaps by references, and intervals of each network's specificity"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            f"Do heatmaps by {key['explainer']} agree with their own expression's reference in "
            f"{key['reference']} more than with the others'? Left: heatmaps of each expression "
            "against the references of all, mean over networks; own pairs are framed. Right: own "
            "less others for each network, with 95 % intervals. Zero means that any expression's "
            "reference does as well."
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.agreement import specificity_plot

        names = ("specificity", "cross_expression")
        return specificity_plot(*(inputs.table(name, **key) for name in names))
