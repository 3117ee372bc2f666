"""What was planted beside what was found."""

from typing import TYPE_CHECKING

from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Planted(FigureKind):
    """The heatmaps of all explainers below what was planted, an expression a column."""

    stage = "validation"
    section = "conditions"
    order = 1
    path = "figures/planted/{condition}/{network}"
    title = "Planted and found"
    label = "planted and found: {condition}, {network}"
    alt = "Rows of six faces: what was planted, and below it the heatmaps of each explainer"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            f"{key['condition']}, {key['network']}. First row: what the units of each expression "
            "change. Below: the heatmap of each explainer, mean over the faces that it was asked "
            "about and over trainings; the line is the edge of the exact region. An oracle paints "
            "what was planted on the superpixels of the same faces. Each map is stretched to its "
            "own range. Where the network did not learn, a line below says so."
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.planted import beside, did_not_learn

        where = {"condition": key["condition"]}
        pattern = "{condition}/heatmaps/{explainer}/{network}/{expression}."
        return beside(
            inputs.arrays("changes", "{condition}/references/change/{expression}.", **where),
            inputs.arrays("regions", "{condition}/references/exact/{expression}.", **where),
            inputs.arrays("heatmaps", pattern, **key),
            inputs.arrays("faces", "{condition}/faces/average.", **where)[()],
            inputs.given["names"],
            did_not_learn(inputs.table("findings", **key)),
        )
