"""How a face becomes part of a heatmap."""

from typing import TYPE_CHECKING

from facsimile.show.manifest import FigureKind, Inputs, Key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts


class Steps(FigureKind):
    """One face of each expression in six steps, by the first explainer and network."""

    stage, section = "steps", "trust"
    order = 2
    path = "figures/steps"
    title = "How a face becomes part of a heatmap"
    label = "from face to heatmap"
    alt = (
        "Six rows of faces, one an expression, in six steps: the face, its landmarks, its "
        "superpixels, their weights, what spoke for the expression on the canonical frame, and "
        "the same on the average face"
    )

    def caption(self, facts: "Facts", key: Key) -> str:
        name, explainer = next(iter(facts.explainers.items()), ("", None))
        how = f" ({name}: {explainer.sentence})" if explainer else ""
        return (
            "From left to right: the face as the network sees it; the 68 landmarks found; its "
            "superpixels; what spoke for the expression (orange) and against it (blue), by the "
            f"study's first explainer{how} and first network; what spoke for it, carried to the "
            "canonical frame, piecewise affine between landmarks; and the same on the average "
            "face. Of each expression the face is shown whose R² is in the middle."
        )

    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        from facsimile.show.steps import read_steps, steps_sheet

        return steps_sheet(read_steps(inputs))
