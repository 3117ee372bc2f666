"""The figures of a study, from one list: what each shows, where it lies, what it is drawn from.

A kind of figure is a file of ``show.figures``, found by its name. Its path, caption, category and
label serve the rules that draw it, the study's page and Snakemake's own report. Whoever plans a
study imports these files, so they import what draws inside ``draw`` alone.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from string import Formatter
from typing import TYPE_CHECKING, Any, ClassVar

from facsimile import plugins
from facsimile.errors import unknown
from facsimile.files import keyed

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.figure import Figure

    from facsimile.show.facts import Facts

PACKAGE = "facsimile.show.figures"
STAGES = ("faces", "networks", "explanations", "steps", "faith", "heatmaps", "references",
          "agreement", "likeness", "sensitivity", "validation")  # fmt: skip
"""What figures are drawn of, one job each, in the order of the study."""


Key = Mapping[str, str]
"""Which of its kind a figure is: such as ``{"explainer": "lime", "reference": "ekman"}``."""


class Inputs:
    """The files that figures are drawn from, by name; read when asked for.

    Parameters
    ----------
    paths : name to a path or to several.
    given : what no file says, such as a seed.
    """

    def __init__(
        self, paths: Mapping[str, str | Sequence[str]], given: Mapping[str, Any] | None = None
    ) -> None:
        self.given = given or {}
        self._paths = {
            name: [some] if isinstance(some, str) else list(some) for name, some in paths.items()
        }

    def paths(self, name: str) -> list[str]:
        """Return all paths of a name."""
        return self._paths[name]

    def table(self, name: str, **wanted: str) -> "pd.DataFrame":
        """Return the CSVs of a name, one under the other; of these, the rows with such values."""
        import pandas as pd

        from facsimile import tables

        table = pd.concat(map(tables.read, self._paths[name]), ignore_index=True)
        for column, value in wanted.items():
            table = table[table[column] == value]
        return table

    def table_if_any(self, name: str) -> "pd.DataFrame | None":
        """Return the table of a name, or None where a study has no such file."""
        return self.table(name) if self._paths[name] else None

    def tables(self, name: str, pattern: str) -> dict[Any, "pd.DataFrame"]:
        """Return the CSVs of a name by the keys in their paths, as ``files.keyed`` finds them."""
        from facsimile import tables

        return {key: tables.read(path) for key, path in keyed(self._paths[name], pattern).items()}

    def array(self, name: str) -> "np.ndarray":
        """Return the one array of a name."""
        import numpy as np

        (path,) = self._paths[name]
        return np.load(path)

    def arrays(self, name: str, pattern: str, **wanted: str) -> dict[Any, "np.ndarray"]:
        """Return the arrays of a name by the keys in their paths, as ``files.keyed`` finds them.

        Parameters
        ----------
        wanted : the values of some keys: other arrays are left out, and these keys dropped.
        """
        import numpy as np

        names = [key for _, key, _, _ in Formatter().parse(pattern) if key]
        found = {}
        for values, path in keyed(self._paths[name], pattern).items():
            key = dict(zip(names, [values] if isinstance(values, str) else values, strict=True))
            if wanted.items() <= key.items():
                rest = tuple(value for one, value in key.items() if one not in wanted)
                found[rest[0] if len(rest) == 1 else rest] = np.load(path)
        return found


class FigureKind(ABC):
    """A kind of figure, of which a study has one, or one for each explainer or reference."""

    stage: ClassVar[str]
    """One of ``STAGES``: with which others it is drawn."""
    section: ClassVar[str]
    """Section of the page that shows it; empty if none does."""
    order: ClassVar[int]
    """Its place among the others of its section or stage."""
    path: ClassVar[str]
    """Where it lies below the results, less its suffix: ``{explainer}`` and the like are keys."""
    formats: ClassVar[tuple[str, ...]] = ("png", "pdf")
    """For pages, and for papers."""
    title: ClassVar[str]
    """Begins its caption."""
    label: ClassVar[str]
    """Its name in a list of figures, with the keys of ``path``."""
    alt: ClassVar[str]
    """What is to be seen, for those who cannot see it."""

    @abstractmethod
    def caption(self, facts: "Facts", key: Key) -> str:
        """Return what it shows and how to read it, to follow the title; plain text."""

    @abstractmethod
    def draw(self, inputs: Inputs, key: Key) -> "Figure":
        """Draw it from the files of its stage."""

    @property
    def name(self) -> str:
        """Return the name of its file."""
        return type(self).__module__.rpartition(".")[2]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return the names in its path, such as explainer and reference."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.path) if name)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = Formatter().parse(self.path)
        text = "".join(re.escape(part) + (f"(?P<{key}>[^/]+)" if key else "")
                       for part, key, _, _ in parts)  # fmt: skip
        return re.compile(rf"(?:^|/){text}\.(?:{'|'.join(self.formats)})$")

    def key_of(self, path: str) -> Key | None:
        """Return the keys in the path of such a figure, or None if it is none."""
        found = self._pattern.search(path)
        return found and found.groupdict()


@dataclass(frozen=True)
class Drawing:
    """One figure of a study: a kind of figure and the keys in its path."""

    kind: FigureKind
    key: Key

    @property
    def paths(self) -> list[str]:
        """Return where it lies below the results, a path a format."""
        return [f"{self.kind.path.format(**self.key)}.{suffix}" for suffix in self.kind.formats]

    @property
    def label(self) -> str:
        """Return its name in a list of figures."""
        return self.kind.label.format(**self.key)

    @property
    def category(self) -> str:
        """Return under what Snakemake's report lists it."""
        return self.kind.stage.capitalize()

    def caption(self, facts: "Facts") -> str:
        """Return its title and caption, as reStructuredText."""
        return f"**{self.kind.title}.** {self.kind.caption(facts, self.key)}"


