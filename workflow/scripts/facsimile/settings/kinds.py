"""What rows are made of: for each map of a configuration, where the kinds of its rows are found."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from facsimile import plugins
from facsimile.errors import unknown


@dataclass(frozen=True)
class Kinds:
    """A folder of plugins, found by name.

    Attributes
    ----------
    package, base : the folder, and the class that its plugins derive from.
    key : by which a row names one.
    what : the word for one, in errors.
    meaning : of the key, for its readers.
    default : the one that rows mean which name none.
    by_name : whether rows that name none mean the one that they are called after.
    """

    package: str
    base: str
    key: str
    what: str
    meaning: str
    default: str | None = None
    by_name: bool = False

    @property
    def names(self) -> list[str]:
        """All that a row may name."""
        return plugins.names(self.package)

    def require(self, name: Any, place: str) -> None:
        """Refuse a name that is none of them: the place, the nearest name and all names."""
        require(name, self.names, self.what, place)

    def load(self, name: Any, place: str = "") -> Any:
        """Return the class of that name, or refuse it as `require` does."""
        self.require(name, place)
        base = getattr(import_module(self.package), self.base)
        return plugins.load(self.package, name, base, self.what)

    def doc(self, name: str) -> str:
        """Return what the file of that name says of itself."""
        return import_module(f"{self.package}.{name}").__doc__ or ""


def require(name: Any, allowed: Iterable[str], what: str, place: str) -> None:
    """Refuse a name that is not among the allowed ones, with the nearest of these."""
    if name not in (allowed := list(allowed)):
        raise unknown(what, name, allowed, place)


CORPORA = Kinds(
    "facsimile.faces.corpora",
    "Corpus",
    "kind",
    "kind of corpus",
    "How the corpus lies on disk; docs/corpora.md has a section on each.",
)
SUPERPIXELS = Kinds(
    "facsimile.explain.superpixels",
    "Superpixels",
    "kind",
    "kind of superpixels",
    "How faces are cut, by default slic; docs/explainers.md says more.",
    default="slic",
)
METHODS = Kinds(
    "facsimile.explain.methods",
    "Method",
    "method",
    "method",
    "How predictions are explained, by default the row's own name; docs/explainers.md says more.",
    by_name=True,
)
BASELINES = Kinds(
    "facsimile.explain.baselines",
    "Baseline",
    "kind",
    "baseline",
    "What is seen where parts of a face are hidden, by default the row's own name; "
    "docs/explainers.md says more.",
    by_name=True,
)
REFERENCES = Kinds(
    "facsimile.atlas.references",
    "ReferenceKind",
    "kind",
    "kind of reference",
    "What it is made from; docs/references.md says more.",
)
