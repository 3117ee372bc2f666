"""Scores of all networks against one reference."""

from typing import TYPE_CHECKING

from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Agreement(FigureKind):
    """A dot a network and expression, beside the same numbers as a table."""

    stage = section = "agreement"
    order = 1
    path = "figures/agreement/{explainer}/{reference}"
    title = "Agreement"
    label = "agreement: {explainer} with {reference}"
    alt = (
        "Dot plot of scores for each network, a dot for each expression and a bar for the mean, "
        "beside a coloured table of the same numbers"
    )

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            f"Heatmaps by {key['explainer']} with the reference {key['reference']}, best mean "
            "first. Left: a dot for each expression, a bar for the mean; upright lines stand at "
            "the mean chance level and at the mean of the best rivals. Right: the same numbers, "
            "darker where higher; a star marks cells with a false discovery rate below .05."
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.agreement import agreement_plot

        return agreement_plot(inputs.table("agreement", **key))
