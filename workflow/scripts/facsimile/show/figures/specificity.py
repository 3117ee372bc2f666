"""Own expression's reference against the others'."""

from typing import TYPE_CHECKING

from facsimile.show.learned import marked_tables
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
            f"{key['reference']} more, or less, than with the others'? Left: heatmaps of each "
            "expression against the references of all, mean over the networks that learned and "
            "have both; own pairs are framed. "
            "Right: own less others for each network and for all, with 95 % intervals by the test "
            "over orders of the labels; a full dot where its q is under .05, a ring "
            "where not, or where the test cannot give such a p. Last row: the same after what all "
            f"expressions share is taken out.{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.agreement import specificity_plot

        rows = marked_tables(inputs, "specificity", "cross_expression", **key)
        return specificity_plot(*rows)
