"""Figures of agreement: scores of all cells, specificity, and differences."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from facsimile.measure.scores import scores
from facsimile.measure.table import ALL
from facsimile.show.charts import COLOURS, LINE, MARKERS, draw_forest, draw_table, told
from facsimile.show.pairs import against_chance
from facsimile.show.style import INK, MUTED, RULE, bare, remark, sheet, styled
from facsimile.show.tables import in_order, label_of, main_score, wide
from facsimile.show.wording import ARROWS

SHOWN = ("iou", "auroc", "pearson", "nss")
"""Scores that figures show, those of regions and those of densities."""


@styled
def agreement_plot(agreement: pd.DataFrame, overall: pd.DataFrame, first: str) -> Figure:
    """Draw the score shown first of each network, best mean first: as dots, and as a table.

    Lines stand at the mean levels of networks that know nothing and of the best rivals; arrows mark
    cells that differ from chance, q below .05.

    Parameters
    ----------
    agreement, overall : the tidy tables of one explainer and one reference.
    first : the primary score.
    """
    score = main_score(agreement, first)
    rows = agreement[agreement["score"] == score]
    table = wide(agreement, score).sort_values("mean", ascending=False, kind="stable")
    figure = Figure(figsize=(9.6, 0.24 * len(table) + 1.3), layout="constrained")
    dots, numbers = figure.subplots(1, 2, width_ratios=[1.15, 1])
    places = np.arange(len(table)) + 0.5
    for expression in table.columns[:-1]:
        style = {"marker": MARKERS[expression], "color": COLOURS[expression], "alpha": 0.85}
        dots.scatter(table[expression], places, s=20, linewidths=0, label=expression, **style)
    dots.scatter(table["mean"], places, marker="|", s=150, color=INK, label="mean", zorder=3)
    means = overall[overall["score"] == score].set_index("network").reindex(table.index)
    bounds = means[["low", "high"]].where(table["mean"].notna(), np.nan)
    dots.hlines(places, bounds["low"], bounds["high"], color=INK, linewidth=1, zorder=2)
    values = table.fillna(0).to_numpy(float)
    lowest, highest = min(0.0, values.min()), max(0.5, values.max())
    levels = rows.dropna(subset="value")[list(LEVELS)].mean()
    dots.set(xlabel=label_of(score), yticks=places, yticklabels=table.index, ylim=(len(table), 0))
    dots.set_xlim(1.06 * np.fmin(lowest, levels.min()), 1.06 * np.fmax(highest, levels.max()))
    _mark_levels(dots, rows.dropna(subset="value"))
    dots.grid(axis="x")
    dots.set_axisbelow(True)
    dots.hlines(places, lowest, 1, color=RULE, linewidth=0.4, zorder=0)
    dots.tick_params(axis="y", length=0)
    dots.legend(loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=7, fontsize=7,
                columnspacing=0.8, handletextpad=0.1)  # fmt: skip
    draw_table(numbers, table, ".2f", vmin=lowest, vmax=highest)
    _mark_cells(numbers, table, rows, scores()[score].sign)
    numbers.tick_params(labelleft=False, labeltop=True, labelbottom=False, labelsize=7.5)
    numbers.axvline(len(table.columns) - 1, color="white", linewidth=4)
    return figure


LEVELS = {"untrained": ((4, 2), MUTED), "shuffled": ((2, 1), LINE), "rival": ((1, 1.5), "#b3541e")}
"""Dashes and colour of the line of each level."""


def _mark_levels(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the mean levels that values are held to as upright lines."""
    for name, (dashes, colour) in LEVELS.items():
        level = rows[name].mean()
        if np.isfinite(level):
            axes.axvline(level, color=colour, linewidth=1, dashes=dashes, zorder=1)
            axes.text(level, 0, f" {name}", transform=axes.get_xaxis_transform(), rotation=90,
                      va="bottom", ha="right", fontsize=6.5, color=colour)  # fmt: skip


def _mark_cells(axes: Axes, table: pd.DataFrame, rows: pd.DataFrame, sign: int) -> None:
    """Put an arrow behind the numbers of cells that differ from chance."""
    numbers = {text.get_position(): text for text in axes.texts}
    columns, lines = list(table.columns), list(table.index)
    for _, row in rows.iterrows():
        arrow = ARROWS.get(against_chance(row, sign))
        if arrow:
            place = columns.index(row["expression"]) + 0.5, lines.index(row["network"]) + 0.5
            numbers[place].set_text(f"{numbers[place].get_text()}{arrow}")


