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
from matplotlib.patches import Rectangle
from scipy.cluster import hierarchy

from facsimile import EXPRESSIONS
from facsimile.show.style import INK, MUTED, RULE, bare, remark, sheet, styled
from facsimile.show.tables import in_order, main_score, wide

COLOURS = dict(zip(EXPRESSIONS, seaborn.color_palette("colorblind", 6).as_hex(), strict=True))
MARKERS = dict(zip(EXPRESSIONS, "oDs^vP", strict=True))
START = {"imagenet": "#b3541e", "random": "#1f5f8b", "reference": "#2a7a3a"}
"""Colour of a leaf's name: a network by its weights at start, or a reference."""

WORDS = {"imagenet": "pre-trained", "random": "random start", "reference": "where people look"}
LABELS = {
    "iou": "IoU", "precision": "precision", "recall": "recall", "f1": "F1", "auroc": "AUROC",
    "average_precision": "average precision", "energy": "energy inside",
    "pointing": "pointing game", "pearson": "Pearson's r", "spearman": "Spearman's r",
    "sim": "SIM", "kl": "KL", "nss": "NSS",
}  # fmt: skip
MAIN = {"region": "iou", "density": "pearson"}
SHOWN = ("iou", "auroc", "pearson", "nss")
"""Scores that figures show, those of regions and those of densities."""

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
    """Draw the main score of each network, best mean first: as dots, and as a table.

    Lines stand at the mean chance level and at the mean of the best baselines; a star marks cells
    with q below .05.

    Parameters
    ----------
    agreement : the tidy table of one explainer and one reference.
    """
    score = main_score(agreement)
    rows = agreement[agreement["score"] == score]
    table = wide(agreement, score).sort_values("mean", ascending=False, kind="stable")
    figure = Figure(figsize=(9.6, 0.24 * len(table) + 1.3), layout="constrained")
    dots, numbers = figure.subplots(1, 2, width_ratios=[1.15, 1])
    places = np.arange(len(table)) + 0.5
    for expression in table.columns[:-1]:
        style = {"marker": MARKERS[expression], "color": COLOURS[expression], "alpha": 0.85}
        dots.scatter(table[expression], places, s=20, linewidths=0, label=expression, **style)
    dots.scatter(table["mean"], places, marker="|", s=150, color=INK, label="mean", zorder=3)
    lowest, highest = table.fillna(0).min(axis=None), max(0.5, table.fillna(0).max(axis=None))
    dots.set(xlabel=LABELS[score], yticks=places, yticklabels=table.index, ylim=(len(table), 0))
    dots.set_xlim(min(0, 1.06 * lowest), 1.06 * highest)
    _mark_levels(dots, rows)
    dots.grid(axis="x")
    dots.set_axisbelow(True)
    dots.hlines(places, min(0, lowest), 1, color=RULE, linewidth=0.4, zorder=0)
    dots.tick_params(axis="y", length=0)
    dots.legend(loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=7, fontsize=7,
                columnspacing=0.8, handletextpad=0.1)  # fmt: skip
    _heat_table(numbers, table, ".2f", vmin=min(0, lowest), vmax=highest)
    _mark_cells(numbers, table, rows)
    numbers.tick_params(labelleft=False, labeltop=True, labelbottom=False, labelsize=7.5)
    numbers.axvline(len(table.columns) - 1, color="white", linewidth=4)
    return figure


