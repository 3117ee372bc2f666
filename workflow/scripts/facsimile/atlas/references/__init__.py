"""References, a file for each kind, which holds one subclass of `ReferenceKind`.

Found by name: add a file, and rows of that ``kind`` can be written. Planning a study imports these
files, so they are light: what reads or draws is imported inside their methods.
docs/references.md says what each is.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, get_type_hints

from facsimile.plugins import build, load

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Tables = Mapping[str, str | Path]
"""Names of the project's own tables and where they are."""

CEILING = ("expression", "between", "r", "reliability", "ceiling", "participants", "rows",
           "left_out")  # fmt: skip
"""Columns of the noise ceiling; `people.noise_ceiling` says what they are."""


class ReferenceKind(ABC):
    """A reference as its row of the configuration describes it.

    A kind is a frozen dataclass of keywords. Its fields are the options of the row; those that
    are annotated ``Path`` are places of the user's.

    Attributes
    ----------
    TABLES : the names of the project's own tables that it is drawn by.
    """

    TABLES: ClassVar[tuple[str, ...]] = ("canonical_landmarks",)

    @property
    @abstractmethod
    def words(self) -> str:
        """What it is, in a sentence that begins in lower case."""

    @abstractmethod
    def draw(self, tables: Tables) -> "dict[str, np.ndarray]":
        """Return the reference of each expression, (275, 224): bool regions, or float densities.

        Parameters
        ----------
        tables : the paths of ``TABLES``.

        Raises
        ------
        UserError
            If what it is made of is not there, or not as it should be.
        """

    def ceiling(self, tables: Tables, seed: int) -> "pd.DataFrame":
        """Return how well a measured reference agrees with itself; no row where none is known."""
        import pandas as pd

        return pd.DataFrame(columns=list(CEILING))

    def places(self) -> list[Path]:
        """Return the files of the user's that it is read from."""
        hints = get_type_hints(type(self))
        return [Path(getattr(self, name)) for name, kind in hints.items() if kind is Path]


def reference_of(row: Mapping) -> ReferenceKind:
    """Return the reference that a row of the configuration describes: its ``kind``, and options.

    Raises
    ------
    UserError
        If the kind is unknown.
    """
    return build(load(__name__, row["kind"], ReferenceKind, "kind of reference"), row)
