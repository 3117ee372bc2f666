"""May heatmaps be read: the figure of what that hangs on, and the words beside it."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from facsimile.explain.ways import AGAIN, MIRRORED, SHIFTED
from facsimile.measure.faith import ROLES
from facsimile.measure.sanity import OTHERS
from facsimile.show.charts import LINE
from facsimile.show.style import RULE, bare, remark, styled
from facsimile.show.wording import cells, ranged

LOSS = "#b5442e"
STYLES = {
    AGAIN: ("other draws", LINE, "o"),
    SHIFTED: ("moved by two pixels", LINE, ">"),
    MIRRORED: ("mirrored", LINE, "x"),
    OTHERS: ("other expressions", LOSS, "+"),
    "forgotten_top": ("top layer forgotten", LOSS, "1"),
    "forgotten_half": ("half the layers", LOSS, "s"),
    "forgotten_all": ("all layers", LOSS, "o"),
}
"""Label, colour and marker of r with the heatmap of the same faces, explained again."""

FILLS = dict(zip(ROLES, (LINE, "white"), strict=True))
"""Dots are of the row's own baseline, rings of the other."""


@styled
def faith_plot(faith: pd.DataFrame) -> Figure:
    """Draw how true the order of weights is, and how the heatmap changes.

    Parameters
    ----------
    faith : as ``measure.reading.faith_table`` returns.
    """
    figure = Figure(figsize=(8.6, 0.3 * max(len(faith), 1) + 1.2), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    if faith.empty:
        bare(left)
        bare(right)
        remark(left, "no face explained")
        return figure
    for role, shift in zip(ROLES, (-0.12, 0.12), strict=True):
        _draw(left, faith, f"faith_{role}", shift, "o", LINE, FILLS[role])
    left.axvline(0, color=RULE, lw=0.8)
    left.set(xlabel="insertion less deletion, share of range")
    for number, (way, (label, colour, marker)) in enumerate(STYLES.items()):
        fill = colour if way != "forgotten_half" else "white"
        _draw(right, faith, way, 0.09 * (number - 3), marker, colour, fill, label)
    right.set(xlabel="r with the heatmap, explained again", xlim=(None, 1.02))
    figure.legend(loc="outside upper right", ncols=7, fontsize=6.5, columnspacing=0.8,
                  handletextpad=0.2)  # fmt: skip
    names = [f"{row.network} ({row.explainer}): {row.read}" for row in faith.itertuples()]
    left.set(ylim=(len(names) - 0.5, -0.5), yticks=range(len(names)), yticklabels=names)
    for panel in (left, right):
        panel.grid(axis="x")
        panel.tick_params(axis="y", length=0)
    return figure


def _draw(
    panel: Axes,
    table: pd.DataFrame,
    column: str,
    shift: float,
    marker: str,
    colour: str,
    fill: str,
    label: str | None = None,
) -> None:
    places = [at + shift for at in range(len(table))]
    ends = table[f"{column}_low"], table[f"{column}_high"]
    panel.hlines(places, *ends, color=colour, lw=0.7, alpha=0.6)
    panel.plot(table[column], places, marker, color=colour, mfc=fill, ms=3.6, mew=0.9, label=label)


def faith_cells(faith: pd.DataFrame) -> pd.DataFrame:
    """Return what the page says of each network and explainer, as text."""
    rows = {}
    for _, row in faith.iterrows():
        own = row[["range_own", "range_own_low", "range_own_high"]]
        rows[f"{row['network']} ({row['explainer']})"] = {
            "may be read": row["read"],
            "because": row["reason"],
            "range of answers": ranged(*own),
            "r among trainings": row["trainings"],
            "r with untrained networks": row["untrained"],
            "faces followed": row["n_followed"],
            "explained again": row["n_again"],
        }
    return cells(pd.DataFrame.from_dict(rows, orient="index"))
