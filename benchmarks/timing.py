"""What benchmarks share: the machine's name, and times taken in turns."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "workflow" / "scripts"))

from facsimile import devices  # noqa: E402
from facsimile.networks.architectures import ARCHITECTURES  # noqa: E402

LIGHT = ("weinet", "songnet", "mobilenet_v3", "efficientnet_v2")
TWELVE = tuple(name for name in ARCHITECTURES if name != "small")


def size_of(name: str, given: int | None) -> int:
    """Return the size of a network's images: its own, or the given one if it takes that."""
    plan = ARCHITECTURES[name]
    return max(given, plan.minimum_size) if given else plan.input_size


def machine(device: str) -> str:
    """Return the device's name, and what runs on it."""
    name = devices.name_of(device)
    return f"{name}, {torch.get_num_threads()} threads, torch {torch.__version__}"


def seconds(work: Callable, *arguments: int) -> float:
    """Return how long some work takes."""
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def in_turns(
    bare: Callable[[int], object], ours: Callable[[int], object], amount: int, turns: int
) -> tuple[list[float], list[float]]:
    """Return the seconds of two kinds of work, turn by turn.

    Half of the bare work comes before ours, and half after, so that a machine that slows down slows
    both alike.

    Parameters
    ----------
    bare, ours : take an amount of work, and end when it is done.
    """
    rows = []
    for _ in range(turns):
        half = amount // 2
        before, own, after = (
            seconds(bare, half),
            seconds(ours, amount),
            seconds(bare, amount - half),
        )
        rows.append((before + after, own))
    first, second = zip(*rows, strict=True)
    return list(first), list(second)
