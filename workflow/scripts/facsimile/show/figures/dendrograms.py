"""Which networks look alike: all expressions on one sheet."""

from typing import TYPE_CHECKING

from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Dendrograms(FigureKind):
    """The trees of one explainer's heatmaps."""

    stage = section = "likeness"
    order = 1
    path = "figures/likeness/{explainer}/dendrograms"
    title = "Which networks look alike"
    label = "all dendrograms: {explainer}"
    alt = "Dendrograms of the networks, one for each expression and one for all"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            f"Average linkage of the heatmaps by {key['explainer']} on the distance "
            "1 \N{MINUS SIGN} r, where r is Pearson's correlation of their pixels; “all” is of the "
            "mean r over expressions. Two networks that join near 0 have nearly the same heatmap."
            f"{facts.support}{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.likeness import Likeness, dendrogram_sheet

        likeness = Likeness.read(inputs, key["explainer"])
        return dendrogram_sheet(likeness.trees, likeness.start, likeness.support)
