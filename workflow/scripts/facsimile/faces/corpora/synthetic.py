"""Kind ``synthetic``: faces drawn by the project itself, so that a study needs no download.

With ``units`` other than all, the corpus is a planted one: it is known where on the face the
expression can be read, and that it can be read nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.corpora import NO_TABLES, Corpus, Tables
from facsimile.faces.labels import NEUTRAL
from facsimile.faces.records import Excluded, Record
from facsimile.options import option

if TYPE_CHECKING:
    from facsimile.faces.synthetic.series import Series


def shown_by(source: str) -> str:
    """Return the expression that a source shows, whatever its label says."""
    return source.split("/")[1]


@dataclass(frozen=True, kw_only=True)
class Synthetic(Corpus):
    """Faces drawn of action units, shared out over identities."""

    LAYOUT = "nothing: its faces are drawn"
    HAS_EVIDENCE = True

    identities: int = option("Different people drawn.", 40, ge=1)
    per_expression: int = option(
        "Faces of each expression, shared out over the identities.", 40, ge=1
    )
    seed: int = option("Of all that is drawn.", 1, ge=0)
    units: Literal["all", "mouth", "brows", "apart"] = option(
        "Action units that tell the expression: all that belong to it, or only those of a planting "
        "in resources/planted_units.csv, so that it is known where the evidence lies: in the "
        "mouth, in brows and eyes, or for each expression in a place apart.",
        "all",
    )
    nuisance: Literal["neutral", "random"] = option(
        "What the rest of a planted face shows: nothing, or the units of an expression drawn at "
        "random, without regard to its own. With mouth or brows only.",
        "neutral",
    )
    shuffle_labels: bool = option(
        "Shuffle the expressions among the six faces of a person's take, so that nothing tells "
        "them: a negative control.",
        False,
    )

    def __post_init__(self):
        if self.per_expression < self.identities:
            raise UserError(
                f"A synthetic corpus of {self.identities} identities needs per_expression of at "
                f"least {self.identities}, found {self.per_expression}: raise it or draw fewer "
                "identities."
            )

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables of action units that it is drawn by."""
        return ("action_units",) if self.units == "all" else ("action_units", "planted_units")

    def series(self, tables: Tables) -> "Series":
        """Return what gives the person before the camera of each source.

        Raises
        ------
        UserError
            If the planting is not in the table, or leaves no part of the face to nuisance.
        """
        from facsimile.faces.synthetic.series import series

        return series(self.seed, units=self.units, nuisance=self.nuisance, **tables)

    def records(self, tables: Tables = NO_TABLES) -> Iterator[Record | Excluded]:
        """Yield ``per_expression`` drawn faces of each expression.

        The n-th is of identity n modulo ``identities``. Shuffled labels permute the expressions of
        the six faces of a person's take: each person still has as many of each.
        """
        from facsimile import seeds

        drawn = self.series(tables)
        for number in range(self.per_expression):
            take, identity = divmod(number, self.identities)
            names = list(EXPRESSIONS)
            if self.shuffle_labels:
                seeds.generator(self.seed, "labels", identity, take).shuffle(names)
            for expression, label in zip(EXPRESSIONS, names, strict=True):
                source = f"{identity:03d}/{expression}/{take}"
                yield Record(source, f"{identity:03d}", label, partial(drawn.picture, source))

    def neutrals(self, tables: Tables = NO_TABLES) -> Iterator[Record]:
        """Yield another picture of each person, who shows nothing: in other light and pose."""
        drawn = self.series(tables)
        for identity in range(self.identities):
            source = f"{identity:03d}/{NEUTRAL}/0"
            yield Record(source, f"{identity:03d}", NEUTRAL, partial(drawn.picture, source))
