"""Figures of likeness: dendrograms and correlations."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from scipy.cluster import hierarchy

from facsimile.measure.likeness import among
from facsimile.measure.pretraining import read_origins
from facsimile.measure.table import ALL
from facsimile.measure.trees import linkage, support_of
from facsimile.show.charts import draw_table
from facsimile.show.learned import mark_for, marked
from facsimile.show.manifest import Inputs
from facsimile.show.style import INK, MUTED, bare, remark, sheet, styled
from facsimile.show.tables import in_order

START = {"imagenet": "#b3541e", "random": "#1f5f8b", "reference": "#2a7a3a"}
"""Colour of a leaf's name: a network by its weights at start, or a reference."""

WORDS = {"imagenet": "pre-trained", "random": "random start", "reference": "where people look"}


@dataclass(frozen=True)
class Likeness:
    """What figures show of one explainer's heatmaps: expression, or all, to its table and tree.

    ``start`` are the weights at start of each leaf that is a network, and ``reference`` of others;
    ``support`` holds a share of bootstrap draws for each join.
    """

    tables: Mapping[str, pd.DataFrame]
    trees: Mapping[str, tuple[Sequence[str], np.ndarray | None]]
    start: Mapping[str, str]
    support: Mapping[str, np.ndarray]

    @classmethod
    def read(cls, inputs: Inputs, explainer: str, people: bool = False) -> Self:
        """Read them from the files of the stage; with ``people``, references are leaves too."""
        mark = mark_for(inputs)
        networks = [mark(name) for name in inputs.given["networks"]]
        tables = {
            name: marked(table[table["explainer"] == explainer], mark)
            for name, table in inputs.tables("likeness", "likeness/{expression}.").items()
        }
        (families,) = inputs.paths("families")
        origins = read_origins(inputs.given["origins"], families, inputs.paths("origins"))
        start = {
            mark(name): origins[name].start if name in origins else ""
            for name in inputs.given["networks"]
        }
        if people:
            start = dict.fromkeys(tables[ALL]["network"], "reference") | start
        leaves = "networks and references" if people else "networks"
        return cls(
            tables,
            {
                name: linkage(table if people else among(table, networks))
                for name, table in tables.items()
            },
            start,
            support_of(inputs.table("branches"), explainer, leaves),
        )


@styled
def dendrogram_sheet(
    trees: Mapping[str, tuple[Sequence[str], np.ndarray | None]],
    start: Mapping[str, str] | None = None,
    support: Mapping[str, np.ndarray] | None = None,
) -> Figure:
    """Draw average linkages of heatmaps, an expression a panel, on one scale.

    Parameters
    ----------
    trees : expression to the names of the leaves and SciPy's linkage, (names - 1, 4), on the
        distance 1 - r; it is not read unless there are two names.
    start : weights at start of each network, "random", "imagenet" or a file; colours the names.
    support : expression to the share of bootstrap draws that have each join.
    """
    columns = min(len(trees), 4 if len(trees) > 6 else 3)
    leaves = max(len(names) for names, _ in trees.values())
    rows = math.ceil(len(trees) / columns)
    figure, axes = sheet(rows, columns, 9.6 / max(columns, 3), 0.17 * max(leaves, 4) + 0.75)
    heights = [joins[-1, 2] for _, joins in trees.values() if joins is not None]
    reach = 1.06 * max([0.1, *heights])
    for panel, expression in zip(axes.flat, in_order(trees), strict=False):
        shares = (support or {}).get(expression)
        _draw_tree(panel, *trees[expression], reach, start or {}, shares)
        panel.set_title(expression)
    for panel in axes.flat[len(trees) :]:
        panel.set_visible(False)
    for column in axes.T:
        shown = [panel for panel in column if panel.get_visible()]
        shown[-1].set_xlabel("distance 1 \N{MINUS SIGN} r")
    kinds = {START.get(kind) and kind for kind in map(_kind, (start or {}).values())}
    marks = [
        Line2D([], [], color=START[kind], linewidth=4, label=WORDS[kind])
        for kind in START
        if kind in kinds
    ]
    if marks:
        figure.legend(handles=marks, loc="outside upper right", ncols=len(marks))
    return figure


def _kind(start: str) -> str:
    """Return which of the kinds in ``START`` a network's start is; a file counts as pre-trained."""
    return start if start in START or not start else "imagenet"


def _draw_tree(
    axes: Axes,
    names: Sequence[str],
    joins: np.ndarray | None,
    reach: float,
    start: Mapping[str, str],
    support: np.ndarray | None,
) -> None:
    if len(names) < 2:
        bare(axes)
        remark(axes, "fewer than two heatmaps to compare")
        return
    # The colour of a link tells which join it is.
    tree = hierarchy.dendrogram(joins, labels=list(names), no_plot=True, link_color_func=str)
    for across, up, join in zip(tree["dcoord"], tree["icoord"], tree["color_list"], strict=True):
        axes.plot(across, up, color=INK, linewidth=0.9, solid_joinstyle="miter")
        share = np.nan if support is None else support[int(join) - len(names)]
        if np.isfinite(share):
            axes.annotate(f"{100 * share:.0f}", (across[1], (up[1] + up[2]) / 2), (-1, 1),
                          textcoords="offset points", fontsize=5.5, ha="right", va="bottom",
                          color=MUTED)  # fmt: skip
    places = 10 * np.arange(len(names)) + 5
    axes.set(xlim=(reach, 0), ylim=(places[-1] + 5, 0), yticks=places, yticklabels=tree["ivl"])
    axes.yaxis.tick_right()
    axes.tick_params(axis="y", length=0)
    axes.spines[["left", "right"]].set_visible(False)
    for label in axes.get_yticklabels():
        label.set_color(START.get(_kind(start.get(label.get_text(), "")), INK))


def leaves(tree: tuple[Sequence[str], np.ndarray | None]) -> list[str]:
    """Return the leaves of a tree in the order in which it is drawn."""
    names, joins = tree
    if joins is None:
        return list(names)
    return [names[at] for at in hierarchy.leaves_list(joins)]


@styled
def correlation_matrix(likeness: pd.DataFrame, order: Sequence[str] | None = None) -> Figure:
    """Draw how alike maps are: r below the diagonal, disattenuated above, reliability on it.

    Parameters
    ----------
    likeness : tidy, columns network, other, correlation, disattenuated, reliability (of network);
        all ordered pairs.
    order : of the networks, for example that of the dendrogram's leaves.
    """
    order = list(order) if order is not None else list(likeness["network"].unique())
    pairs = likeness.set_index(["network", "other"])
    raw, free = (
        pairs[name].astype(float).unstack().reindex(index=order, columns=order)  # noqa: PD010
        for name in ("correlation", "disattenuated")
    )
    numbers = np.tril(raw, -1) + np.triu(free, 1)
    own = likeness.groupby("network")["reliability"].first().reindex(order)
    np.fill_diagonal(numbers, own.to_numpy(float))
    table = pd.DataFrame(numbers, index=order, columns=order)
    figure, axes = sheet(1, 1, 0.36 * len(order) + 1.5, 0.36 * len(order) + 1.2)
    draw_table(axes[0, 0], table, ".2f", vmin=min(0, np.nanmin(table.to_numpy(float))), vmax=1)
    for place in range(len(order)):
        axes[0, 0].add_patch(
            Rectangle((place, place), 1, 1, fill=False, edgecolor=INK, linewidth=0.8)
        )
    axes[0, 0].tick_params(axis="x", rotation=90)
    return figure
