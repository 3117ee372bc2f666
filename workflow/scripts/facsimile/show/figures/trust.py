"""How far explanations can be trusted."""

from typing import TYPE_CHECKING

from facsimile.show.learned import marked_tables
from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Trust(FigureKind):
    """Fit and repeatability of surrogates, for each explainer, network and expression."""

    stage = "explanations"
    section = "trust"
    order = 1
    path = "figures/trust"
    title = "Fit and repeatability"
    label = "fit and repeatability"
    alt = "Dot plots of R² and of the correlation between halves, for each network and expression"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            "For each network and expression the median over the explained faces, with quartiles "
            "as bars: of R², the weighted share of the answer's variance that a linear surrogate "
            "explains, and of the correlation between the coefficients from either half of the "
            "samples. Where R² is low the surrogate does not describe the network near that face; "
            f"where halves disagree, other samples would have told another story.{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.trust import trust_plot

        return trust_plot(*marked_tables(inputs, "trust"))
