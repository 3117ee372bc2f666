"""The figure of sensitivity: what is concluded under each combination of settings."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from facsimile.measure.sensitivity import WAY
from facsimile.measure.table import ALL
from facsimile.show.charts import LINE
from facsimile.show.learned import MARK
from facsimile.show.style import MUTED, RULE, styled
from facsimile.show.tables import label_of
from facsimile.show.wording import LEVEL


@styled
def conclusions_plot(table: pd.DataFrame) -> Figure:
    """Draw value and specificity under each setting: references down, a panel a score.

    Parameters
    ----------
    table : as ``measure.sensitivity.sensitivity_table`` returns; drawn are the rows of all networks
        together, with the interval of specificity, and the single networks' values, faint: dots, or
        crosses where a network did not learn.
    """
    blocks = [part for _, part in table.groupby(["reference", "score"], sort=False)]
    heights = [0.17 * (part["network"] == ALL).sum() + 0.75 for part in blocks]
    figure = Figure(figsize=(7.6, sum(heights)), layout="constrained")
    axes = figure.subplots(len(blocks), 2, squeeze=False, height_ratios=heights)
    for row, part in zip(axes, blocks, strict=True):
        _draw_block(row, part)
        reference, score = part.iloc[0][["reference", "score"]]
        row[0].set_title(f"{label_of(score)} with {reference}", loc="left")
        row[1].set_title("own less other expressions' references", loc="left")
    figure.supxlabel("rings: p of specificity is not under .05", fontsize=7.5, color=MUTED)
    return figure


def _draw_block(axes: tuple[Axes, Axes], part: pd.DataFrame) -> None:
    whole = [row for _, row in part[part["network"] == ALL].iterrows()]
    names = [name_of(row) for row in whole]
    for panel, column in zip(axes, ("value", "specificity"), strict=True):
        for at, row in enumerate(whole):
            own = part[(part[WAY] == row[WAY]).all(axis=1) & (part["network"] != ALL)]
            for marker, some in own.groupby(own["network"].str.contains(MARK)):
                panel.plot(some[column], [at] * len(some), "x" if marker else ".", color=LINE,
                           ms=3, alpha=0.35)  # fmt: skip
            face = LINE if row["p"] < LEVEL and not row["p_min"] > LEVEL else "white"
            if column == "specificity":
                panel.hlines(at, row["specificity_low"], row["specificity_high"], color=LINE, lw=1)
            panel.plot(row[column], at, "o", color=LINE, mfc=face, ms=4.5, mew=0.9)
        panel.set(ylim=(len(names) - 0.5, -0.5), yticks=range(len(names)))
        panel.grid(axis="x")
    axes[0].set_yticklabels(names, fontsize=6.5)
    axes[1].tick_params(labelleft=False)
    axes[1].axvline(0, color=RULE, lw=0.8)


def name_of(row: pd.Series) -> str:
    """Return a way to a conclusion in a few words: the explainer's settings and the threshold."""
    columns = list(row.index)
    settings = columns[columns.index("explainer") + 1 : columns.index("network")]
    words = [str(row[name]) for name in settings or ["explainer"] if pd.notna(row[name])]
    cut = {"none": [], "otsu": ["Otsu"]}.get(str(row["threshold"]))
    if cut is None:
        cut = [f"hottest {100 * (1 - float(row['threshold'])):.0f} %"]
    return ", ".join(words + cut)
