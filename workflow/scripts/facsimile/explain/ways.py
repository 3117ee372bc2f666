"""The ways in which faces are explained again, by name; known without a network."""

from facsimile import EXPRESSIONS

AS_BEFORE = "before"
AGAIN, SHIFTED, MIRRORED = "again", "shifted", "mirrored"
"""With other draws; and, besides, of faces moved to the side, or of their mirror images."""

FORGOTTEN = {"forgotten_top": 0.0, "forgotten_half": 0.5, "forgotten_all": 1.0}
"""With other draws, of networks that have forgotten this share of their layers from the top."""

OTHER = tuple(f"other_{number}" for number in range(1, len(EXPRESSIONS)))
"""What was said before, as it speaks for the first, second, ... other expression."""
