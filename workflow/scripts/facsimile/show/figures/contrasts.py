"""What the explainer changes."""

from typing import TYPE_CHECKING

from facsimile.show.learned import marked_tables
from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Contrasts(FigureKind):
    """Differences between the other explainers and the first, a panel a reference."""

    stage = "agreement"
    section = "contrasts"
    order = 4
    path = "figures/contrasts"
    title = "What the explainer changes"
    label = "explainers compared"
    alt = "Differences between explainers for each network, with intervals, a panel a reference"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            "Agreement of heatmaps by each other explainer less that of heatmaps by the first, of "
            "the same trainings and people; mean over expressions, of each network and of all. "
            "Lines are 95 % intervals; a full dot where the q of the difference is under "
            f".05, a ring where not, or where nothing could be tested.{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.agreement import contrasts_plot
        from facsimile.show.tables import primary

        (rows,) = marked_tables(inputs, "contrasts")
        return contrasts_plot(rows, primary(inputs.table("overall")).score)
