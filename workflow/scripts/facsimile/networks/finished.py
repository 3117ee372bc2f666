"""A network that others finished: all that must be known to ask it; known without PyTorch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.labels import check_order, name_of
from facsimile.networks.architectures import architecture_named
from facsimile.networks.hugging_face import CONFIG, HUB, files_of
from facsimile.networks.recipe import Recipe
from facsimile.options import option
from facsimile.plugins import build, placed

Scaling = Literal["imagenet"] | Annotated[tuple[float, ...], Field(min_length=2, max_length=2)]
Colour = Literal["grey", "rgb", "bgr"]
Crop = Literal["aligned"] | Annotated[float, Field(ge=-0.4, le=1)]

ONNX = ".onnx"
STATES = (".safetensors", ".pth")
WHOLE = (ONNX, ".pt2")
SUFFIXES = (*WHOLE, *STATES, ".pt")
"""Of files that hold a whole network, a state dict alone, and (``.pt``) either."""


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A finished network's file, and what it wants to see.

    It is not trained: its one training is repeat 0, fold 0 of the study, which tests all faces.
    """

    checkpoint: Path = option(
        "File of a finished network, which is explained as it is: ONNX (.onnx), TorchScript (.pt), "
        "a program of torch.export (.pt2), or a state dict (.safetensors, .pth, .pt) of an "
        "`architecture`. Or an image classifier's folder in the form of Hugging Face, or hub: and "
        "its name there, whose own files say the next three."
    )
    classes: tuple[str, ...] = option(
        "What its outputs stand for, in their order, in the words of any corpus. All six "
        "expressions must be there; further ones, such as neutral, stay in the softmax.",
        min_length=len(EXPRESSIONS),
    )
    input_size: int = option(
        "Width and height of the images that the network takes, in pixels.", ge=32, le=1024
    )
    scaling: Scaling = option(
        "What it wants pixels as: [low, high], what 0 and 255 become, such as [0, 1], [-1, 1] or "
        "[0, 255]; or imagenet, mean and standard deviation of ImageNet's channels."
    )
    colour: Colour = option(
        "In which colours it sees faces; grey is repeated where it takes three channels.", "grey"
    )
    crop: Crop = option(
        "How faces are cut for it. aligned: as for networks that are trained here; or a number: "
        "the detector's box, made square, with a margin on each side of that share of it; "
        "negative to cut into it.",
        "aligned",
    )
    output: Literal["logits", "probabilities"] = option("What it answers with.", "logits")
    architecture: str | None = option(
        "Of a state dict: as networks that are trained here name theirs.", None
    )
    seen: str | None = option(
        "What of the study's faces may have been in its training, in words that the report "
        "repeats.",
        None,
    )
    audit: Literal["stop", "warn", "off"] = option(
        "What to do if the network does clearly better when shown the faces otherwise, or with its "
        "classes in another order (docs/networks.md).",
        "stop",
    )

    def __post_init__(self) -> None:
        check_order(self.classes, "classes")
        names = [name_of(word) for word in self.classes]
        if absent := [name for name in EXPRESSIONS if name not in names]:
            raise UserError(
                f"`classes` lack {', '.join(absent)}: a network that does not tell all six "
                "expressions cannot be held against people's maps of them; check the list."
            )
        if twice := [name for name in names if names.count(name) > 1]:
            raise UserError(
                f"`classes` name {twice[0]} {names.count(twice[0])} times: name each output once."
            )
        if self.scaling != "imagenet" and not self.scaling[0] < self.scaling[1]:
            raise UserError(
                f"`scaling` is [{self.scaling[0]:g}, {self.scaling[1]:g}], what 0 and 255 become: "
                "the first must be the smaller."
            )
        self._check_file()

    def _check_file(self) -> None:
        suffix = self.checkpoint.suffix
        if suffix not in SUFFIXES and not self.is_folder:
            raise UserError(
                f"`checkpoint: {self.checkpoint}` has the suffix '{suffix}': expected is one of "
                f"{', '.join(SUFFIXES)}, a folder with a {CONFIG}, or {HUB}OWNER/NAME."
            )
        if self.architecture is None and suffix in STATES:
            raise UserError(
                f"`checkpoint: {self.checkpoint}` is a state dict: name its `architecture`."
            )
        if self.architecture is not None:
            architecture_named(self.architecture)
            if suffix in WHOLE or self.is_folder:
                raise UserError(
                    f"`checkpoint: {self.checkpoint}` is a whole network: leave out `architecture`."
                )

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder that transformers reads, named by the file that describes it."""
        return self.checkpoint.name == CONFIG

    @property
    def files(self) -> list[Path]:
        """The files that the network is read from."""
        return files_of(self.checkpoint.parent) if self.is_folder else [self.checkpoint]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its outputs, in their order: the six expressions' and further ones."""
        return tuple(map(name_of, self.classes))

    @property
    def further(self) -> tuple[str, ...]:
        """The names of its outputs that are none of the six."""
        return tuple(name for name in self.names if name not in EXPRESSIONS)

    @property
    def order(self) -> list[int]:
        """The places of its outputs: of the six expressions in the study's order, then others."""
        return [self.names.index(name) for name in (*EXPRESSIONS, *self.further)]

    @property
    def has_gradients(self) -> bool:
        """Whether methods that need gradients can explain it."""
        return self.checkpoint.suffix != ONNX


def network_of(row: Mapping[str, Any]) -> Recipe | Finished:
    """Return what a row of ``networks`` describes: how one is trained, or a finished one."""
    found: Recipe | Finished = build(Finished if is_finished(row) else Recipe, row)
    return found


def located(row: Mapping[str, Any], place: Callable[[str], str]) -> dict[str, Any]:
    """Return a row of ``networks`` with the place of its file, if it has one, as ``place`` says."""
    if is_finished(row):
        return placed(Finished, row, place)
    named = row["weights"] in ("random", "imagenet") or row["weights"].startswith("package:")
    return {**row, "weights": row["weights"] if named else str(place(row["weights"]))}


def is_finished(row: Mapping[str, Any]) -> bool:
    """Return whether a row of ``networks`` is of a finished network."""
    return "checkpoint" in row
