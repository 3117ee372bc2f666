"""Figures of agreement: scores of all cells, specificity, and what pre-training adds."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from facsimile.measure.scores import scores
from facsimile.show.charts import COLOURS, MARKERS, draw_forest, draw_table
from facsimile.show.style import INK, MUTED, RULE, bare, remark, sheet, styled
from facsimile.show.tables import in_order, label_of, main_score, wide

SHOWN = ("iou", "auroc", "pearson", "nss")
"""Scores that figures show, those of regions and those of densities."""


@styled
def agreement_plot(agreement: pd.DataFrame) -> Figure:
    """Draw the main score of each network, best mean first: as dots, and as a table.

    Lines stand at the mean chance level and at the mean of the best rivals; a star marks cells
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
    values = table.fillna(0).to_numpy(float)
    lowest, highest = min(0.0, values.min()), max(0.5, values.max())
    dots.set(xlabel=label_of(score), yticks=places, yticklabels=table.index, ylim=(len(table), 0))
    dots.set_xlim(1.06 * lowest, 1.06 * highest)
    _mark_levels(dots, rows)
    dots.grid(axis="x")
    dots.set_axisbelow(True)
    dots.hlines(places, lowest, 1, color=RULE, linewidth=0.4, zorder=0)
    dots.tick_params(axis="y", length=0)
    dots.legend(loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=7, fontsize=7,
                columnspacing=0.8, handletextpad=0.1)  # fmt: skip
    draw_table(numbers, table, ".2f", vmin=lowest, vmax=highest)
    _mark_cells(numbers, table, rows)
    numbers.tick_params(labelleft=False, labeltop=True, labelbottom=False, labelsize=7.5)
    numbers.axvline(len(table.columns) - 1, color="white", linewidth=4)
    return figure


def _mark_levels(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the mean chance level and the mean of the best rivals as upright lines."""
    for name, dashes, colour in (("chance", (4, 2), MUTED), ("rival", (1, 1.5), "#b3541e")):
        level = rows[name].mean() if name in rows else np.nan
        if np.isfinite(level):
            axes.axvline(level, color=colour, linewidth=1, dashes=dashes, zorder=1)
            axes.text(level, 0, f" {name}", transform=axes.get_xaxis_transform(), rotation=90,
                      va="bottom", ha="right", fontsize=6.5, color=colour)  # fmt: skip


def _mark_cells(axes: Axes, table: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Put a star behind the numbers of cells that are surely above chance."""
    numbers = {text.get_position(): text for text in axes.texts}
    columns, lines = list(table.columns), list(table.index)
    for network, expression in rows.loc[rows["q"] < 0.05, ["network", "expression"]].to_numpy():
        number = numbers[columns.index(expression) + 0.5, lines.index(network) + 0.5]
        number.set_text(f"{number.get_text()}*")


@styled
def specificity_plot(specificity: pd.DataFrame, cross_expression: pd.DataFrame) -> Figure:
    """Draw heatmaps against all expressions' references, and how each network tells them apart.

    Parameters
    ----------
    specificity, cross_expression : the tidy tables of one explainer and one reference.
    """
    scores = [name for name in SHOWN if name in set(cross_expression["score"])]
    networks = specificity["network"].nunique()
    figure = Figure(figsize=(9.6, len(scores) * max(2.7, 0.2 * networks + 1)), layout="constrained")
    panels = figure.subplots(len(scores), 2, squeeze=False, width_ratios=[1, 1.3])
    for (matrix, forest), score in zip(panels, scores, strict=True):
        rows = cross_expression[cross_expression["score"] == score]
        pairs = rows.set_index(["heatmap", "drawn_for"])["value"]
        table = pairs.unstack()  # noqa: PD010 (a pair given twice must be an error, not averaged)
        table = table.reindex(index=in_order(table.index), columns=in_order(table.columns))
        low, high = np.nanmin(table.to_numpy(float)), np.nanmax(table.to_numpy(float))
        draw_table(matrix, table, ".2f", vmin=low - 0.4 * (high - low), vmax=high)
        matrix.set(ylabel="heatmaps of", xlabel="reference of")
        matrix.set_title(f"{label_of(score)}, mean over networks", loc="left")
        matrix.tick_params(axis="x", rotation=30)
        for place in range(len(table)):
            frame = Rectangle((place, place), 1, 1, fill=False, edgecolor=INK, linewidth=1.2)
            matrix.add_patch(frame)
        part = specificity[specificity["score"] == score].set_index("network")
        part = part[["specificity", "specificity_low", "specificity_high"]]
        draw_forest(forest, part.set_axis(["value", "low", "high"], axis=1))
        forest.set_title(f"{label_of(score)}: own less other expressions' reference", loc="left")
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
        remark(axes[0, 0], "all start alike, as far as is known: pre-training cannot be compared")
        return figure
    paired = pretraining["comparison"] == "twins"
    rows = pretraining[paired] if paired.any() else pretraining
    rows = rows[rows["score"].isin([name for name, score in scores().items() if score.main])]
    references = list(rows["reference"].unique())
    names = rows["pretrained"] + " less " + rows["scratch"] + ", " + rows["expression"]
    rows = rows.assign(name=names if paired.any() else rows["expression"])
    height = 0.17 * rows["name"].nunique() + 1
    figure = Figure(figsize=(min(9.6, 3.2 * len(references) + 1), height), layout="constrained")
    axes = figure.subplots(1, len(references), squeeze=False, sharey=True)[0]
    for panel, reference in zip(axes, references, strict=True):
        part = rows[rows["reference"] == reference]
        numbers = part.set_index("name")[["difference", "low", "high"]]
        draw_forest(panel, numbers.set_axis(["value", "low", "high"], axis=1))
        panel.set_title(reference)
        panel.set_xlabel(f"difference in {label_of(part['score'].iloc[0])}")
    return figure
