"""A study as the workflow carries it out: its settings, and the names of all that it has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import inf
from string import Formatter

from facsimile import EXPRESSIONS
from facsimile.atlas.rivals import rivals_of
from facsimile.faces.corpora import corpus_of
from facsimile.faces.views import View
from facsimile.networks.finished import is_finished


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

    @property
    def chance_sizes(self) -> list[int]:
        """Input sizes at which networks that know nothing of expressions are explained."""
        return self.sizes if self.settings["chance"]["draws"] else []

    @property
    def sizes(self) -> list[int]:
        """The input sizes of all networks that are explained."""
        return sorted(set(self.input_sizes.values()))

    @property
    def input_sizes(self) -> dict[str, int]:
        """The input size of each network that is explained."""
        return {name: one["input_size"] for name, one in self._networks.items()}

    @property
    def origins(self) -> dict[str, list[str]]:
        """The architecture and the weights at start of each network that it trains.

        Of a finished one the network itself, and nothing: what it learned from is not known.
        """
        return {
            name: [name, ""] if is_finished(one) else [one["architecture"], one["weights"]]
            for name, one in self._networks.items()
        }

    @property
    def finished(self) -> list[str]:
        """Names of networks that are not trained, but brought."""
        return [name for name, one in self._networks.items() if is_finished(one)]

    @property
    def trains(self) -> bool:
        """Whether it trains any network: not all of them are finished."""
        return len(self.finished) < len(self._networks)

    @property
    def audited(self) -> list[str]:
        """Names of those finished networks of which is tried how they are to be shown faces."""
        return [name for name in self.finished if self._networks[name]["audit"] != "off"]

    @cached_property
    def trainings(self) -> dict[str, tuple[int, int]]:
        """Of each network, how many repeats it has, and folds in each; one of a finished one."""
        given = self.settings["study"]["repeats"], self.settings["study"]["folds"]
        finished = self.finished
        return {name: (1, 1) if name in finished else given for name in self.names["network"]}

    @property
    def repeats(self) -> dict[str, int]:
        """Of each network, how many repeats it has."""
        return {name: repeats for name, (repeats, _) in self.trainings.items()}

    @cached_property
    def views(self) -> dict[str, View]:
        """How faces are shown to each network, by what that adds to paths."""
        found = [View(), *(View.of(one) for one in self._networks.values())]
        return {one.name: one for one in found}

    @property
    def primary(self) -> list[str | None]:
        """The primary reference and score; None where the settings leave that open."""
        given = self.settings["measure"]
        return [given["primary_reference"], given["primary_score"]]

    @property
    def bootstrap_samples(self) -> int:
        """How often people are drawn anew: never where there are none."""
        return self.settings["measure"]["bootstrap_samples"] if self.has_faces else 0

    @property
    def drawn(self) -> list[str]:
        """Names of the corpora whose faces are drawn, so that they can be drawn at rest."""
        rows = self.settings["corpora"].items()
        return [name for name, row in rows if corpus_of(row).HAS_EVIDENCE]

    @property
    def with_neutrals(self) -> list[str]:
        """Names of the other corpora, if a baseline asks for the neutral pictures of their people.

        Whether they have some shows only as they are read.
        """
        kinds = {one["kind"] for one in self.settings["baselines"].values()}
        others = [name for name in self.settings["corpora"] if name not in self.drawn]
        return others if "neutral" in kinds else []

    @property
    def looks(self) -> list[str]:
        """What its faces tell rivals of faces; nothing where evidence was planted in them."""
        if not self.has_faces or not self.settings["references"]:
            return []
        return ["average", "spread", *(["motion"] if self.drawn or self.with_neutrals else [])]

    @property
    def rivals(self) -> list[str]:
        """The maps that know nothing of expressions, which its networks have to beat."""
        return rivals_of(self.looks)

    @property
    def rivals_of_faces(self) -> list[str]:
        """Those of them that know what its faces look like."""
        return [name for name in self.rivals if name not in rivals_of([])]

    @property
    def judges_faith(self) -> bool:
        """Whether its explanations are held against their networks."""
        return self.has_faces and any(self.settings["faith"][key] for key in ("faces", "sanity"))

    @property
    def main(self) -> dict[str, object]:
        """What its steps are shown by, wildcard to name: the main explainer and the first network.

        The explainer's superpixels and the network's input size are among them.
        """
        network, explainer = self.names["network"][0], self.names["explainer"][0]
        return {
            "network": network,
            "explainer": self.passes[explainer],
            "superpixels": self.explainers[explainer]["superpixels"] or [],
            "size": self.input_sizes[network],
        }

    @property
    def absent(self) -> str:
        """Why it may have no heatmap of some network and expression."""
        return "no face explained" if self.has_faces else "no heatmap given"

    @property
    def null_split(self) -> dict[str, int]:
        """What the folds of networks that know nothing follow from."""
        given = self.settings["study"]
        draws = self.settings["chance"]["draws"]
        return {"draws": draws, "folds": given["folds"], "seed": given["seed"]}

    def null_recipe(self, size: int | str) -> dict:
        """Return the recipe of networks that know nothing, at an input size."""
        given = {key: one for key, one in self.settings["chance"].items() if key != "draws"}
        return given | {"augment": False, "input_size": int(size)}

    @property
    def _networks(self) -> Mapping[str, Mapping]:
        return self.settings["networks"] if self.has_faces else {}

    @cached_property
    def names(self) -> dict[str, list]:
        """Wildcard to the names that it stands for; of explainers, the study's own; of input sizes,
        those for which it has networks that know nothing."""
        return {
            "corpus": list(self.settings["corpora"]),
            "network": list(self.settings["networks"]),
            "explainer": list(self.settings["explainers"]),
            "reference": list(self.references),
            "expression": list(EXPRESSIONS),
            "repeat": list(range(self.settings["study"]["repeats"])),
            "fold": list(range(self.settings["study"]["folds"])),
            "size": self.chance_sizes,
            "rival": self.rivals,
            "view": [View().name],
        }

    def paths(self, pattern: str, given: Mapping[str, object]) -> list[str]:
        """Return a path for all combinations of the names that a pattern leaves open.

        A finished network has repeat 0 and fold 0 alone. Faces are those that a given network sees.

        Parameters
        ----------
        pattern : such as ``{results}/heatmaps/{explainer}/{network}/{expression}.npy``.
        given : what some of its keys stand for: a name, or a list of names.
        """
        given = {"view": View.of(self._networks.get(str(given.get("network")), {})).name, **given}
        keys = [key for _, key, _, _ in Formatter().parse(pattern) if key]
        choices = [_listed(given[key] if key in given else self.names[key]) for key in keys]
        found = [dict(zip(keys, names, strict=True)) for names in product(*choices)]
        return [pattern.format(**one) for one in found if self._has({**given, **one})]

    def _has(self, names: Mapping[str, object]) -> bool:
        """Return whether there is what some names stand for together."""
        most = self.trainings.get(str(names.get("network")), (inf, inf))
        parts = zip(("repeat", "fold"), most, strict=True)
        return all(int(str(names[key])) < count for key, count in parts if key in names)


def _listed(names: object) -> list:
    if isinstance(names, Iterable) and not isinstance(names, str):
        return list(names)
    return [names]
