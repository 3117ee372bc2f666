"""Figures of training and of classification."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from facsimile import EXPRESSIONS
from facsimile.show.charts import LINE, draw_table
from facsimile.show.style import sheet, styled


@styled
def training_curves(history: pd.DataFrame) -> Figure:
    """Draw loss and accuracy on the training faces over epochs, one thin line a training.

    Parameters
    ----------
    history : columns network, repeat, fold, epoch, loss, accuracy.
    """
    networks = history["network"].unique()
    if not len(networks):
        figure, axes = sheet(1, 1, 3.0, 0.5)
        axes[0, 0].set_axis_off()
        axes[0, 0].text(0.5, 0.5, "no network of this study was trained", ha="center")
        return figure
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


def _draw_training(pair: np.ndarray, history: pd.DataFrame) -> None:
    for panel, score in zip(pair, ("accuracy", "loss"), strict=True):
        for _, fold in history.groupby(["repeat", "fold"]):
            panel.plot(fold["epoch"], fold[score], ".-", color=LINE, ms=3, lw=0.8, alpha=0.5)
        panel.grid(axis="y")
        panel.locator_params(axis="x", integer=True)
    pair[0].tick_params(labelbottom=False)
    pair[1].set_xlabel("epoch")


@styled
def confusion(predictions: pd.DataFrame) -> Figure:
    """Draw how each network's predictions spread, each row (a true expression) adding up to one.

    Parameters
    ----------
    predictions : columns network, expression, predicted; all folds and repeats together.
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
    draw_table(axes, shares, ".2f", vmin=0, vmax=1)
    axes.tick_params(axis="x", rotation=45)
