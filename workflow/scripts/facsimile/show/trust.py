"""The figure of trust: how well surrogates fit, and how stable they are."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from facsimile.show.charts import COLOURS, MARKERS
from facsimile.show.style import bare, remark, styled


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