@styled
def specificity_plot(specificity: pd.DataFrame, cross_expression: pd.DataFrame) -> Figure:
    """Draw heatmaps against all expressions' references, and how each network tells them apart.

    The last row is of maps and references less what all expressions share.

    Parameters
    ----------
    specificity, cross_expression : the tidy tables of one explainer and one reference.
    """
    shown = [name for name in SHOWN if name in set(cross_expression["score"])]
    networks = specificity["network"].nunique()
    last = 0.2 * networks + 1
    heights = [*[max(2.7, last)] * len(shown), last]
    figure = Figure(figsize=(9.6, sum(heights)), layout="constrained")
    panels = figure.subplots(
        len(heights), 2, squeeze=False, width_ratios=[1, 1.3], height_ratios=heights
    )
    for (matrix, forest), score in zip(panels, shown, strict=False):
        _draw_matrix(matrix, cross_expression[cross_expression["score"] == score], score)
        rows = specificity[specificity["common_face"] == "kept"]
        _draw_own(forest, rows[rows["score"] == score])
        forest.set_title(f"{label_of(score)}: own less other expressions' reference", loc="left")
    note, forest = panels[-1]
    bare(note)
    remark(note, "the mean over expressions is taken\nout of each network's maps\n"
           "and of the references")  # fmt: skip
    _draw_own(forest, specificity[specificity["common_face"] == "removed"])
    forest.set_title("Pearson's r, common face removed: the same", loc="left")
    return figure


def _draw_matrix(axes: Axes, rows: pd.DataFrame, score: str) -> None:
    """Draw heatmaps of each expression against the references of all; own pairs are framed."""
    pairs = rows.set_index(["heatmap", "drawn_for"])["value"]
    table = pairs.unstack()  # noqa: PD010 (a pair given twice must be an error, not averaged)
    table = table.reindex(index=in_order(table.index), columns=in_order(table.columns))
    low, high = np.nanmin(table.to_numpy(float)), np.nanmax(table.to_numpy(float))
    draw_table(axes, table, ".2f", vmin=low - 0.4 * (high - low), vmax=high)
    axes.set(ylabel="heatmaps of", xlabel="reference of")
    axes.set_title(f"{label_of(score)}, mean over networks", loc="left")
    axes.tick_params(axis="x", rotation=30)
    for place in range(len(table)):
        frame = Rectangle((place, place), 1, 1, fill=False, edgecolor=INK, linewidth=1.2)
        axes.add_patch(frame)


def _draw_own(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the specificity of each network and of all."""
    numbers = rows.set_index("network")[["specificity", "specificity_low", "specificity_high"]]
    numbers = numbers.set_axis(["value", "low", "high"], axis=1)
    draw_forest(axes, numbers.assign(told=told(rows).to_numpy()))


@styled
def pretraining_plot(pretraining: pd.DataFrame, first: str) -> Figure:
    """Draw the differences between pre-trained networks and others, one panel a reference.

    Parameters
    ----------
    pretraining : the tidy table of one explainer.
    first : the primary score.
    """
    if pretraining.empty:
        return nothing("all start alike, as far as is known: pre-training cannot be compared")
    paired = pretraining["comparison"] == "twins"
    rows = pretraining[paired] if paired.any() else pretraining
    names = rows["pretrained"] + " less " + rows["scratch"] + ", " + rows["expression"]
    return _forests(rows.assign(name=names if paired.any() else rows["expression"]), first)


@styled
def contrasts_plot(contrasts: pd.DataFrame, first: str) -> Figure:
    """Draw the differences between explainers, mean over expressions, one panel a reference.

    Parameters
    ----------
    contrasts : the tidy table.
    first : the primary score.
    """
    rows = contrasts[contrasts["expression"] == ALL]
    if rows.empty:
        return nothing("one explainer only: there is nothing to compare it with")
    names = rows["one"] + " less " + rows["other"] + ", " + rows["network"]
    return _forests(rows.assign(name=names), first)


def nothing(why: str) -> Figure:
    """Return a figure that says why it is empty."""
    figure, axes = sheet(1, 1, 5, 0.8)
    bare(axes[0, 0])
    remark(axes[0, 0], why)
    return figure


def _forests(rows: pd.DataFrame, first: str) -> Figure:
    """Draw differences, a panel a reference, in the score that is shown first of it."""
    references = list(rows["reference"].unique())
    lines = list(rows["name"].unique())
    height = 0.17 * len(lines) + 1
    figure = Figure(figsize=(min(9.6, 3.2 * len(references) + 1), height), layout="constrained")
    axes = figure.subplots(1, len(references), squeeze=False, sharey=True)[0]
    for panel, reference in zip(axes, references, strict=True):
        part = rows[rows["reference"] == reference]
        score = main_score(part, first)
        part = part[part["score"] == score].set_index("name").reindex(lines)
        numbers = part.assign(told=told(part)).rename(columns={"difference": "value"})
        draw_forest(panel, numbers)
        panel.set_title(reference)
        panel.set_xlabel(f"difference in {label_of(score)}")
    return figure
