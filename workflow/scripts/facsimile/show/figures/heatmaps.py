"""Where networks look."""

from typing import TYPE_CHECKING

from facsimile.show.learned import mark_for, marked_keys
from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts

SCALE = (
    "Each map is stretched to its own range, from 0 to its maximum: compare places between maps, "
    "not strengths."
)


class Heatmaps(FigureKind):
    """All heatmaps of one explainer, expressions by networks."""

    stage = section = "heatmaps"
    order = 1
    path = "figures/heatmaps/{explainer}"
    title = "Heatmaps"
    label = "{explainer}"
    alt = "Grid of heatmaps on an average face: six expressions down, networks across"

    def caption(self, facts: "Facts", key: Key) -> str:
        explainer = facts.explainers.get(key["explainer"])
        if explainer is None:
            return (
                f"By {key['explainer']}, as they were given, on the outline of the canonical "
                f"face. {SCALE}"
            )
        return (
            f"By {key['explainer']}, on the average of all faces. {explainer.faces}, were "
            f"explained with {explainer.sentence}. The maps are carried to the canonical face, "
            "piecewise affine between landmarks, and averaged over "
            f"{facts.trainings}. {SCALE}{facts.unlearned}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.on_faces import heatmap_sheet

        heatmaps = inputs.arrays("heatmaps", "heatmaps/{explainer}/{network}/{expression}.", **key)
        return heatmap_sheet(marked_keys(heatmaps, mark_for(inputs)), inputs.array("face"))
