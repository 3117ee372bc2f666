"""The state of a training between two epochs, and its file."""

from pathlib import Path
from typing import Any

import torch
from torch import nn

from facsimile.files import atomic

History = list[dict[str, float]]


def save_state(
    path: Path, network: nn.Module, optimiser: torch.optim.Optimizer, history: History, device: str
) -> None:
    """Write all that the next epoch follows from, whole or not at all.

    ``history`` has a row for each epoch done. The draws of an epoch follow from its number; only
    dropout's go on from one epoch to the next.
    """
    state = {
        "network": network.state_dict(),
        "optimiser": optimiser.state_dict(),
        "history": history,
        "draws": torch.get_rng_state(),
        "device_draws": _device(device).get_rng_state() if _device(device) else None,
    }
    with atomic(path) as draft:
        torch.save(state, draft)


def load_state(
    path: Path, network: nn.Module, optimiser: torch.optim.Optimizer, device: str
) -> History:
    """Bring a training to where it stood, and return its history: none if nothing was kept."""
    if not path.is_file():
        return []
    state = torch.load(path, map_location="cpu", weights_only=True)
    network.load_state_dict(state["network"])
    optimiser.load_state_dict(state["optimiser"])
    torch.set_rng_state(state["draws"])
    if (module := _device(device)) and state["device_draws"] is not None:
        module.set_rng_state(state["device_draws"])
    return list(state["history"])


def _device(device: str) -> Any:
    """Return PyTorch's module of a device that has random draws of its own; none for the CPU."""
    kind = torch.device(device).type
    return getattr(torch, kind) if kind in ("cuda", "mps") else None
