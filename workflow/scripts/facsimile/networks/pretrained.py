"""Learned weights for a network's start: from a library, an installed package or a local file."""

import hashlib
import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from facsimile import errors, files
from facsimile.networks import weight_files
from facsimile.networks.architectures import Architecture, Paper, architecture_named
from facsimile.networks.key_tables import as_in_timm
from facsimile.networks.libraries import LibraryModel
from facsimile.networks.network import Network

IMAGENET = "imagenet"
PACKAGE = "package:"
RECORD = "record"
"""The entry of what weights are, in the file that ``fetch`` writes."""

SUFFIXES = (".safetensors", ".pth", ".pt")


def fetch(architecture: str, weights: str, destination: Path) -> None:
    """Write a backbone's starting weights as safetensors, keyed as in the network of ``build``.

    What they are is written with them; see ``record``.

    Parameters
    ----------
    architecture : a name that ``architecture_named`` knows.
    weights : ``imagenet`` for the weights that torchvision or timm publish; ``package:NAME`` for
        those that an installed package brings; or the path of a ``.safetensors``, ``.pth`` or
        ``.pt`` file with the state dict of the library's model (its classifier is ignored) or of
        the backbone alone.
    destination : the file to write.

    Raises
    ------
    UserError
        If the weights cannot be had, read, or do not fit the backbone.
    """
    plan = architecture_named(architecture)
    if weights == IMAGENET:
        state, source = _published(plan), "The published weights"
    else:
        path = _packaged(weights) if weights.startswith(PACKAGE) else Path(weights)
        state, source = read_state(path), f"Weights file '{path}'"
    expected = _expected(plan)
    state = as_in_timm(state, expected)
    state = matched(state, expected, f"{source} of network architecture '{architecture}'")
    tensors = {f"backbone.{name}": tensor for name, tensor in state.items()}
    # One entry: of several, safetensors writes another order each time.
    kept = json.dumps({"weights": weights, "sha256": _sha256(state)})
    with files.atomic(destination) as draft:
        save_file(tensors, draft, {RECORD: kept})


def start(network: Network, path: Path) -> None:
    """Load into a network what ``fetch`` wrote; its head stays as it is."""
    backbone = {name.removeprefix("backbone."): tensor for name, tensor in load_file(path).items()}
    network.backbone.load_state_dict(network.backbone.state_dict() | backbone)


def record(path: str | Path | None) -> dict[str, str]:
    """Return what a network starts from: ``weights``, and their ``sha256`` where they are learned.

    ``path`` is of what ``fetch`` wrote; None for random weights. The sum is over the names and
    bytes of all tensors, in the order of their names: the same weights have the same sum, from
    whatever file.
    """
    if path is None:
        return {"weights": "random"}
    with safe_open(path, "pt") as opened:
        return dict(sorted(json.loads(opened.metadata()[RECORD]).items()))


def _sha256(state: Mapping[str, Tensor]) -> str:
    total = hashlib.sha256()
    for name in sorted(state):
        total.update(name.encode() + state[name].numpy().tobytes())
    return total.hexdigest()


def _expected(plan: Architecture) -> dict[str, Tensor]:
    """Return the tensors that learned weights give a network, without numbers: not its head's."""
    with torch.device("meta"):
        tensors = plan.backbone().state_dict()
    head = plan.backbone.head_tensors() if isinstance(plan.backbone, LibraryModel) else set()
    return {name: tensor for name, tensor in tensors.items() if name not in head}


def _packaged(weights: str) -> Path:
    """Return the one file of weights that an installed package brings."""
    package = weights.removeprefix(PACKAGE)
    spec = find_spec(package) if package.isidentifier() else None
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise errors.UserError(
            f"The package '{package}' of `weights: {weights}` is not installed: install it, or "
            "give the path of a file."
        )
    found = sorted(one for one in Path(places[0]).rglob("*") if one.suffix in SUFFIXES)
    if len(found) != 1:
        raise errors.UserError(
            f"The package '{package}' of `weights: {weights}` holds {len(found)} files of weights "
            f"({', '.join(SUFFIXES)}), not one: give the path of the one that is meant."
        )
    return found[0]


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


def read_state(path: Path) -> Mapping[str, Tensor]:
    """Return the state dict in a ``.safetensors``, ``.pth`` or ``.pt`` file; run no code in it.

    Raises
    ------
    UserError
        If the file is missing, incomplete, or holds something else.
    """
    if not path.is_file():
        raise errors.UserError(
            f"Weights file '{path}' is missing: `weights` is `random`, `imagenet`, `package:NAME`, "
            f"or the path of a .safetensors, .pth or .pt file."
        )
    return weight_files.read(path)


def matched(
    state: Mapping[str, Tensor], expected: Mapping[str, Tensor], what: str, part: str = "backbone"
) -> dict[str, Tensor]:
    """Return the expected tensors out of a state dict, whatever prefix their names have there.

    ``what`` they are and of which ``part`` of a network is for the error where one is missing or
    has another shape.
    """
    prefix = prefix_of(state, expected, what)
    found = {name: state[prefix + name] for name in expected if prefix + name in state}
    for name in expected.keys() - found.keys():
        # Files older than PyTorch 0.4.1 do not count the batches, and nothing here needs to.
        if name.endswith("num_batches_tracked"):
            found[name] = torch.zeros((), dtype=torch.int64)
    missing = [name for name in expected if name not in found]
    if missing:
        raise errors.UserError(
            f"{what} lack {len(missing)} of the {part}'s {len(expected)} tensors, the first of "
            f"them '{missing[0]}': give the file that belongs to this architecture."
        )
    for name, tensor in expected.items():
        if found[name].shape != tensor.shape:
            raise errors.UserError(
                f"{what} hold '{name}' with shape {tuple(found[name].shape)}, but the {part}'s "
                f"is {tuple(tensor.shape)}: give the file that belongs to this architecture."
            )
    weight_files.refuse_odd_values(found, expected, what)
    return {
        name: found[name].to(expected[name].dtype).clone(memory_format=torch.contiguous_format)
        for name in expected
    }


def prefix_of(state: Mapping[str, Tensor], expected: Mapping[str, Tensor], what: str) -> str:
    """Return what the names of a backbone's tensors begin with in a state dict."""
    first = next(iter(expected))
    ending = [name for name in state if f".{name}".endswith(f".{first}")]
    prefixes = dict.fromkeys(name.removesuffix(first) for name in ending)
    counts = {one: sum(one + name in state for name in expected) for one in prefixes}
    whole = [one for one, count in counts.items() if count == len(expected)]
    if len(whole) > 1:
        raise errors.UserError(
            f"{what} hold the backbone {len(whole)} times, under {' and '.join(map(repr, whole))}: "
            "save the one that is meant."
        )
    return max(counts, key=lambda prefix: counts[prefix], default="")
