"""Where people look."""

from typing import TYPE_CHECKING

from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Reference(FigureKind):
    """A reference: one map an expression."""

    stage = section = "references"
    order = 1
    path = "figures/references/{reference}"
    title = "Reference"
    label = "reference: {reference}"
    alt = "Six faces, each with the reference of one expression on it"

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            f"{key['reference']}: {facts.references.get(key['reference'], 'of this study alone.')}"
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.atlas.canonical import read_landmarks
        from facsimile.show.on_faces import masks_sheet

        masks = inputs.arrays("references", "references/{reference}/{expression}.", **key)
        (landmarks,) = inputs.paths("canonical")
        return masks_sheet(masks, inputs.array("face"), read_landmarks(landmarks))
