"""Explainers, a file each: `Settings`, and `explain` from a question about a face to the answer.

They are imported by name, so that a change to one explainer's file makes only its own results
out of date. docs/explainers.md shows how to add one.
"""

from importlib import import_module
from types import ModuleType

EXPLAINERS = (
    "lime",
    "kernel_shap",
    "occlusion",
    "integrated_gradients",
    "grad_cam",
    "random",
)
"""Their names, which are those of their files."""

OF_PIXELS = ("occlusion", "integrated_gradients", "grad_cam")
"""Those whose maps do not depend on superpixels."""

HIDING = ("lime", "kernel_shap")
"""Those that ask about faces of which superpixels are hidden."""


def explainer_named(name: str) -> ModuleType:
    """Return the module of an explainer, with ``Settings``, ``explain`` and ``OWN_DRAWS``.

    ``OWN_DRAWS`` says whether each network has its own draws for a face, or all share them.
    """
    return import_module(f"{__name__}.{name}")
