"""A study as the workflow carries it out: its settings, and the names of all that it has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from string import Formatter

from facsimile import EXPRESSIONS


@dataclass(frozen=True)
class Study:
    """One study.

    Attributes
    ----------
    settings : checked, with every default filled in.
    references : names of what its heatmaps are held against, in order.
    explainers : name to row, of the study and of what crosses its settings.
    passes : name of a row to that of the row whose explanations it reads, which differs from it at
        most in what is done after the network has answered.
    """

    settings: Mapping
    references: tuple[str, ...]
    explainers: Mapping[str, Mapping] = field(default_factory=dict)
    passes: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_faces(self) -> bool:
        """Whether its heatmaps are made from faces, and not brought from elsewhere."""
        return bool(self.settings["corpora"])

    @cached_property
    def names(self) -> dict[str, list]:
        """Wildcard to the names that it stands for; of explainers, the study's own."""
        return {
            "corpus": list(self.settings["corpora"]),
            "network": list(self.settings["networks"]),
            "explainer": list(self.settings["explainers"]),
            "reference": list(self.references),
            "expression": list(EXPRESSIONS),
            "fold": list(range(self.settings["study"]["folds"])),
        }

    def paths(self, pattern: str, given: Mapping[str, object]) -> list[str]:
        """Return a path for all combinations of the names that a pattern leaves open.

        Parameters
        ----------
        pattern : such as ``{results}/networks/{network}/fold{fold}/weights.safetensors``.
        given : what some of its keys stand for: a name, or a list of names.
        """
        keys = [key for _, key, _, _ in Formatter().parse(pattern) if key]
        choices = [_listed(given[key] if key in given else self.names[key]) for key in keys]
        return [
            pattern.format(**dict(zip(keys, names, strict=True))) for names in product(*choices)
        ]


def _listed(names: object) -> list:
    if isinstance(names, Iterable) and not isinstance(names, str):
        return list(names)
    return [names]
