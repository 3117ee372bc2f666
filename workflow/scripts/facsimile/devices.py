"""Devices: which there are, whether the one that a study asks for is here, and its memory."""

import fcntl
import os
import platform
import re
import tempfile
from collections.abc import Mapping, Sequence
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
    return bool(_nvidia()) or platform.system() == "Darwin"


def at_once(name: str) -> int:
    """Return how many jobs may have a GPU of this machine at once; found without PyTorch.

    One a GPU, of those that ``CUDA_VISIBLE_DEVICES`` leaves; one for the GPU that ``name`` names.
    """
    left = os.environ.get("CUDA_VISIBLE_DEVICES")
    gpus = _nvidia() if left is None else [one for one in left.split(",") if one.strip()]
    return max(1, len(gpus)) if name in ("auto", "cuda") else 1


def _nvidia() -> list[Path]:
    return [one for one in Path("/dev").glob("nvidia*") if re.fullmatch(r"nvidia\d+", one.name)]


def ready(machine: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a job computes, before it does: with a ``device`` that is here, for ``auto``, too.

    Of several NVIDIA GPUs, ``cuda`` is one that no other job of this user has.

    Raises
    ------
    UserError
        If PyTorch does not find the device on this machine.
    """
    import torch

    name, gpus = machine["device"], torch.cuda.device_count() if torch.cuda.is_available() else 0
    apple = torch.backends.mps.is_available()
    if name == "auto":
        name = "cuda" if gpus else "mps" if apple else "cpu"
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
    if name == "cuda" and gpus > 1:
        known = [str(torch.cuda.get_device_properties(one).uuid) for one in range(gpus)]
        name = f"cuda:{_take_free(known)}"
    return {**machine, "device": name}


def _take_free(gpus: Sequence[str]) -> int:
    """Return the place of the first GPU that no other process has taken, and take it.

    It is taken by a lock on a file, which the system gives back when the process ends, however it
    does. Where all are taken, by studies that do not know of each other, the first is shared.

    Parameters
    ----------
    gpus : what identifies each, whichever of them a process sees.
    """
    for place, gpu in enumerate(gpus):
        file = Path(tempfile.gettempdir(), f"facsimile-{os.getuid()}-{gpu}.lock")
        lock = os.open(file, os.O_WRONLY | os.O_CREAT)  # open to the process's end
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            return place
    return 0


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
