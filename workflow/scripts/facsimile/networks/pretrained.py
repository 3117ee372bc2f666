"""ImageNet weights for a backbone, from the libraries' own loaders or from a local file."""

import pickle
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from facsimile import errors, files
from facsimile.networks.architectures import Architecture, Paper, architecture_named
from facsimile.networks.network import Network

IMAGENET = "imagenet"


def fetch(architecture: str, weights: str, destination: Path) -> None:
    """Write a backbone's starting weights as safetensors, keyed as in the network of ``build``.

    Parameters
    ----------
    architecture : one of ``ARCHITECTURES``.
    weights : ``imagenet`` for the weights that torchvision or timm publish, or the path of a
        ``.safetensors``, ``.pth`` or ``.pt`` file with the state dict of the library's model
        (its classifier is ignored) or of the backbone alone.
    destination : the file to write.

    Raises
    ------
    UserError
        If the weights cannot be had, read, or do not fit the backbone.
    """
    plan = architecture_named(architecture)
    state = _published(plan) if weights == IMAGENET else _local(Path(weights))
    with torch.device("meta"):
        expected = plan.backbone().state_dict()
    source = "The published weights" if weights == IMAGENET else f"Weights file '{weights}'"
    state = _matched(state, expected, f"{source} of network architecture '{architecture}'")
    with files.atomic(destination) as draft:
        save_file({f"backbone.{name}": tensor for name, tensor in state.items()}, draft)


def start(network: Network, path: Path) -> None:
    """Load into a network's backbone the weights that ``fetch`` wrote; its head stays as it is."""
    backbone = {name.removeprefix("backbone."): tensor for name, tensor in load_file(path).items()}
    network.backbone.load_state_dict(backbone)


def _published(plan: Architecture) -> Mapping[str, Tensor]:
    if isinstance(plan.backbone, Paper):
        raise errors.UserError(
            f"Network architecture '{plan.name}' has no ImageNet weights: "
            f"use `weights: random` or the path of a local file."
        )
    try:
        return plan.backbone.imagenet()
    except (OSError, RuntimeError) as error:  # no connection, no such file, a broken download
        reason, origin = str(error).partition("\n")[0], plan.backbone.origin
        raise errors.UserError(
            f"The ImageNet weights of network architecture '{plan.name}' are not on this machine "
            f"and could not be downloaded from {origin} ({reason}): download that file elsewhere, "
            f"copy it here, and set `weights: /path/to/{Path(origin).name}` for each network of "
            f"this architecture under `networks` in the configuration."
        ) from error


def _local(path: Path) -> Mapping[str, Tensor]:
    if not path.is_file():
        raise errors.UserError(
            f"Weights file '{path}' is missing: `weights` is `random`, `imagenet`, or the path of "
            f"a .safetensors, .pth or .pt file."
        )
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, SafetensorError, pickle.UnpicklingError) as error:
        raise errors.UserError(
            f"Weights file '{path}' cannot be read as safetensors or as a PyTorch state dict: "
            f"it may be incomplete; download it again."
        ) from error
    if not isinstance(state, Mapping):
        raise errors.UserError(
            f"Weights file '{path}' holds a {type(state).__name__}, not a state dict: "
            f"save it with `torch.save(model.state_dict(), path)`."
        )
    return state


def _matched(
    state: Mapping[str, Tensor], expected: Mapping[str, Tensor], what: str
) -> dict[str, Tensor]:
    """Return a backbone's tensors out of a state dict of its own, the library's model's or ours."""
    prefixes = ("", "features.", "backbone.")
    prefix = max(prefixes, key=lambda prefix: sum(prefix + name in state for name in expected))
    found = {name: state[prefix + name] for name in expected if prefix + name in state}
    for name in expected.keys() - found.keys():
        # Files older than PyTorch 0.4.1 do not count the batches, and nothing here needs to.
        if name.endswith("num_batches_tracked"):
            found[name] = torch.zeros((), dtype=torch.int64)
    missing = [name for name in expected if name not in found]
    if missing:
        raise errors.UserError(
            f"{what} lack {len(missing)} of the backbone's {len(expected)} tensors, the first of "
            f"them '{missing[0]}': give the file that belongs to this architecture."
        )
    for name, tensor in expected.items():
        if found[name].shape != tensor.shape:
            raise errors.UserError(
                f"{what} hold '{name}' with shape {tuple(found[name].shape)}, but the backbone's "
                f"is {tuple(tensor.shape)}: give the file that belongs to this architecture."
            )
    return {
        name: found[name].to(expected[name].dtype).clone(memory_format=torch.contiguous_format)
        for name in expected
    }
