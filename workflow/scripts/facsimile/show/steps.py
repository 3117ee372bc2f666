"""The figure of how a face becomes part of a heatmap, a row a face and a column a step."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from facsimile import EXPRESSIONS
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.explain.explanations import Explanations
from facsimile.faces.dataset import Rows, read
from facsimile.files import keyed
from facsimile.show.manifest import Inputs
from facsimile.show.on_faces import HEAT, POINTS, draw_heatmap, stretch
from facsimile.show.painting import edged, edges_of, resized, weighed
from facsimile.show.pictures import alone, signed
from facsimile.show.style import bare, remark, sheet, styled

STEPS = ("face", "landmarks", "superpixels", "explanation", "carried", "on the canonical face")


@dataclass(frozen=True)
class Steps:
    """A face on its way.

    ``face`` (size, size) or (size, size, 3), 0 to 1; ``landmarks`` (68, 2) in its pixels;
    ``edges`` (size, size) bool, or None where an explainer weighs pixels; ``weights`` (size, size);
    ``carried`` (275, 224); ``mean_face`` (275, 224) grey values.
    """

    face: np.ndarray
    landmarks: np.ndarray
    edges: np.ndarray | None
    weights: np.ndarray
    carried: np.ndarray
    mean_face: np.ndarray


def read_steps(inputs: Inputs) -> dict[str, Steps | None]:
    """Return a face of each expression, that of the median R²; None where none was explained."""
    found = keyed(inputs.paths("explanations"), "/repeat{repeat}/{expression}.")
    of_each: dict[str, Steps | None] = dict.fromkeys(EXPRESSIONS)
    for (repeat, expression), path in found.items():
        if repeat == "0":
            of_each[expression] = _steps(Explanations.load(path), expression, inputs)
    return of_each


def _steps(explained: Explanations, expression: str, inputs: Inputs) -> Steps | None:
    if not len(explained.id):
        return None
    target = EXPRESSIONS.index(expression)
    order = np.argsort(np.nan_to_num(explained.r2[:, target]), kind="stable")
    one = alone(explained, order[len(order) // 2])
    table = read(inputs.paths("table")[0])
    row = table[table["id"] == one.id[0]]
    faces, landmarks, superpixels = (
        keyed(inputs.paths(name), pattern)
        for name, pattern in (
            ("faces", "faces/{corpus}/"),
            ("landmarks", "faces/{corpus}/"),
            ("superpixels", "faces/{corpus}/superpixels/*/"),
        )
    )
    cuts = Rows(row, superpixels)[:] if superpixels else None
    face, points = Rows(row, faces)[:][0] / 255, Rows(row, landmarks)[:][0]
    contrast = inputs.given["contrast"]
    (spoke_for,) = one.maps(target, [] if cuts is None else cuts, contrast)
    atlas = Atlas.of(read_landmarks(inputs.paths("canonical")[0]))
    return Steps(
        face=face,
        landmarks=points,
        edges=None if cuts is None else edges_of(cuts[0], len(face)),
        weights=resized(signed(one, target, cuts, contrast), len(face)),
        carried=atlas.carry(spoke_for, points),
        mean_face=inputs.array("face"),
    )


@styled
def steps_sheet(steps: Mapping[str, Steps | None]) -> Figure:
    """Draw the steps of a face of each expression; an expression without one says so."""
    figure, axes = sheet(len(steps), len(STEPS), 1.12, 1.2)
    figure.set_layout_engine("constrained", w_pad=0.02, h_pad=0.02, wspace=0, hspace=0)
    for row, (expression, one) in zip(axes, steps.items(), strict=True):
        for panel in row:
            bare(panel)
        if one is None:
            remark(row[0], "no face\nexplained")
        else:
            _draw(row, one)
        row[0].set_ylabel(expression, fontsize=9)
    for panel, name in zip(axes[0], STEPS, strict=True):
        panel.set_title(name.replace(" canonical", "\ncanonical"), fontsize=8.5)
    return figure


def _draw(row: np.ndarray, one: Steps) -> None:
    """Draw one face's steps in the panels of a row."""
    grey = {"cmap": "gray", "vmin": 0, "vmax": 1}
    for panel in row[:3]:
        panel.imshow(one.face, **grey)
    row[1].scatter(*one.landmarks.T, s=2, color=POINTS, linewidths=0)
    if one.edges is None:
        remark(row[2], "pixels")
    else:
        row[2].imshow(edged(one.face, one.edges))
    row[3].imshow(weighed(one.face, one.weights, one.edges))
    row[4].imshow(stretch(one.carried), cmap=HEAT, vmin=0, vmax=1)
    draw_heatmap(row[5], one.carried, one.mean_face)
