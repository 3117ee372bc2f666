"""What the figures of numbers share: labels of scores, colours, tables and forests."""

import matplotlib
import numpy as np
import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from facsimile import EXPRESSIONS
from facsimile.show.style import INK, MUTED
from facsimile.show.wording import LEVEL

COLOURS = dict(zip(EXPRESSIONS, seaborn.color_palette("colorblind", 6).as_hex(), strict=True))
MARKERS = dict(zip(EXPRESSIONS, "oDs^vP", strict=True))
LINE = "#1f5f8b"
SEQUENTIAL = ListedColormap(matplotlib.colormaps["Blues"](np.linspace(0, 0.92, 256)))


def draw_table(axes: Axes, table: pd.DataFrame, digits: str, **options: object) -> None:
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


def draw_forest(axes: Axes, numbers: pd.DataFrame) -> None:
    """Draw values with their intervals, one a row from the top, and a line at zero.

    Parameters
    ----------
    numbers : columns value, low, high, and told: whether a test found a difference from zero,
        which is drawn as a full dot, others as rings.
    """
    places = np.arange(len(numbers))
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=0)
    axes.hlines(places, numbers["low"], numbers["high"], color=LINE, linewidth=1.4)
    faces = np.where(numbers["told"], INK, "white")
    axes.scatter(numbers["value"], places, s=16, c=faces, edgecolors=INK, linewidths=0.8, zorder=3)
    axes.set(yticks=places, yticklabels=numbers.index, ylim=(len(numbers) - 0.5, -0.5))
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)


def told(rows: pd.DataFrame) -> pd.Series:
    """Return whether the test of each row, with columns q and p_min, found anything."""
    return (rows["q"] < LEVEL) & ~(rows["p_min"] > LEVEL)
