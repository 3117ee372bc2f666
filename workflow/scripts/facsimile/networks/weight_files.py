"""Files of weights as people have them: unwrapped, or named for what they are."""

import logging
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from facsimile.errors import UserError

log = logging.getLogger(__name__)

WRAPPERS = ("state_dict", "model_state_dict", "model_state", "model", "net", "network", "weights")
"""Keys under which training scripts keep the state dict, beside the optimiser's and others."""

PREFIXES = ("module.", "_orig_mod.", "model.", "net.", "network.", "encoder.")
"""What all names begin with where a model was saved inside another, such as DataParallel's."""

KERAS = (
    "is of Keras, or of another that writes HDF5: give the weights of this architecture as PyTorch "
    "has them"
)
ARCHIVE = "is an archive: unpack it first"

STARTS = {
    b"\x89HDF": KERAS,
    b"version https://git-lfs": "is a pointer of Git LFS, not the file: run `git lfs pull`",
    b"\x1f\x8b": ARCHIVE,
    b"<": "is a web page, perhaps of a login or a warning: open its address in a browser, and "
    "download the file that it leads to",
}
"""How files begin that are often taken for weights."""

PICKLED = (
    "is a whole pickled model, which could run any code as it is opened. If you trust it, make it "
    "a state dict once: torch.save(torch.load(path, weights_only=False).state_dict(), 'new.pth')"
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
    except (OSError, RuntimeError, EOFError, SafetensorError) as error:
        raise UserError(f"Weights file '{path}' {BROKEN}.") from error
    except pickle.UnpicklingError as error:
        model = "global" in str(error).lower()  # code that reading data only does not run
        raise UserError(f"Weights file '{path}' {PICKLED if model else BROKEN}.") from error
    return _unwrapped(path, state)


def refuse_odd_values(
    found: Mapping[str, Tensor], expected: Mapping[str, Tensor], what: str
) -> None:
    """Refuse weights that are no numbers, or other kinds of numbers than the network's."""
    for name, tensor in found.items():
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
        return path.suffix == ".safetensors" or file.read(10)[8:] == b'{"'


def _load(path: Path) -> object:
    return torch.load(path, map_location="cpu", weights_only=True)


def _other(path: Path) -> str | None:
    """Return what a file is that is no file of weights, if its beginning or its parts say so."""
    with path.open("rb") as file:
        start = file.read(64).lstrip()
    for beginning, what in STARTS.items():
        if start.startswith(beginning):
            return what
    if zipfile.is_zipfile(path):
        parts = zipfile.ZipFile(path).namelist()
        if any("/code/" in part or part.endswith("constants.pkl") for part in parts):
            return SCRIPTED
        if not any(part.endswith("data.pkl") for part in parts):
            return KERAS if any(part.endswith(".h5") for part in parts) else ARCHIVE
    return None


def _unwrapped(path: Path, state: object) -> dict[str, Tensor]:
    while isinstance(state, Mapping) and not any(isinstance(one, Tensor) for one in state.values()):
        inner = [key for key in WRAPPERS if isinstance(state.get(key), Mapping)]
        if not inner:
            keys = ", ".join(map(str, list(state)[:8])) or "nothing"
            raise UserError(
                f"Weights file '{path}' holds no tensors by their names: it has {keys}. Save the "
                "state dict alone: torch.save(model.state_dict(), path)."
            )
        log.info("%s: the state dict is read from '%s'", path, inner[0])
        state = state[inner[0]]
    if not isinstance(state, Mapping):
        raise UserError(
            f"Weights file '{path}' holds a {type(state).__name__}, not a state dict: "
            f"save it with `torch.save(model.state_dict(), path)`."
        )
    tensors = {str(name): one for name, one in state.items() if isinstance(one, Tensor)}
    while prefix := next((one for one in PREFIXES if all(n.startswith(one) for n in tensors)), ""):
        tensors = {name.removeprefix(prefix): one for name, one in tensors.items()}
    return tensors
