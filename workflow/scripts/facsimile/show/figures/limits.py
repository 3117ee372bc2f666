"""What limits the answer."""

from typing import TYPE_CHECKING

from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Limits(FigureKind):
    """How near each explainer comes to what was planted."""

    stage = "validation"
    section = "limits"
    order = 2
    path = "figures/limits"
    title = "How near each explainer comes"
    label = "limits"
    alt = "Dot plots of AUROC, a row for each explainer and a panel for each condition"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            "Mean AUROC against the exact region with its 95 % interval; rings: the same maps "
            "against the regions of other conditions. Evidence counts as found where the interval "
            "lies above the dotted line. † marks networks that did not learn. "
            "What separates an oracle from 1 is the cut into superpixels. Where the face without "
            "its units lies beneath hidden superpixels, what separates LIME from the oracle is "
            "LIME, or a network that takes hints from around the place; what it falls short of "
            "that with black is black's doing."
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.planted import limits

        return limits(inputs.table("findings"), inputs.given["names"])
