"""Kind ``embedded``: faces drawn by the project itself, so that a study needs no download."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.corpora.records import Excluded, Picture, Record
from facsimile.faces.embedded import draw


def records(
    identities: int, per_expression: int, seed: int, action_units: str | Path
) -> Iterator[Record | Excluded]:
    """Yield ``per_expression`` drawn faces of each expression, shared out over the identities.

    Parameters
    ----------
    identities : how many different people are drawn.
    per_expression : faces of each expression; the n-th is of identity n modulo ``identities``.
    seed : of all that is drawn.
    action_units : path of the table that makes expressions of action units.
    """
    if per_expression < identities:
        raise UserError(
            f"An embedded corpus of {identities} identities needs per_expression of at least "
            f"{identities}, found {per_expression}: raise it or draw fewer identities."
        )
    units = pd.read_csv(action_units)
    for number in range(per_expression):
        take, identity = divmod(number, identities)
        for expression in EXPRESSIONS:
            yield Record(
                source=f"{identity:03d}/{expression}/{take}",
                subject=f"{identity:03d}",
                expression=expression,
                load=partial(_load, identity, expression, take, seed, units),
            )


def _load(identity: int, expression: str, take: int, seed: int, units: pd.DataFrame) -> Picture:
    face = draw(identity, expression, take, seed, units)
    shown = " ".join(f"{unit}={intensity:.2f}" for unit, intensity in face.units.items())
    return Picture(face.image, face.landmarks, {"action_units": shown})
