"""How training went."""

from typing import TYPE_CHECKING

from facsimile.show.learned import marked_tables
from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Training(FigureKind):
    """Accuracy and loss over the epochs, a panel a network."""

    stage = "networks"
    section = "classification"
    order = 2
    path = "figures/training"
    title = "Training"
    label = "training"
    alt = "Accuracy and loss over the epochs of training, one panel for each network"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            "Accuracy and loss on the training faces after each epoch, one line for each of "
            f"{facts.trainings}.{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.classification import training_curves

        return training_curves(*marked_tables(inputs, "history"))
