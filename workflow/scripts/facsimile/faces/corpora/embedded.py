"""Kind ``embedded``: faces drawn by the project itself, so that a study needs no download.

With ``units`` other than all, the corpus is a planted one: it is known where on the face the
expression can be read, and that it can be read nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from facsimile import EXPRESSIONS, seeds
from facsimile.errors import UserError, unknown
from facsimile.faces.corpora.records import Excluded, Picture, Record
from facsimile.faces.embedded import Sitting, sit
from facsimile.faces.embedded.actions import acting_elsewhere

ALL = "all"
"""Units of a corpus that is not planted: an expression shows all of its own."""


@dataclass(frozen=True)
class Series:
    """An embedded corpus as its settings describe it.

    ``action_units`` are what tells the expressions; ``others``, where given, the table of the
    units shown beside them without regard to the expression.
    """

    seed: int
    action_units: pd.DataFrame
    others: pd.DataFrame | None = None

    def sitting(self, source: str) -> Sitting:
        """Return the person before the camera of one source, ``identity/expression/take``."""
        identity, expression, take = source.split("/")
        return sit(
            int(identity), expression, int(take), self.seed, self.action_units, others=self.others
        )

    def picture(self, source: str) -> Picture:
        """Return the drawn face; what it shows goes with it to ``faces.csv``."""
        face = self.sitting(source).picture()
        shown = " ".join(f"{unit}={intensity:.3f}" for unit, intensity in face.units.items())
        return Picture(face.image, face.landmarks, {"action_units": shown})


def shown_by(source: str) -> str:
    """Return the expression that a source shows, whatever its label says."""
    return source.split("/")[1]


def series(
    seed: int,
    action_units: str | Path,
    units: str = ALL,
    nuisance: str = "neutral",
    planted_units: str | Path | None = None,
) -> Series:
    """Return the corpus that settings and tables describe; see `records`."""
    table = pd.read_csv(action_units)
    if units == ALL:
        chosen = table
    else:
        planted = pd.read_csv(planted_units)
        chosen = planted[planted["planting"] == units]
        if chosen.empty:
            raise unknown("planting", units, {ALL, *planted["planting"]}, "units")
    if nuisance == "neutral":
        return Series(seed, chosen)
    if not acting_elsewhere(set(table["unit"]), set(chosen["unit"])):
        raise UserError(
            f"An embedded corpus with units: {units} uses the whole face and leaves no part of it "
            "to nuisance: random. Choose nuisance: neutral, or a planting that leaves some."
        )
    return Series(seed, chosen, table)


def records(
    identities: int,
    per_expression: int,
    seed: int,
    action_units: str | Path,
    shuffle_labels: bool = False,
    **planting,
) -> Iterator[Record | Excluded]:
    """Yield ``per_expression`` drawn faces of each expression, shared out over the identities.

    Parameters
    ----------
    identities : how many different people are drawn.
    per_expression : faces of each expression; the n-th is of identity n modulo ``identities``.
    seed : of all that is drawn.
    action_units : path of the table that makes expressions of action units.
    shuffle_labels : permute the expressions of the six faces of a person's take, so that they
        tell nothing of what is shown, and each person still has as many of each.
    planting : the other arguments of `series`. ``units`` are all of the table, or a planting in
        the table ``planted_units``: only its units tell the expression. ``nuisance`` is what the
        rest of a planted face shows: nothing (neutral), or that of an expression drawn at random.
    """
    if per_expression < identities:
        raise UserError(
            f"An embedded corpus of {identities} identities needs per_expression of at least "
            f"{identities}, found {per_expression}: raise it or draw fewer identities."
        )
    drawn = series(seed, action_units, **planting)
    for number in range(per_expression):
        take, identity = divmod(number, identities)
        names = list(EXPRESSIONS)
        if shuffle_labels:
            seeds.generator(seed, "labels", identity, take).shuffle(names)
        for expression, label in zip(EXPRESSIONS, names, strict=True):
            source = f"{identity:03d}/{expression}/{take}"
            yield Record(source, f"{identity:03d}", label, partial(drawn.picture, source))
