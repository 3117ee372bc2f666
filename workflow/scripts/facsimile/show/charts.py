"""Figures of numbers: training, confusion, agreement and likeness."""

import math
from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy.cluster import hierarchy

from facsimile import EXPRESSIONS
from facsimile.show.style import INK, MUTED, RULE, bare, remark, sheet, styled
from facsimile.show.tables import in_order, wide

COLOURS = dict(zip(EXPRESSIONS, seaborn.color_palette("colorblind", 6).as_hex(), strict=True))
MARKERS = dict(zip(EXPRESSIONS, "oDs^vP", strict=True))
START = {"imagenet": "#b3541e", "random": "#1f5f8b"}
"""Colour of a network's name by its weights at start."""

LINE = "#1f5f8b"
SEQUENTIAL = ListedColormap(matplotlib.colormaps["Blues"](np.linspace(0, 0.92, 256)))


@styled
def training_curves(history: pd.DataFrame) -> Figure:
    """Draw loss and accuracy on the training faces over epochs, one thin line a fold.

    Parameters
    ----------
    history : columns network, fold, epoch, loss, accuracy.
    """
    networks = history["network"].unique()
    columns = min(len(networks), 6)
    blocks = math.ceil(len(networks) / columns)
    figure, axes = sheet(2 * blocks, columns, max(1.6, 6.4 / columns), 1.35)
    for number, network in enumerate(networks):
        block, column = divmod(number, columns)
        pair = axes[2 * block : 2 * block + 2, column]
        _draw_training(pair, history[history["network"] == network])
        pair[0].set_title(network)
    for number in range(len(networks), blocks * columns):
        for panel in axes[-2:, number % columns]:
            panel.set_visible(False)
    highest = 1.05 * history["loss"].max()
    for row, (name, top) in zip(
        axes, [("accuracy", 1.02), ("loss", highest)] * blocks, strict=True
    ):
        row[0].set_ylabel(name)
        for panel in row:
            panel.set_ylim(0, top)
            panel.tick_params(labelleft=panel is row[0])
    return figure


def _draw_training(pair: Sequence[Axes], history: pd.DataFrame) -> None:
    for panel, score in zip(pair, ("accuracy", "loss"), strict=True):
        for _, fold in history.groupby("fold"):
            panel.plot(fold["epoch"], fold[score], ".-", color=LINE, ms=3, lw=0.8, alpha=0.5)
        panel.grid(axis="y")
        panel.xaxis.get_major_locator().set_params(integer=True)
    pair[0].tick_params(labelbottom=False)
    pair[1].set_xlabel("epoch")


@styled
def confusion(predictions: pd.DataFrame) -> Figure:
    """Draw how each network's predictions spread, each row (a true expression) adding up to one.

    Parameters
    ----------
    predictions : columns network, expression, predicted; all folds together.
    """
    networks = predictions["network"].unique()
    columns = min(len(networks), 4)
    rows = math.ceil(len(networks) / columns)
    figure, axes = sheet(rows, columns, 2.05, 2.05)
    figure.set_size_inches(2.05 * columns + 0.8, 2.05 * rows + 0.6)
    for number, panel in enumerate(axes.flat):
        if number >= len(networks):
            panel.set_visible(False)
            continue
        _draw_confusion(panel, predictions[predictions["network"] == networks[number]])
        panel.set_title(networks[number])
        panel.tick_params(
            labelleft=number % columns == 0, labelbottom=number + columns >= len(networks)
        )
    figure.supxlabel("predicted", fontsize=8)
    figure.supylabel("true", fontsize=8)
    return figure


def _draw_confusion(axes: Axes, predictions: pd.DataFrame) -> None:
    counts = pd.crosstab(predictions["expression"], predictions["predicted"])
    counts = counts.reindex(index=EXPRESSIONS, columns=EXPRESSIONS, fill_value=0)
    shares = counts.div(counts.sum(axis=1).replace(0, np.nan), axis=0)
    _heat_table(axes, shares, ".2f", vmin=0, vmax=1)
    axes.tick_params(axis="x", rotation=45)


