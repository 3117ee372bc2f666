"""Figures drawn on faces: the faces themselves, the heatmaps and the masks."""

from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, to_hex
from matplotlib.figure import Figure

from facsimile import EXPRESSIONS
from facsimile.show.style import INK, bare, remark, sheet, styled

# The dark end is cut off: on a grey face it would read as shadow.
SHADES = matplotlib.colormaps["inferno"](np.linspace(0.3, 0.97, 256))
HEAT = ListedColormap(SHADES)
SKIN = 0.82
MASK = (0.80, 0.28, 0.10)
POINTS = "#17becf"


@styled
def faces_sheet(
    faces: np.ndarray, expressions: Sequence[str], landmarks: np.ndarray, columns: int = 8
) -> Figure:
    """Draw some faces of each expression with their landmarks, one expression a row.

    Parameters
    ----------
    faces : (N, size, size) or (N, size, size, 3) uint8.
    expressions : N names.
    landmarks : (N, 68, 2) x then y.
    columns : at most so many of each, spread evenly over those there are.
    """
    figure, axes = sheet(len(EXPRESSIONS), columns, 1.05, 1.08)
    for row, expression in zip(axes, EXPRESSIONS, strict=True):
        found = np.flatnonzero(np.asarray(expressions) == expression)
        if len(found) > columns:
            found = found[np.linspace(0, len(found) - 1, columns).round().astype(int)]
        for panel in row:
            bare(panel)
        for panel, index in zip(row, found, strict=False):
            panel.imshow(faces[index], cmap="gray", vmin=0, vmax=255)
            panel.scatter(*landmarks[index].T, s=1.2, color=POINTS, linewidths=0)
        if not len(found):
            remark(row[0], "no face")
        row[0].set_ylabel(expression, fontsize=9)
    return figure


@styled
def heatmap_sheet(heatmaps: Mapping[tuple[str, str], np.ndarray], mean_face: np.ndarray) -> Figure:
    """Draw all heatmaps on the canonical mean face, expressions down and networks across.

    Parameters
    ----------
    heatmaps : (network, expression) to (275, 224), each stretched to its own range 0 to maximum;
        NaN where no face could be explained.
    mean_face : (275, 224) grey values, 0 to 255.
    """
    networks = list(dict.fromkeys(network for network, _ in heatmaps))
    width = min(1.2, 9.6 / len(networks))
    figure, axes = sheet(len(EXPRESSIONS), len(networks), width, width * 275 / 224)
    # The scale below needs some room, however few the networks.
    figure.set_size_inches(max(width * len(networks) + 0.3, 2.6), width * 275 / 224 * 6 + 0.85)
    figure.set_layout_engine("constrained", w_pad=0.015, h_pad=0.015, wspace=0, hspace=0)
    _draw_scale(figure, axes)
    for row, expression in zip(axes, EXPRESSIONS, strict=True):
        for panel, network in zip(row, networks, strict=True):
            draw_heatmap(panel, heatmaps.get((network, expression)), mean_face)
        row[0].set_ylabel(expression, fontsize=9)
    for panel, network in zip(axes[0], networks, strict=True):
        panel.set_title(network.replace("_", "\n"), fontsize=8.5)
    return figure


@styled
def pooled_sheet(heatmaps: Mapping[tuple[str, str], np.ndarray], mean_face: np.ndarray) -> Figure:
    """Draw the mean over networks of each expression's heatmaps; see ``heatmap_sheet``."""
    figure, axes = sheet(1, len(EXPRESSIONS), 1.2, 1.2 * 275 / 224 + 0.2)
    for panel, expression in zip(axes[0], EXPRESSIONS, strict=True):
        maps = [one for (_, name), one in heatmaps.items() if name == expression]
        known = [one for one in maps if not np.isnan(one).all()]
        draw_heatmap(panel, np.mean(known, axis=0) if known else None, mean_face)
        panel.set_title(expression, fontsize=9)
    return figure


def on_skin() -> np.ndarray:
    """Return the scale's 256 colours as they look on the face, (256, 3)."""
    return SKIN + opacity(np.linspace(0, 1, 256))[:, None] * (SHADES[:, :3] - SKIN)


def scale_colours(steps: int = 9) -> str:
    """Return the scale as a gradient for pages."""
    chosen = on_skin()[np.linspace(0, 255, steps).astype(int)]
    return f"linear-gradient(90deg, {', '.join(map(to_hex, chosen))})"


def _draw_scale(figure: Figure, axes: np.ndarray) -> None:
    """Draw the scale below all maps."""
    scale = figure.colorbar(
        ScalarMappable(cmap=ListedColormap(on_skin())),
        ax=axes,
        location="bottom",
        ticks=[0, 1],
        format="%g",
        fraction=0.015,
        aspect=30,
        pad=0.012,
    )
    scale.outline.set_visible(False)
    scale.set_label("share of each map's own maximum", fontsize=7.5, labelpad=-6)
    scale.ax.tick_params(length=0)


def draw_heatmap(axes: Axes, heatmap: np.ndarray | None, mean_face: np.ndarray) -> None:
    """Draw one heatmap over the mean face, the more opaque the higher its value."""
    draw_face(axes, mean_face)
    if heatmap is None or np.isnan(heatmap).all():
        axes.images[0].set_alpha(0.35)
        remark(axes, "no face\nexplained")
        return
    strength = stretch(heatmap)
    axes.imshow(strength, cmap=HEAT, vmin=0, vmax=1, alpha=opacity(strength))


def opacity(strength: np.ndarray) -> np.ndarray:
    """Return how much of the face a value from 0 to 1 hides."""
    return 0.95 * strength**1.2


def draw_face(axes: Axes, mean_face: np.ndarray) -> None:
    """Draw the mean face in light greys, so that colours stand out on it."""
    bare(axes)
    axes.imshow(tones(mean_face), cmap="gray", vmin=0, vmax=1)


def tones(mean_face: np.ndarray) -> np.ndarray:
    """Return the mean face in light greys, 0 to 1."""
    dark, light = np.percentile(mean_face, (2, 99.8))
    if dark == light:  # a line drawing, nearly all of it paper
        dark, light = mean_face.min(), mean_face.max()
    black = dark - 0.55 * (light - dark)
    return np.clip((mean_face - black) / ((light - black) or 1), 0, 1)


def stretch(heatmap: np.ndarray) -> np.ndarray:
    """Return a heatmap on the scale 0 to 1: divided by its maximum, where that is above zero."""
    heatmap = np.nan_to_num(heatmap)
    return np.clip(heatmap / (heatmap.max() or 1), 0, 1)


@styled
def masks_sheet(
    masks: Mapping[str, np.ndarray], mean_face: np.ndarray, landmarks: np.ndarray
) -> Figure:
    """Draw the reference of each expression on the mean face with landmarks.

    Parameters
    ----------
    masks : expression to (275, 224): regions (bool), or densities (float).
    """
    figure, axes = sheet(1, len(masks), 1.55, 2.1)
    for panel, (expression, mask) in zip(axes[0], masks.items(), strict=True):
        if mask.dtype == bool:
            draw_face(panel, mean_face)
            panel.imshow(np.where(mask[..., None], (*MASK, 0.45), 0.0))
            panel.contour(mask, levels=[0.5], colors=[MASK], linewidths=0.8)
            panel.scatter(*landmarks.T, s=1.5, color=INK, linewidths=0)
        else:
            draw_heatmap(panel, mask - mask.min(), mean_face)
            panel.scatter(*landmarks.T, s=2, color="white", linewidths=0)
        panel.set_title(expression)
    return figure
