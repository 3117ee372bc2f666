"""Loading finished networks: whatever file they lie in, they answer as those trained here do."""

import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from facsimile.errors import UserError
from facsimile.networks import hugging_face
from facsimile.networks.finished import ONNX, Finished
from facsimile.networks.hugging_face import IMAGENET
from facsimile.networks.key_tables import as_in_timm
from facsimile.networks.network import build
from facsimile.networks.pretrained import matched, prefix_of, read_state
from facsimile.networks.weight_files import parts_of

LEAST = 1e-12
"""Probability under which the logarithm is not followed."""


class FinishedNetwork(nn.Module):
    """Pixels in [0, 1], (N, 1 or 3, S, S), to logits (N, classes): the six expressions' come first.

    Colours, scaling and the order of classes are the row's; ``channels`` is what the model takes.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, model: nn.Module, row: Finished, channels: int):
        super().__init__()
        self.model, self.channels, self.order = model, channels, row.order
        self.backwards, self.answers_chances = row.colour == "bgr", row.output == "probabilities"
        for name, values in zip(("mean", "std"), _normalisation(row, channels), strict=True):
            each = torch.tensor(values, dtype=torch.float32).view(1, -1, 1, 1)
            self.register_buffer(name, each, persistent=False)

    def forward(self, pixels: Tensor) -> Tensor:
        """Return logits (N, classes)."""
        answers = self.raw(pixels).float()
        # The softmax of their logarithms are the probabilities themselves.
        logits = answers.clamp_min(LEAST).log() if self.answers_chances else answers
        return logits[:, self.order]

    def raw(self, pixels: Tensor) -> Tensor:
        """Return what the model itself answers, its classes in its own order."""
        scaled = (pixels.expand(-1, self.channels, -1, -1) - self.mean) / self.std
        answers: Tensor = self.model(scaled.flip(1) if self.backwards else scaled)
        return answers


class OnnxModel(nn.Module):
    """A network of an ONNX file, (N, C, S, S) to (N, classes); it has no gradients."""

    def __init__(self, path: Path, size: int, device: str):
        super().__init__()
        from onnxruntime import InferenceSession, SessionOptions, get_available_providers

        options = SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        providers = _providers(device, get_available_providers())
        try:
            self.session = InferenceSession(str(path), options, providers)
        except Exception as error:  # onnxruntime's own kinds derive from nothing narrower
            raise _unreadable(path, "ONNX", error) from None
        self.input = _only_input(self.session.get_inputs(), path, size)
        self.last = self.input.shape[1] not in (1, 3) and self.input.shape[3] in (1, 3)
        self.channels = self.input.shape[3 if self.last else 1]

    def forward(self, pixels: Tensor) -> Tensor:
        """Return what the file's first output says."""
        if pixels.requires_grad:
            raise UserError(
                "An ONNX network has no gradients, which this method needs: explain it by LIME, "
                "kernel SHAP or occlusion."
            )
        given = pixels.movedim(1, 3) if self.last else pixels
        answers = self.session.run(None, {self.input.name: given.cpu().numpy()})[0]
        return torch.from_numpy(np.asarray(answers)).to(pixels.device)

    def __deepcopy__(self, memo: object) -> Self:
        return self  # it has no state that anything could change


def _providers(device: str, available: Collection[str]) -> list[tuple[str, dict[str, int]]]:
    """Return what onnxruntime computes with, the first choice first: on the device, if it can."""
    found: list[tuple[str, dict[str, int]]] = [("CPUExecutionProvider", {})]
    if device.startswith("cuda") and "CUDAExecutionProvider" in available:
        found.insert(0, ("CUDAExecutionProvider", {"device_id": torch.device(device).index or 0}))
    return found


class ExportedModel(nn.Module):
    """A program of torch.export, which knows no other mode than the one it was exported in."""

    def __init__(self, program: nn.Module):
        super().__init__()
        self.program = program

    def forward(self, pixels: Tensor) -> Tensor:
        """Return what the program does."""
        answers: Tensor = self.program(pixels)
        return answers

    def train(self, mode: bool = True) -> Self:
        """Change nothing."""
        return self


def load_finished(row: Finished, device: str = "cpu") -> FinishedNetwork:
    """Return a finished network, on the device and in evaluation mode, after a look at its answers.

    Raises
    ------
    UserError
        If the file is missing, incomplete or of another network than the row says; if it takes
        other images, gives another number of answers, or none that are numbers.
    """
    path = row.checkpoint
    if not path.is_file():
        raise UserError(f"There is no file '{path}' (`checkpoint`): put the network there.")
    model = _model(row, device).eval().to(device)
    for channels in _channels(model, row):
        network = FinishedNetwork(model, row, channels).to(device).eval()
        images = torch.zeros((2, channels, row.input_size, row.input_size), device=device)
        images[1] = 1
        try:
            with torch.inference_mode():
                answers = network.raw(images)
        except Exception as error:  # whatever a foreign program raises
            reason = str(error).partition("\n")[0]
            continue
        _check_answers(answers, row)
        return network
    raise UserError(
        f"'{path}' does not take two {row.colour} images of {row.input_size} pixels ({reason}): "
        "see to `input_size` and `colour`, and that it was exported with a free number of images."
    )


def sha256_of(paths: Sequence[Path]) -> str:
    """Return the SHA-256 of a file, or of several, one after the other."""
    total = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while part := file.read(2**20):
                total.update(part)
    return total.hexdigest()


