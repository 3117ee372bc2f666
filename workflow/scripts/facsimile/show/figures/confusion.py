"""What networks took the faces for."""

from typing import TYPE_CHECKING

from facsimile.show.learned import marked_tables
from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Confusion(FigureKind):
    """Matrices of true and predicted expressions, one a network."""

    stage = "networks"
    section = "classification"
    order = 1
    path = "figures/confusion"
    title = "Confusion"
    label = "confusion"
    alt = (
        "One confusion matrix for each network, true expressions down, predicted expressions across"
    )

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            "What each network took the test faces for. A row holds the faces of one true "
            f"expression, over {facts.trainings}, and adds up to one.{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.classification import confusion

        return confusion(*marked_tables(inputs, "predictions"))