def _mark_levels(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the mean chance level and the mean of the best baselines as upright lines."""
    for name, dashes, colour in (("chance", (4, 2), MUTED), ("baseline", (1, 1.5), "#b3541e")):
        level = rows[name].mean() if name in rows else np.nan
        if np.isfinite(level):
            axes.axvline(level, color=colour, linewidth=1, dashes=dashes, zorder=1)
            axes.text(level, 0, f" {name}", transform=axes.get_xaxis_transform(), rotation=90,
                      va="bottom", ha="right", fontsize=6.5, color=colour)  # fmt: skip


def _mark_cells(axes: Axes, table: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Put a star behind the numbers of cells that are surely above chance."""
    numbers = {text.get_position(): text for text in axes.texts}
    for row in rows.itertuples() if "q" in rows else ():
        if row.q < 0.05:
            column, line = table.columns.get_loc(row.expression), table.index.get_loc(row.network)
            number = numbers[column + 0.5, line + 0.5]
            number.set_text(f"{number.get_text()}*")


@styled
def specificity_plot(specificity: pd.DataFrame, crossed: pd.DataFrame) -> Figure:
    """Draw heatmaps against all expressions' references, and how each network tells them apart.

    Parameters
    ----------
    specificity, crossed : the tidy tables of one explainer and one reference.
    """
    scores = [name for name in SHOWN if name in set(crossed["score"])]
    networks = specificity["network"].nunique()
    figure = Figure(figsize=(9.6, len(scores) * max(2.7, 0.2 * networks + 1)), layout="constrained")
    panels = figure.subplots(len(scores), 2, squeeze=False, width_ratios=[1, 1.3])
    for (matrix, forest), score in zip(panels, scores, strict=True):
        rows = crossed[crossed["score"] == score]
        table = rows.set_index(["heatmap", "drawn_for"])["value"].unstack()  # noqa: PD010
        table = table.reindex(index=in_order(table.index), columns=in_order(table.columns))
        low, high = table.min(axis=None), table.max(axis=None)
        _heat_table(matrix, table, ".2f", vmin=low - 0.4 * (high - low), vmax=high)
        matrix.set(ylabel="heatmaps of", xlabel="reference of")
        matrix.set_title(f"{LABELS[score]}, mean over networks", loc="left")
        matrix.tick_params(axis="x", rotation=30)
        for place in range(len(table)):
            frame = Rectangle((place, place), 1, 1, fill=False, edgecolor=INK, linewidth=1.2)
            matrix.add_patch(frame)
        part = specificity[specificity["score"] == score].set_index("network")
        part = part[["specificity", "specificity_low", "specificity_high"]]
        _draw_forest(forest, part.set_axis(["value", "low", "high"], axis=1))
        forest.set_title(f"{LABELS[score]}: own less other expressions' reference", loc="left")
    return figure


@styled
def pretraining_plot(pretraining: pd.DataFrame) -> Figure:
    """Draw the differences between pre-trained networks and others, one panel a reference.

    Parameters
    ----------
    pretraining : the tidy table of one explainer.
    """
    if pretraining.empty:
        figure, axes = sheet(1, 1, 5, 0.8)
        bare(axes[0, 0])
        remark(axes[0, 0], "all networks start alike: pre-training cannot be compared")
        return figure
    paired = pretraining["comparison"] == "twins"
    rows = pretraining[paired] if paired.any() else pretraining
    rows = rows[rows["score"].isin([MAIN["region"], MAIN["density"]])]
    references = list(rows["reference"].unique())
    names = rows["pretrained"] + " less " + rows["scratch"] + ", " + rows["expression"]
    rows = rows.assign(name=names if paired.any() else rows["expression"])
    height = 0.17 * rows["name"].nunique() + 1
    figure = Figure(figsize=(min(9.6, 3.2 * len(references) + 1), height), layout="constrained")
    axes = figure.subplots(1, len(references), squeeze=False, sharey=True)[0]
    for panel, reference in zip(axes, references, strict=True):
        part = rows[rows["reference"] == reference]
        numbers = part.set_index("name")[["difference", "low", "high"]]
        _draw_forest(panel, numbers.set_axis(["value", "low", "high"], axis=1))
        panel.set_title(reference)
        panel.set_xlabel(f"difference in {LABELS[part['score'].iloc[0]]}")
    return figure


def _draw_forest(axes: Axes, numbers: pd.DataFrame) -> None:
    """Draw values with their intervals, one a row from the top, and a line at zero."""
    places = np.arange(len(numbers))
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=0)
    axes.hlines(places, numbers["low"], numbers["high"], color=LINE, linewidth=1.4)
    axes.scatter(numbers["value"], places, s=16, color=INK, zorder=3)
    axes.set(yticks=places, yticklabels=numbers.index, ylim=(len(numbers) - 0.5, -0.5))
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)


@styled
def dendrogram(
    names: Sequence[str],
    linkage: np.ndarray | None,
    expression: str,
    start: Mapping[str, str] | None = None,
    support: np.ndarray | None = None,
) -> Figure:
    """Draw the average linkage of the networks' heatmaps on one expression.

    Parameters
    ----------
    names : of the leaves.
    linkage : (len(names) - 1, 4), SciPy's, on the distance 1 - r; not read unless
        there are two names.
    start : weights at start of each network, "random", "imagenet" or a file; colours the names.
    support : of each join, the share of bootstrap draws that have it.
    """
    supports = None if support is None else {expression: support}
    return dendrogram_sheet({expression: (names, linkage)}, start, supports)


@styled
def dendrogram_sheet(
    trees: Mapping[str, tuple[Sequence[str], np.ndarray | None]],
    start: Mapping[str, str] | None = None,
    support: Mapping[str, np.ndarray] | None = None,
) -> Figure:
    """Draw the dendrograms of several expressions on one scale; see ``dendrogram``."""
    columns = min(len(trees), 4 if len(trees) > 6 else 3)
    leaves = max(len(names) for names, _ in trees.values())
    rows = math.ceil(len(trees) / columns)
    figure, axes = sheet(rows, columns, 9.6 / max(columns, 3), 0.17 * max(leaves, 4) + 0.75)
    heights = [linkage[-1, 2] for names, linkage in trees.values() if len(names) > 1]
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
    linkage: np.ndarray | None,
    reach: float,
    start: Mapping[str, str],
    support: np.ndarray | None,
) -> None:
    if len(names) < 2:
        bare(axes)
        remark(axes, "fewer than two heatmaps to compare")
        return
    # The colour of a link tells which join it is.
    tree = hierarchy.dendrogram(linkage, labels=list(names), no_plot=True, link_color_func=str)
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
    names, linkage = tree
    if linkage is None:
        return list(names)
    return [names[at] for at in hierarchy.leaves_list(linkage)]


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
