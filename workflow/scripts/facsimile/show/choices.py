"""The networks that stand for others on the first screen, and the figure of what they look at."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from facsimile.show.facts import Facts
from facsimile.show.learned import MARK
from facsimile.show.pairs import Pair
from facsimile.show.sheet import Sheet
from facsimile.show.wording import number, split


@dataclass(frozen=True)
class Choice:
    """A network that stands for others: which (``role``), its name, and its row of ``overall``."""

    role: str
    network: str
    row: pd.Series


def choices(pair: Pair) -> list[Choice]:
    """Return the most human, the typical and the least human network, as far as there are so many.

    Of networks that learned, where any did; the typical one is in the middle by value.
    """
    means = pair.singles
    means = means[means["value"].notna() & means["left_out"].map(split).map(len).eq(0)]
    learned = means[[MARK not in name for name in means.index]]
    ranked = (learned if len(learned) else means).sort_values(
        "value", ascending=pair.sign < 0, kind="stable"
    )
    if len(ranked) < 2:
        found = {"The network": 0} if len(ranked) else {}
    elif len(ranked) == 2:
        found = {"Most human": 0, "Least human": 1}
    else:
        found = {"Most human": 0, "Typical": (len(ranked) - 1) // 2 or 1, "Least human": -1}
    return [Choice(role, ranked.index[at], ranked.iloc[at]) for role, at in found.items()]


def figure(pair: Pair, sheet: Sheet, facts: Facts) -> dict[str, Any]:
    """Return the figure: what people look at, and below it what the chosen networks look at."""
    pictures, raw = sheet.pictures[pair.explainer], {sheet.mark(n): n for n in sheet.networks}
    rows: list[dict[str, Any]] = [
        {
            "role": "People",
            "name": f"after {pair.reference}",
            "value": "",
            "pictures": sheet.people[pair.reference],
        }
    ]
    for one in choices(pair):
        value = f"{pair.label} {number(one.row['value'], digits=2)}"
        pictured = pictures[raw[one.network]]
        rows.append({"role": one.role, "name": one.network, "value": value, "pictures": pictured})
    meaning = facts.references.get(pair.reference, "")
    below = "average face" if pair.explainer in facts.explainers else "outline of a face"
    return {
        "rows": rows,
        "expressions": sheet.expressions,
        "outlines": sheet.outlines[pair.reference],
        "caption": (
            f"First row: {meaning or f'the reference {pair.reference}.'}"
            + f" Below: heatmaps by {pair.explainer} on the {below}, each from 0 to its own "
            "maximum, with the same lines." * (len(rows) > 1)
        ),
    }
