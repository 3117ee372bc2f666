"""One look for all figures, and saving them to the same bytes every time."""

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from facsimile import files
from facsimile.errors import unknown

INK, MUTED, RULE = "#1a1a1a", "#6b6b6b", "#d9d9d9"

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "grid.color": RULE,
    "grid.linewidth": 0.5,
    "legend.frameon": False,
    "figure.dpi": 100,
    "pdf.fonttype": 42,
    "svg.hashsalt": "facsimile",
}

# Writers put the date and their own version into a file unless told not to.
METADATA = {
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    ".svg": {"Date": None, "Creator": None},
}

styled = matplotlib.rc_context(STYLE)
"""Decorator of functions that draw: the house style inside, nothing changed outside."""


@styled
def save(figure: Figure, *paths: str | Path) -> None:
    """Write a figure to each path as its suffix says: PNG at 160 dpi, PDF or SVG.

    Raises
    ------
    UserError
        If a suffix is none of these.
    """
    # Each drawing may move a constrained layout a little: settle it once, for all formats.
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for path in map(Path, paths):
        if path.suffix not in METADATA:
            raise unknown("figure format", path.suffix, METADATA)
        with files.atomic(path) as draft:
            figure.savefig(draft, dpi=160, metadata=METADATA[path.suffix])


def sheet(rows: int, columns: int, width: float, height: float) -> tuple[Figure, np.ndarray]:
    """Return a figure and its (rows, columns) axes, each ``width`` by ``height`` inches."""
    figure = Figure(figsize=(columns * width, rows * height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False)


def bare(axes: Axes) -> None:
    """Remove ticks and frame: what is drawn here is a picture."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def remark(axes: Axes, text: str) -> None:
    """Say in the middle of a panel why there is nothing in it."""
    axes.text(0.5, 0.5, text, transform=axes.transAxes, style="italic", ha="center", va="center",
              color=MUTED, fontsize=7)  # fmt: skip
