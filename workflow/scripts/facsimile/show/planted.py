"""Figures of the method's own proof: what was planted, what was found."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from facsimile import EXPRESSIONS
from facsimile.measure.planted import FOUND
from facsimile.show.charts import LINE
from facsimile.show.learned import MARK
from facsimile.show.on_faces import draw_heatmap
from facsimile.show.style import INK, MUTED, RULE, sheet, styled


@styled
def beside(
    changes: Mapping[str, np.ndarray],
    regions: Mapping[str, np.ndarray],
    heatmaps: Mapping[tuple[str, str], np.ndarray],
    mean_face: np.ndarray,
    names: Mapping[str, str],
    remark: str = "",
) -> Figure:
    """Draw heatmaps below what was planted, an expression a column, with the exact region's edge.

    Parameters
    ----------
    changes : expression to the mean change, (275, 224).
    regions : expression to the exact region, (275, 224) bool.
    heatmaps : (explainer, expression) to (275, 224); NaN where no face was explained.
    names : of explainers, as people read them.
    remark : to stand below, such as that the network did not learn.
    """
    explainers = list(dict.fromkeys(name for name, _ in heatmaps))
    figure, axes = sheet(1 + len(explainers), len(EXPRESSIONS), 1.2, 1.2 * 275 / 224)
    figure.set_layout_engine("constrained", w_pad=0.015, h_pad=0.015, wspace=0, hspace=0)
    for panel, (expression, change) in zip(axes[0], changes.items(), strict=True):
        _draw(panel, change, regions[expression], mean_face)
        panel.set_title(expression, fontsize=8.5)
    axes[0, 0].set_ylabel("planted", fontsize=8, fontweight="bold")
    for row, name in zip(axes[1:], explainers, strict=True):
        for panel, expression in zip(row, EXPRESSIONS, strict=True):
            _draw(panel, heatmaps[name, expression], regions[expression], mean_face)
        row[0].set_ylabel(names[name].replace(", ", ",\n"), fontsize=7.5)
    if remark:
        figure.supxlabel(remark, fontsize=8, color=MUTED)
    return figure


def did_not_learn(findings: pd.DataFrame) -> str:
    """Return of one condition and network that it did not learn, or nothing.

    Parameters
    ----------
    findings : their rows.
    """
    row = findings.iloc[0]
    return "" if row["learned"] else f"{MARK} did not learn: accuracy {row['accuracy']:.2f}"


def _draw(panel: Axes, heatmap: np.ndarray, region: np.ndarray, mean_face: np.ndarray) -> None:
    draw_heatmap(panel, heatmap, mean_face)
    if region.any():
        panel.contour(region, levels=[0.5], colors=[INK], linewidths=0.7)


@styled
def limits(findings: pd.DataFrame, names: Mapping[str, str]) -> Figure:
    """Draw mean AUROC against exact regions, with intervals: networks down, conditions across.

    Parameters
    ----------
    findings : as ``measure.planted.findings`` returns.
    names : of explainers, as people read them.
    """
    figure = _panels(findings, names, _draw_limits)
    figure.supxlabel("AUROC against the exact region, mean over expressions", fontsize=8)
    return figure


@styled
def use(findings: pd.DataFrame, names: Mapping[str, str]) -> Figure:
    """Draw how maps follow what networks use, likewise."""
    figure = _panels(findings, names, _draw_use)
    figure.supxlabel("rank correlation of attribution with what the answer loses", fontsize=8)
    return figure


def _panels(
    findings: pd.DataFrame,
    names: Mapping[str, str],
    draw: Callable[[Axes, pd.DataFrame, Sequence[int]], None],
) -> Figure:
    """Draw a panel for each network and condition, an explainer a line."""
    conditions, networks = (list(findings[name].unique()) for name in ("condition", "network"))
    explainers = list(findings["explainer"].unique())
    height = 0.2 * len(explainers) + 0.6
    figure, axes = sheet(len(networks), len(conditions), 8.4 / len(conditions), height)
    for (network, condition), panel in zip(product(networks, conditions), axes.flat, strict=True):
        both = (findings["network"] == network) & (findings["condition"] == condition)
        part = findings[both]
        draw(panel, part, [explainers.index(name) for name in part["explainer"]])
        panel.set(ylim=(len(explainers) - 0.5, -0.5), yticks=range(len(explainers)))
        panel.grid(axis="x")
        panel.set_yticklabels([names[name] for name in explainers])
        first = part.iloc[0]
        name = network if first["learned"] else f"{network} {MARK}"
        panel.set_title(f"{condition}, {name}\naccuracy {first['accuracy']:.2f}")
        panel.tick_params(labelleft=panel in axes[:, 0], labelbottom=panel in axes[-1])
    return figure


def _draw_limits(panel: Axes, part: pd.DataFrame, at: Sequence[int]) -> None:
    panel.axvline(0.5, color=RULE, lw=0.8)
    panel.axvline(FOUND, color=MUTED, lw=0.8, ls=":")
    panel.hlines(at, part["low"], part["high"], color=LINE, lw=1.2)
    panel.plot(part["auroc"], at, "o", color=LINE, ms=4.5)
    panel.plot(part["elsewhere"], at, "o", color=MUTED, ms=3.5, mfc="white", mew=0.8)
    panel.set_xlim(0.25, 1.03)


def _draw_use(panel: Axes, part: pd.DataFrame, at: Sequence[int]) -> None:
    panel.axvline(0, color=RULE, lw=0.8)
    panel.hlines(at, part["used_low"], part["used_high"], color=LINE, lw=1.2)
    panel.plot(part["used"], at, "o", color=LINE, ms=4.5)
    panel.set_xlim(-0.5, 1.03)
