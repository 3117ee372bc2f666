"""Where people sit among the networks."""

from typing import TYPE_CHECKING

from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class People(FigureKind):
    """The trees with the references among their leaves."""

    stage = section = "likeness"
    order = 2
    path = "figures/likeness/{explainer}/people"
    title = "Where people sit in the tree"
    label = "people among networks: {explainer}"
    alt = "Dendrograms of the networks with the references among their leaves"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            f"The same trees of heatmaps by {key['explainer']}, with the references among the "
            f"leaves.{facts.support}{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.likeness import Likeness, dendrogram_sheet

        likeness = Likeness.read(inputs, key["explainer"], people=True)
        return dendrogram_sheet(likeness.trees, likeness.start, likeness.support)
