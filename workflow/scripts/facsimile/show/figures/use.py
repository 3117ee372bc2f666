"""What the network uses."""

from typing import TYPE_CHECKING

from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Use(FigureKind):
    """How far each explainer follows what the network itself uses."""

    stage = "validation"
    section = "limits"
    order = 3
    path = "figures/use"
    title = "How far each explainer follows what the network uses"
    label = "use"
    alt = "Dot plots of rank correlations, a row for each explainer and a panel for each condition"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            "Each action unit that an explained face shows was undone alone, all else being equal, "
            "and the same network asked again. Spearman's correlation between what its answer "
            "lost and what the explanation has on the pixels that the unit changes, over all units "
            "of all faces of a training; mean over trainings, 95 % interval. This is the truth for "
            "the network, whatever was planted. † marks networks that did not learn."
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.planted import use

        return use(inputs.table("findings"), inputs.given["names"])
