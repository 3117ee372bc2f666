"""How faces are shown to a network: the frame they are cut by, and their colours."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class View:
    """A way to show the faces of a corpus: the same faces, in the same order, cut otherwise.

    ``crop`` is ``aligned``, the study's own square, or a number: the detector's box, made square,
    with a margin on each side of that share of it. ``colour`` is grey or rgb.
    """

    crop: Literal["aligned"] | float = "aligned"
    colour: Literal["grey", "rgb"] = "grey"

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "View":
        """Return the view that a row of ``networks`` asks for; the study's own for one trained."""
        colour = row.get("colour", "grey")
        return cls(row.get("crop", "aligned"), "grey" if colour == "grey" else "rgb")

    @property
    def name(self) -> str:
        """Its name, as part of a path: nothing for the study's own."""
        if self == View():
            return ""
        crop = self.crop if self.crop == "aligned" else f"box{self.crop:g}"
        return f"/views/{crop}-{self.colour}"

    @property
    def settings(self) -> dict[str, Any]:
        """What it is made of, fit to be a parameter of jobs."""
        return asdict(self)