def _heat_table(axes: Axes, table: pd.DataFrame, digits: str, **options: object) -> None:
    """Draw a table with its numbers on colours; undefined cells stay white with a dash."""
    seaborn.heatmap(
        table, ax=axes, cmap=SEQUENTIAL, cbar=False, annot=True, fmt=digits, linewidths=0.6,
        annot_kws={"fontsize": 6.5}, **options,
    )  # fmt: skip
    for row, column in np.argwhere(table.isna().to_numpy()):
        axes.text(column + 0.5, row + 0.5, "\N{EN DASH}", ha="center", va="center", color=MUTED)
    axes.tick_params(length=0, axis="both")
    axes.set(xlabel="", ylabel="")
    axes.tick_params(axis="y", rotation=0)


@styled
def agreement_plot(agreement: pd.DataFrame) -> Figure:
    """Draw the IoU of each network, best mean first: as dots, and as a table.

    Parameters
    ----------
    agreement : the tidy table of one explainer and one reference.
    """
    table = wide(agreement).sort_values("mean", ascending=False, kind="stable")
    height = 0.24 * len(table) + 1.1
    figure = Figure(figsize=(9.6, height), layout="constrained")
    dots, numbers = figure.subplots(1, 2, width_ratios=[1.15, 1])
    places = np.arange(len(table)) + 0.5
    for expression in table.columns[:-1]:
        style = {"marker": MARKERS[expression], "color": COLOURS[expression], "alpha": 0.85}
        dots.scatter(table[expression], places, s=20, linewidths=0, label=expression, **style)
    dots.scatter(table["mean"], places, marker="|", s=150, color=INK, label="mean", zorder=3)
    dots.set(xlabel="IoU", yticks=places, yticklabels=table.index, ylim=(len(table), 0))
    highest = max(0.5, table.fillna(0).max(axis=None))
    dots.set_xlim(0, 1.06 * highest)
    dots.grid(axis="x")
    dots.set_axisbelow(True)
    dots.hlines(places, 0, 1, color=RULE, linewidth=0.4, zorder=0)
    dots.tick_params(axis="y", length=0)
    dots.legend(loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=7, fontsize=7,
                columnspacing=0.8, handletextpad=0.1)  # fmt: skip
    _heat_table(numbers, table, ".2f", vmin=0, vmax=highest)
    numbers.tick_params(labelleft=False, labeltop=True, labelbottom=False, labelsize=7.5)
    numbers.axvline(len(table.columns) - 1, color="white", linewidth=4)
    return figure


@styled
def dendrogram(
    names: Sequence[str],
    linkage: np.ndarray | None,
    expression: str,
    start: Mapping[str, str] | None = None,
) -> Figure:
    """Draw the average linkage of the networks' heatmaps on one expression.

    Parameters
    ----------
    names : of the leaves.
    linkage : (len(names) - 1, 4), SciPy's, on the distance 1 - r; not read unless
        there are two names.
    start : weights at start of each network, "imagenet" or "random"; colours the names.
    """
    return dendrogram_sheet({expression: (names, linkage)}, start)


@styled
def dendrogram_sheet(
    trees: Mapping[str, tuple[Sequence[str], np.ndarray | None]],
    start: Mapping[str, str] | None = None,
) -> Figure:
    """Draw the dendrograms of several expressions on one scale; see ``dendrogram``."""
    columns = min(len(trees), 3)
    leaves = max(len(names) for names, _ in trees.values())
    rows = math.ceil(len(trees) / columns)
    figure, axes = sheet(rows, columns, 3.2, 0.17 * max(leaves, 4) + 0.75)
    heights = [linkage[-1, 2] for names, linkage in trees.values() if len(names) > 1]
    for panel, expression in zip(axes.flat, in_order(trees), strict=False):
        _draw_tree(panel, *trees[expression], 1.06 * max([0.1, *heights]), start or {})
        panel.set_title(expression)
    for panel in axes.flat[len(trees) :]:
        panel.set_visible(False)
    for panel in axes[-1]:
        panel.set_xlabel("distance 1 \N{MINUS SIGN} r")
    shown = [kind for kind in START if kind in (start or {}).values()]
    if shown:
        marks = [
            Line2D([], [], color=START[kind], linewidth=4, label=f"{kind} start") for kind in shown
        ]
        figure.legend(handles=marks, loc="outside upper right", ncols=2)
    return figure


