"""Some of the faces of a study."""

from typing import TYPE_CHECKING

from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts

EACH = 8
"""At most so many faces of each expression."""


class Faces(FigureKind):
    """Rows of faces, one an expression."""

    stage = section = "faces"
    order = 1
    path = "figures/faces"
    title = "Some of the faces"
    label = "faces and landmarks"
    alt = (
        "Rows of aligned grey faces, one row for each of the six expressions, with small dots on "
        "their landmarks"
    )

    def caption(self, facts: "Facts", key: Key) -> str:
        return (
            f"Of each expression as the networks see them: found, {facts.alignment}, made grey and "
            "resized. Dots are the 68 landmarks found."
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.faces.dataset import gather, read, sample
        from facsimile.files import keyed
        from facsimile.show.on_faces import faces_sheet

        (folds,) = inputs.paths("table")
        faces = sample(read(folds), EACH, inputs.given["seed"])
        pixels, landmarks = (
            gather(faces, keyed(inputs.paths(name), f"faces/{{corpus}}/{name}."))
            for name in ("faces", "landmarks")
        )
        return faces_sheet(pixels, list(faces["expression"]), landmarks, EACH)
