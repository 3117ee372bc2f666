"""Scores of all networks against one reference."""

from typing import TYPE_CHECKING

from facsimile.show.learned import marked_tables
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
            "first. Left: a dot for each expression, a bar for the mean with its 95 % interval; "
            f"upright lines stand at the mean levels {facts.known_levels}of the best maps that "
            f"know nothing of expressions (rival). Right: the same numbers, darker where higher"
            f"{facts.arrows}.{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.agreement import agreement_plot
        from facsimile.show.tables import primary

        agreement, overall = marked_tables(inputs, "agreement", "overall", **key)
        return agreement_plot(agreement, overall, primary(inputs.table("overall")).score)