def _model(row: Finished, device: str) -> nn.Module:
    path = row.checkpoint
    if row.is_folder:
        return hugging_face.load(path.parent)
    if path.suffix == ONNX:
        return OnnxModel(path, row.input_size, device)
    if path.suffix == ".pt2":
        try:
            return ExportedModel(torch.export.load(path).module())
        except Exception as error:  # whatever a damaged archive leads to
            raise _unreadable(path, "a program of torch.export", error) from None
    if row.architecture is not None:
        return _of_state(row)
    if not _is_script(path):
        raise UserError(
            f"'{path}' is not of TorchScript: if it holds a state dict, name its `architecture`; "
            "otherwise it may be incomplete, and has to be downloaded again."
        )
    try:
        script: nn.Module = torch.jit.load(path, map_location="cpu")
    except Exception as error:
        raise _unreadable(path, "TorchScript", error) from None
    return script


def _of_state(row: Finished) -> nn.Module:
    """Return a network of the row's architecture with a file's weights: those, and no others."""
    assert row.architecture is not None
    outputs = len(row.classes)
    network = build(row.architecture, row.input_size, "unit", outputs=outputs)
    # A library's model has its own names, not those that networks trained here add.
    whole = isinstance(network.head, nn.Identity)
    model: nn.Module = network.backbone if whole else network
    expected = model.state_dict()
    state = as_in_timm(read_state(row.checkpoint), list(expected))
    what = f"The weights in '{row.checkpoint}' for {row.architecture} with {outputs} classes"
    found = matched(state, expected, what, "network")
    prefix = prefix_of(state, expected, what)
    known = {prefix + name for name in expected}
    if more := [name for name in state if name not in known]:
        raise UserError(
            f"{what} are {len(more)} tensors more than that network has, the first of them "
            f"'{more[0]}': name the `architecture` that they belong to."
        )
    model.load_state_dict(found)
    return network


def _is_script(path: Path) -> bool:
    """Return whether a file is an archive with code, as TorchScript writes it."""
    return any("/code/" in name for name in parts_of(path))


def _normalisation(row: Finished, channels: int) -> tuple[Sequence[float], Sequence[float]]:
    """Return the mean and standard deviation that stand for a row's scaling, for each channel."""
    if row.scaling == "imagenet":
        mean, std = IMAGENET
        return (mean, std) if channels == 3 else ([sum(mean) / 3], [sum(std) / 3])
    low, high = map(float, row.scaling)
    return [-low / (high - low)], [1 / (high - low)]


def _only_input(inputs: Sequence[Any], path: Path, size: int) -> Any:
    """Return a file's one input, if it is a batch of images, free in number and of the size."""
    if len(inputs) != 1:
        names = ", ".join(one.name for one in inputs)
        raise UserError(
            f"'{path}' has {len(inputs)} inputs ({names}): expected is one, the images."
        )
    (only,) = inputs
    if len(only.shape) != 4 or only.type != "tensor(float)":
        raise UserError(
            f"'{path}' takes {only.type} of shape {only.shape}: expected are float images, "
            "(N, C, S, S) or (N, S, S, C)."
        )
    if isinstance(only.shape[0], int):
        raise UserError(
            f"'{path}' takes exactly {only.shape[0]} images at once: export it anew with a free "
            f"first dimension, as by `torch.onnx.export(..., dynamic_shapes=[{{0: 'n'}}])`."
        )
    fixed = [one for one in only.shape[1:] if isinstance(one, int) and one > 3]
    if any(one != size for one in fixed):
        raise UserError(
            f"'{path}' takes images of {fixed[-1]} pixels, but `input_size` is {size}: set "
            f"`input_size: {fixed[-1]}`."
        )
    return only


def _channels(model: nn.Module, row: Finished) -> list[int]:
    """Return how many channels a model may take: as it says, else as its first weights have."""
    known = getattr(model, "channels", None)
    if isinstance(known, int):
        if known == 1 and row.colour != "grey":
            raise UserError(
                f"'{row.checkpoint}' takes one channel, but `colour` is {row.colour}: set "
                "`colour: grey`."
            )
        return [known]
    return [1, 3] if row.colour == "grey" else [3]


def _unreadable(path: Path, what: str, error: Exception) -> UserError:
    reason = str(error).partition("\n")[0][:200]
    return UserError(
        f"'{path}' cannot be read as {what} ({reason}): it may be incomplete; download it again."
    )


def _check_answers(answers: Any, row: Finished) -> None:
    path, count = row.checkpoint, len(row.classes)
    shape = tuple(getattr(answers, "shape", ()))
    if len(shape) != 2 or shape[0] != 2:
        raise UserError(
            f"'{path}' answers for two images with {type(answers).__name__} of shape {shape}: "
            f"expected are logits or probabilities, (2, {count})."
        )
    if shape[1] != count:
        raise UserError(
            f"'{path}' has {shape[1]} outputs, but `classes` lists {count}: list what each output "
            "stands for, in order."
        )
    if not torch.isfinite(answers).all():
        raise UserError(f"'{path}' answers with what is not a number: it cannot be explained.")
    chances = bool((answers >= 0).all()) and bool(((answers.sum(dim=1) - 1).abs() < 1e-3).all())
    if chances != (row.output == "probabilities"):
        said, is_ = row.output, "probabilities" if chances else "logits"
        raise UserError(
            f"The answers of '{path}' {'add up' if chances else 'do not add up'} to one: they are "
            f"{is_}, but `output` is {said}; set `output: {is_}`."
        )
