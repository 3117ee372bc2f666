"""Files of weights as people have them: unwrapped, or named for what they are."""

import argparse
import logging
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from facsimile.errors import UserError

log = logging.getLogger(__name__)

WRAPPERS = re.compile("(model_|net_)?state(_dict)?(_ema)?|(model|net|network|weights)(_ema)?|ema")
"""Keys under which training scripts keep the state dict, beside the optimiser's and others."""

HARMLESS: list[Any] = [
    argparse.Namespace,
    np.dtype,
    *(type(np.dtype(kind)) for kind in ("f4", "f8", "i4", "i8", "?")),
    (np.float64(0).__reduce__()[0], "numpy.core.multiarray.scalar"),
    np.float64(0).__reduce__()[0],
]
"""Classes beside tensors that training scripts keep settings and scores in, and run no code."""

PREFIXES = ("module.", "_orig_mod.", "model.", "net.", "network.", "encoder.")
"""What all names begin with where a model was saved inside another, such as DataParallel's."""

SAFETENSORS = b'{"'
"""How the list of tensors begins, after the eight bytes of its length."""

KERAS = (
    "is of Keras, or of another that writes HDF5: give the weights of this architecture as PyTorch "
    "has them"
)
ARCHIVE = "is an archive: unpack it first"
FOREIGN = "is of another program: give the weights of this architecture as PyTorch has them"

STARTS = {
    b"\x89HDF": KERAS,
    b"version https://git-lfs": "is a pointer of Git LFS, not the file: run `git lfs pull`",
    **dict.fromkeys((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!"), ARCHIVE),
    **dict.fromkeys((b"GGUF", b"MATLAB"), FOREIGN),
    b"{": "is JSON, perhaps the list of weights in several files: give these, joined in one",
    b"<": "is a web page, perhaps of a login or a warning: open its address in a browser, and "
    "download the file that it leads to",
}
"""How files begin that are often taken for weights."""

PICKLED = (
    "is a whole pickled model, or holds {} beside its weights, and could run any code as it is "
    "opened. If you trust it, make it a state dict once: `found = torch.load(path, "
    "weights_only=False)`, then `torch.save(found.state_dict(), 'new.pth')` of a model, or of what "
    "`found` holds under the key of its weights"
)
SCRIPTED = (
    "is TorchScript: make it a state dict once, by torch.save(torch.jit.load(path).state_dict(), "
    "'new.pth')"
)
BROKEN = (
    "cannot be read as safetensors or as a PyTorch state dict: it may be incomplete; download it "
    "again"
)


def read(path: Path) -> dict[str, Tensor]:
    """Return the state dict in a file, without what is wrapped around it.

    Raises
    ------
    UserError
        If the file holds something else: what it is, and how to convert it.
    """
    if other := _other(path):
        raise UserError(f"Weights file '{path}' {other}.")
    try:
        state = load_file(path) if _is_safetensors(path) else _load(path)
    except Exception as error:  # readers raise whatever a damaged file leads them to
        odd = re.search(r"GLOBAL (\S+)", str(error))  # a class that is not made of data alone
        what = PICKLED.format(odd[1]) if odd else BROKEN
        raise UserError(f"Weights file '{path}' {what}.") from error
    return _unwrapped(path, state)


def refuse_odd_values(
    found: Mapping[str, Tensor], expected: Mapping[str, Tensor], what: str
) -> None:
    """Refuse weights that are no numbers, or other kinds of numbers than the network's."""
    for name, tensor in found.items():
        if tensor.is_meta:
            raise UserError(
                f"{what} hold '{name}' as a shape without values (device 'meta'): save the weights "
                "after they were loaded or trained."
            )
        if tensor.dtype.is_floating_point != expected[name].dtype.is_floating_point:
            raise UserError(
                f"{what} hold '{name}' as {tensor.dtype}, but the backbone's is "
                f"{expected[name].dtype}: give weights that were not quantised."
            )
        if not torch.isfinite(tensor).all():
            count = int((~torch.isfinite(tensor)).sum())
            raise UserError(
                f"{what} hold '{name}' with {count} of {tensor.numel()} values that are no finite "
                "numbers: the training that made them failed; give others."
            )


def _is_safetensors(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix == ".safetensors" or file.read(10)[8:] == SAFETENSORS


def _load(path: Path) -> object:
    with torch.serialization.safe_globals(HARMLESS):
        return torch.load(path, map_location="cpu", weights_only=True)


def parts_of(path: Path) -> list[str]:
    """Return the names of the parts of a zip archive; none of another file, or a damaged one."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return []


def _other(path: Path) -> str | None:
    """Return what a file is that is no file of weights, if its beginning or its parts say so."""
    with path.open("rb") as file:
        start = file.read(64)
    if start[8:10] == SAFETENSORS:  # whatever stands before, the length of a list
        return None
    start = start.lstrip()
    for beginning, what in STARTS.items():
        if start.startswith(beginning):
            return what
    if parts := parts_of(path):
        if any("/code/" in part or part.endswith("constants.pkl") for part in parts):
            return SCRIPTED
        if not any(part.endswith("data.pkl") for part in parts):
            return KERAS if any(part.endswith(".h5") for part in parts) else ARCHIVE
    return None


def _unwrapped(path: Path, state: object) -> dict[str, Tensor]:
    while isinstance(state, Mapping):
        inner = [key for key in state if WRAPPERS.fullmatch(str(key)) and _holds_any(state[key])]
        if not inner:
            break
        if len(inner) > 1:
            raise UserError(
                f"Weights file '{path}' holds weights {len(inner)} times, under "
                f"{' and '.join(map(repr, inner))}: save the ones that are meant alone, as in "
                f"torch.save(torch.load(path)[{inner[0]!r}], 'new.pth')."
            )
        log.info("%s: the state dict is read from '%s'", path, inner[0])
        state = state[inner[0]]
    if not isinstance(state, Mapping):
        raise UserError(
            f"Weights file '{path}' holds a {type(state).__name__}, not a state dict: "
            f"save it with `torch.save(model.state_dict(), path)`."
        )
    tensors = {str(name): one for name, one in state.items() if isinstance(one, Tensor)}
    if not tensors:
        keys = ", ".join(map(str, list(state)[:8])) or "nothing"
        raise UserError(
            f"Weights file '{path}' holds no tensors by their names: it has {keys}. Save the "
            "state dict alone: torch.save(model.state_dict(), path)."
        )
    while prefix := next((one for one in PREFIXES if all(n.startswith(one) for n in tensors)), ""):
        tensors = {name.removeprefix(prefix): one for name, one in tensors.items()}
    return tensors


def _holds_any(state: object) -> bool:
    """Return whether a mapping holds tensors, itself or in another."""
    return isinstance(state, Mapping) and any(
        isinstance(one, Tensor) or _holds_any(one) for one in state.values()
    )