def _draw_tree(
    axes: Axes, names: Sequence[str], linkage: np.ndarray | None, reach: float, start: Mapping
) -> None:
    if len(names) < 2:
        bare(axes)
        remark(axes, "fewer than two heatmaps to compare")
        return
    tree = hierarchy.dendrogram(linkage, labels=list(names), no_plot=True)
    for across, up in zip(tree["dcoord"], tree["icoord"], strict=True):
        axes.plot(across, up, color=INK, linewidth=0.9, solid_joinstyle="miter")
    places = 10 * np.arange(len(names)) + 5
    axes.set(xlim=(reach, 0), ylim=(places[-1] + 5, 0), yticks=places, yticklabels=tree["ivl"])
    axes.yaxis.tick_right()
    axes.tick_params(axis="y", length=0)
    axes.spines[["left", "right"]].set_visible(False)
    for label in axes.get_yticklabels():
        label.set_color(START.get(start.get(label.get_text()), INK))


@styled
def correlation_matrix(likeness: pd.DataFrame, order: Sequence[str] | None = None) -> Figure:
    """Draw the correlations of the networks' heatmaps on one expression.

    Parameters
    ----------
    likeness : tidy, columns network, other, correlation; all ordered pairs.
    order : of the networks, for example that of the dendrogram's leaves.
    """
    pairs = likeness.set_index(["network", "other"])["correlation"].astype(float)
    table = pairs.unstack()  # noqa: PD010 (a pair given twice must be an error, not averaged)
    order = list(order) if order is not None else list(likeness["network"].unique())
    figure, axes = sheet(1, 1, 0.36 * len(order) + 1.5, 0.36 * len(order) + 1.2)
    table = table.reindex(index=order, columns=order)
    _heat_table(axes[0, 0], table, ".2f", vmin=min(0, table.min(axis=None)), vmax=1)
    axes[0, 0].tick_params(axis="x", rotation=90)
    return figure


@styled
def trust_plot(trust: pd.DataFrame) -> Figure:
    """Draw R² of the surrogates and split-half correlation: medians, and quartiles as bars.

    Parameters
    ----------
    trust : rows of explainer, network, expression, r2, r2_low, r2_high, and the same for
        split_half; explainers that fit no surrogate are left out.
    """
    known = trust.dropna(subset=["r2", "split_half"])
    rows = known[["explainer", "network"]].drop_duplicates()
    several = len(rows["explainer"].unique()) > 1
    figure = Figure(figsize=(9.6, 0.42 * max(len(rows), 1) + 1.1), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    for panel, (score, name) in zip(
        panels, {"r2": "R² of the surrogate", "split_half": "r between two halves"}.items(),
        strict=True,
    ):  # fmt: skip
        if known.empty:
            bare(panel)
            remark(panel, "no explainer fits a surrogate")
            continue
        for place, row in enumerate(rows.itertuples()):
            cell = known[(known["explainer"] == row.explainer) & (known["network"] == row.network)]
            _draw_quartiles(panel, place, cell, score)
        panel.set(xlabel=name, xlim=(min(0, 1.05 * known[f"{score}_low"].min()), 1.02))
        panel.grid(axis="x")
        panel.set_axisbelow(True)
        panel.tick_params(axis="y", length=0)
    if not known.empty:
        labels = [
            f"{row.network} ({row.explainer})" if several else row.network
            for row in rows.itertuples()
        ]
        panels[0].set(yticks=range(len(rows)), yticklabels=labels, ylim=(len(rows) - 0.5, -0.5))
        panels[0].legend(loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=6, fontsize=7,
                         columnspacing=0.8, handletextpad=0.1)  # fmt: skip
    return figure


def _draw_quartiles(axes: Axes, place: int, cell: pd.DataFrame, score: str) -> None:
    for number, row in enumerate(cell.to_dict("records")):
        y = place + 0.11 * (number - (len(cell) - 1) / 2)
        colour = COLOURS[row["expression"]]
        axes.hlines(y, row[f"{score}_low"], row[f"{score}_high"], color=colour, lw=1, alpha=0.6)
        label = row["expression"] if place == 0 else None
        axes.scatter(row[score], y, s=14, color=colour, marker=MARKERS[row["expression"]],
                     linewidths=0, label=label, zorder=3)  # fmt: skip
