"""Devices: which there are, whether the one that a study asks for is here, and its memory."""

import platform
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from facsimile.errors import UserError, unknown

NAMES = ("auto", "cpu", "cuda", "mps")
ONE_OF_SEVERAL = "^cuda:[0-9]+$"
"""Names of devices, beside those of one GPU of several."""

FULL = ("out of memory", "not enough memory", "allocate memory")
"""What PyTorch and onnxruntime say, on one device or another, when its memory is full."""


def check(name: str) -> None:
    """Refuse the name of a device that there is nowhere.

    Raises
    ------
    UserError
        With all names, and the nearest.
    """
    if name not in NAMES and not re.match(ONE_OF_SEVERAL, name):
        raise unknown("value", name, [*NAMES, "cuda:N"], "device")


def wants_gpu(name: str) -> bool:
    """Return whether jobs on a device need a GPU to themselves; found without PyTorch.

    Those of ``auto`` do where one seems to be.
    """
    if name != "auto":
        return name != "cpu"
    return Path("/dev/nvidia0").exists() or platform.system() == "Darwin"


def ready(machine: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a job computes, before it does: with a ``device`` that is here, for ``auto``, too.

    Raises
    ------
    UserError
        If PyTorch does not find the device on this machine.
    """
    import torch

    name, gpus = machine["device"], torch.cuda.device_count() if torch.cuda.is_available() else 0
    apple = torch.backends.mps.is_available()
    if name == "auto":
        return {**machine, "device": "cuda" if gpus else "mps" if apple else "cpu"}
    if name == "mps" and not apple:
        raise UserError(
            "The setting `device: mps` needs a Mac with Apple's own processor, and PyTorch finds "
            "none here: set `device: auto`, or `device: cpu`."
        )
    if name.startswith("cuda") and not gpus:
        raise UserError(
            f"The setting `device: {name}` needs an NVIDIA GPU, and PyTorch finds none on this "
            "machine: run where there is one (nvidia-smi lists them), or set `device: cpu`."
        )
    if name.startswith("cuda:") and int(name.removeprefix("cuda:")) >= gpus:
        raise UserError(
            f"The setting `device: {name}` asks for a GPU that is not here: PyTorch finds {gpus}, "
            f"the last of them cuda:{gpus - 1} (they are counted from 0)."
        )
    return {**machine}


def name_of(device: str) -> str:
    """Return what a device calls itself, for the record."""
    import torch

    kind = torch.device(device).type
    if kind == "cuda":
        return torch.cuda.get_device_name(device)
    return {"mps": f"{platform.processor()} (mps)"}.get(kind, kind)


def is_full(error: Exception) -> bool:
    """Return whether an error says that a device's memory, or the machine's, is full."""
    return type(error).__name__ == "OutOfMemoryError" or any(
        words in str(error).lower() for words in FULL
    )


def free(device: str) -> None:
    """Give back to a GPU what PyTorch keeps of its memory without using it."""
    import torch

    kind = torch.device(device).type
    if kind != "cpu":
        getattr(torch, kind).empty_cache()