def figures(stage: str | None = None) -> list[FigureKind]:
    """Return all kinds of figures, or those of a stage, in their order."""
    if stage is not None and stage not in STAGES:
        raise unknown("stage of figures", stage, STAGES)
    found = [plugins.load(PACKAGE, name, FigureKind, "figure")() for name in plugins.names(PACKAGE)]
    return sorted(
        (one for one in found if stage in (None, one.stage)),
        key=lambda one: (STAGES.index(one.stage), one.order),
    )


def drawings(stage: str, **names: Sequence[str]) -> list[Drawing]:
    """Return the figures of a stage: of each kind, one for each combination of its keys.

    Parameters
    ----------
    names : key to its values in the study, such as ``explainer=["lime", "lime_grey"]``.
    """
    return [
        Drawing(kind, dict(zip(kind.keys, values, strict=True)))
        for kind in figures(stage)
        for values in product(*(names[key] for key in kind.keys))
    ]


def captions(found: Sequence[Drawing], facts: "Facts") -> str:
    """Return the captions of some figures to paste, as Markdown: each below its file's name."""
    parts = [
        f"## {one.label}\n\n`{one.kind.path.format(**one.key)}`\n\n"
        f"**{one.kind.title}.** {one.kind.caption(facts, one.key)}"
        for one in found
    ]
    return "\n\n".join(["# Figures of this study", *parts]) + "\n"


def among(kinds: Sequence[FigureKind], paths: Sequence[str]) -> Iterator[tuple[Drawing, list[str]]]:
    """Yield the figures that lie at some paths, each with its paths, in the order of kinds."""
    for kind in kinds:
        found: dict[tuple[str, ...], list[str]] = {}
        for path in paths:
            key = kind.key_of(str(path))
            if key is not None:
                found.setdefault(tuple(key.values()), []).append(str(path))
        for values, same in found.items():
            yield Drawing(kind, dict(zip(kind.keys, values, strict=True))), same
