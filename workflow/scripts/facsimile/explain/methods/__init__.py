"""Methods of explaining, a file each: found by name, and imported when a study uses them.

docs/explainers.md shows how to add one.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from facsimile import plugins

if TYPE_CHECKING:
    from facsimile.explain.attribution import Attribution
    from facsimile.explain.target import Target


class Method(ABC):
    """Base of the methods: frozen dataclasses of their settings, made with ``options.option``.

    The module of a method is light: it imports PyTorch, captum and the like inside functions, so
    that planning a study, which reads settings and sentences, takes no time.
    """

    USES_SUPERPIXELS: ClassVar[bool] = False
    """Whether it weighs superpixels, or asks about them; without, a target has none."""

    USES_BASELINE: ClassVar[bool] = False
    """Whether it hides parts of a face, so that it matters what is seen there."""

    USES_GRADIENTS: ClassVar[bool] = False
    """Whether it needs gradients, which networks of some files do not give."""

    OWN_DRAWS: ClassVar[bool] = False
    """Whether each network has draws of its own for a face, or all share them."""

    NEEDS: ClassVar[tuple[str, ...]] = ()
    """Further images of the faces, by the names of their files: the target's ``extras``."""

    AFTER: ClassVar[tuple[str, ...]] = ()
    """Settings that matter only once the network has answered: rows that differ in these alone
    share their explanations."""

    @property
    def name(self) -> str:
        """Its name, which is that of its file: part of the seed of its draws."""
        return type(self).__module__.rpartition(".")[2]

    @abstractmethod
    def sentence(self, superpixels: str, baseline: str) -> str:
        """Return how it works, to follow 'explained with'.

        Parameters
        ----------
        superpixels, baseline : words of those that it uses; empty for what it does not use.
        """

    @abstractmethod
    def explain(self, target: "Target") -> "Attribution":
        """Say what in a face spoke for a network's answer.

        Raises
        ------
        UserError
            If it cannot be said; what is raised need not name network or face.
        """


def load_method(name: str) -> type[Method]:
    """Return the class of a method; raise ``UserError`` with the nearest name if there is none."""
    loaded: type[Method] = plugins.load(__name__, name, Method, "method")
    return loaded


def method_of(row: Mapping[str, Any]) -> Method:
    """Return the method of an explainer's row: its ``method``, with the settings that are there.

    What else a row says (superpixels, baseline, faces) is not the method's.
    """
    found: Method = plugins.build(load_method(row["method"]), row)
    return found
