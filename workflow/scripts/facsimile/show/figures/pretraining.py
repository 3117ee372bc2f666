"""What pre-training changes."""

from typing import TYPE_CHECKING

from facsimile.show.learned import marked_tables
from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Pretraining(FigureKind):
    """Differences between pre-trained networks and others, a panel a reference."""

    stage = "agreement"
    section = "pretraining"
    order = 3
    path = "figures/pretraining/{explainer}"
    title = "What pre-training changes"
    label = "pre-training: {explainer}"
    alt = "Differences between pre-trained networks and others, with intervals"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            f"In the agreement of heatmaps by {key['explainer']} with each reference: networks of "
            "one architecture with and without it, each on the faces that were chosen for it, "
            "where the study has such twins; otherwise pre-trained networks against the rest, "
            "which confounds pre-training with architecture where no family has both. Lines are "
            "95 % intervals; a full dot where the q of the difference is under .05, a ring where "
            f"not, or where nothing could be tested.{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.agreement import pretraining_plot
        from facsimile.show.tables import primary

        (rows,) = marked_tables(inputs, "pretraining", **key)
        return pretraining_plot(rows, primary(inputs.table("overall")).score)
