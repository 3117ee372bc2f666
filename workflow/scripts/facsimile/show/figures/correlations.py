"""How alike heatmaps and references are, pair by pair."""

from typing import TYPE_CHECKING

from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Correlations(FigureKind):
    """The matrix of mean correlations, in the order of the tree with people."""

    stage = section = "likeness"
    order = 3
    path = "figures/likeness/{explainer}/correlations"
    title = "Correlations"
    label = "correlations: {explainer}"
    alt = "Matrix of correlations of networks and references"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            f"Pearson's r of the pixels of heatmaps by {key['explainer']} and of references, mean "
            "over expressions, in the order of the tree. Below the diagonal r as it is; on it the "
            "reliability of each map; above it r between disjoint halves of the people over the "
            "root of both maps' reliabilities, as if both were without noise, which may come out "
            f"over 1 (a dash where a reliability is not known or not above 0).{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.likeness import ALL, Likeness, correlation_matrix, leaves

        likeness = Likeness.read(inputs, key["explainer"], people=True)
        return correlation_matrix(likeness.tables[ALL], leaves(likeness.trees[ALL]))
