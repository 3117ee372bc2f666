"""What finished networks do when faces are shown to them otherwise than their rows say."""

from collections.abc import Mapping

import pandas as pd

from facsimile.show.wording import number, ranged

RECIPE = ("crop", "colour", "scaling", "classes")
OWN = "as given"
"""What a table of tries calls the order of classes that the row has."""


COLUMNS = ("as its row says", "balanced accuracy", "best otherwise", "its balanced accuracy",
           "better by", "clearly better")  # fmt: skip

MUTE = "cannot be judged: too few faces of known label"


def audit_cells(audits: Mapping[tuple[str, str], pd.DataFrame]) -> pd.DataFrame | None:
    """Return as text how each network did as its row says, and otherwise at best.

    Parameters
    ----------
    audits : network and corpus to the tries, as ``networks.audit`` has them.

    Returns
    -------
    A row a network and corpus; None without any. Where nothing could be judged, it says so.
    """
    if not audits:
        return None
    rows = {f"{network}, {corpus}": _cells(tries) for (network, corpus), tries in audits.items()}
    return pd.DataFrame(rows).T


def _cells(tries: pd.DataFrame) -> dict[str, str]:
    own, others = tries.head(1), tries.iloc[1:]
    best = others.sort_values("difference", ascending=False, kind="stable").head(1)
    none = number(float("nan"))
    if tries.empty:
        return {"as its row says": MUTE} | dict.fromkeys(COLUMNS[1:], none)
    bounds = best[["difference", "low", "high"]].to_numpy(float)
    cells = (
        _told(own),
        number(own["balanced_accuracy"].max()),
        _told(best),
        number(best["balanced_accuracy"].max()),
        ranged(*bounds[0], sign="+"),
        f"{int(others['clear'].astype(bool).sum())} of {len(others)} tries",
    )
    return dict(zip(COLUMNS, cells, strict=True))


def _told(tried: pd.DataFrame) -> str:
    """Return the recipe of the first of some tries in words."""
    crop, colour, scaling, classes = tried.iloc[0][list(RECIPE)].astype(str)
    cut = crop if crop == "aligned" else f"box with a margin of {crop}"
    order = "" if classes == OWN else f", classes in the order of {classes}"
    return f"{cut}, {colour}, {scaling}{order}"
