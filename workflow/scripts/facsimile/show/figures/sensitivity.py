"""What the conclusion hangs on."""

from typing import TYPE_CHECKING

from facsimile.show.learned import marked_tables
from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Sensitivity(FigureKind):
    """Value and specificity under all settings."""

    stage = section = "sensitivity"
    order = 1
    path = "figures/sensitivity"
    title = "What the conclusion hangs on"
    label = "sensitivity"
    alt = "Dot plots of scores and of specificity, a row for each combination of settings"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            "The same networks and references under each combination of settings: left, the score; "
            "right, what own references have more, or less, of it than the other expressions', "
            "with its 95 % interval by the test over orders of the labels. Large dots: mean over "
            "networks, filled where the two-sided p of that test is under .05; all is exploratory. "
            "Faint: each network, a cross where it did not learn."
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.sensitivity import conclusions_plot

        return conclusions_plot(*marked_tables(inputs, "sensitivity"))
