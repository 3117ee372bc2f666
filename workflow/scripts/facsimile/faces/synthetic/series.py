"""Synthetic corpora: who shows what, in every face of a study."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from facsimile.errors import UserError, unknown
from facsimile.faces.records import Picture
from facsimile.faces.synthetic.actions import acting_elsewhere
from facsimile.faces.synthetic.drawing import Sitting, sit

ALL = "all"
"""Units of a corpus that is not planted: an expression shows all of its own."""


@dataclass(frozen=True)
class Series:
    """A synthetic corpus as its settings describe it.

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


def series(
    seed: int,
    action_units: str | Path,
    units: str = ALL,
    nuisance: str = "neutral",
    planted_units: str | Path = "",
) -> Series:
    """Return the corpus that settings and tables describe.

    Parameters
    ----------
    seed : of all that is drawn.
    action_units : path of the table that makes expressions of action units.
    units : all of that table, or a planting in the table ``planted_units``: only its units tell
        the expression.
    nuisance : what the rest of a planted face shows: nothing (``neutral``), or that of an
        expression drawn at random (``random``).

    Raises
    ------
    UserError
        If the planting is unknown, or leaves no part of the face to nuisance.
    """
    table = pd.read_csv(action_units)
    chosen = table if units == ALL else _planting(units, planted_units)
    if nuisance == "neutral":
        return Series(seed, chosen)
    if not acting_elsewhere(set(table["unit"]), set(chosen["unit"])):
        raise UserError(
            f"A synthetic corpus with units: {units} uses the whole face and leaves no part of it "
            "to nuisance: random. Choose nuisance: neutral, or a planting that leaves some."
        )
    return Series(seed, chosen, table)


def _planting(units: str, path: str | Path) -> pd.DataFrame:
    """Return the rows of one planting."""
    planted = pd.read_csv(path)
    chosen = planted[planted["planting"] == units]
    if chosen.empty:
        raise unknown("planting", units, {ALL, *planted["planting"]}, "units")
    return chosen
