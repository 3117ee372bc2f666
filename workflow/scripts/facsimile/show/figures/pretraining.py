"""What pre-training changes."""

from typing import TYPE_CHECKING

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
            "one architecture with and without it, over the same draws of people, where the study "
            "has such twins; otherwise pre-trained networks against the rest, which confounds "
            "pre-training with architecture. Lines are 95 % intervals."
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.agreement import pretraining_plot

        return pretraining_plot(inputs.table("pretraining", **key))
