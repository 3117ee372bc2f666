"""What a list says of images, and where it contradicts itself."""

from collections.abc import Mapping


class Listing:
    """Images with what a list says of each, as it is read.

    Where two rows of an image say different things, nobody knows which is right: neither is taken.
    """

    def __init__(self) -> None:
        self._said: dict[str, tuple] = {}
        self._objections: dict[str, str] = {}

    def add(self, image: str, said: Mapping[str, object]) -> None:
        """Note what a row says of an image: the same things, in the same order, for all rows."""
        known = self._said.setdefault(image, tuple(said.values()))
        other = [key for key, one in zip(said, known, strict=True) if said[key] != one]
        if other:
            self._objections.setdefault(image, f"listed again with another {other[0]}")

    def objection(self, image: str) -> str | None:
        """Return why an image is left out, if the list contradicts itself."""
        return self._objections.get(image)
