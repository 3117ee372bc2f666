"""Which networks look alike on one expression."""

from typing import TYPE_CHECKING

from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Dendrogram(FigureKind):
    """The tree of one expression, for papers; the page has all on one sheet."""

    stage = "likeness"
    section = ""
    order = 4
    path = "figures/likeness/{explainer}/dendrogram/{expression}"
    title = "Dendrogram"
    label = "dendrogram: {explainer}, {expression}"
    alt = "Dendrogram of the networks"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            f"Likeness of the networks' heatmaps by {key['explainer']}, {key['expression']}: "
            "average linkage on the distance 1 \N{MINUS SIGN} r, where r is Pearson's correlation "
            f"of their pixels.{facts.support}{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.likeness import Likeness, dendrogram_sheet

        likeness, name = Likeness.read(inputs, key["explainer"]), key["expression"]
        return dendrogram_sheet({name: likeness.trees[name]}, likeness.start, likeness.support)
