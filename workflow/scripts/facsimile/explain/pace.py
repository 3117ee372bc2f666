"""How many images, in which memory layout, a network answers fastest: found by measuring.

On a CPU a batch that outgrows the caches can be several times slower than a small one, and on a
GPU a small one leaves most of it idle; no constant is right for both.
"""

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import nn

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}
LAYOUTS = {"channels_last": torch.channels_last, "contiguous": torch.contiguous_format}
BATCHES = {"cpu": (2, 4, 8, 16, 32, 64), "cuda": (16, 32, 64, 128, 256, 512, 1024)}

ROUNDS = 2
WORSE = 0.8
"""Share of the best rate under which larger batches are not tried any more."""


@dataclass(frozen=True)
class Pace:
    """A batch size, and the memory layout of images and weights: a key of ``LAYOUTS``."""

    batch: int
    layout: str = "channels_last"

    @classmethod
    def best(cls, table: pd.DataFrame) -> "Pace":
        """Return the fastest row of what ``sweep`` measured."""
        row = table.loc[table["images_per_second"].idxmax()]
        return cls(int(row["batch"]), row["layout"])


def layout_of(name: str) -> torch.memory_format:
    """Return PyTorch's memory format of a layout."""
    return LAYOUTS[name]


@torch.inference_mode()
def sweep(
    network: nn.Module, size: int, device: str = "cpu", precision: str = "float32"
) -> pd.DataFrame:
    """Measure how many images a second a network answers, by layout and batch.

    Each is measured ``ROUNDS`` times and the best counts, since a busy machine only ever slows.

    Parameters
    ----------
    network : takes (n, 1, size, size); it is moved to the device and precision.

    Returns
    -------
    Columns layout, batch, images_per_second.
    """
    kind = torch.device(device).type
    rows = []
    for layout, memory_format in LAYOUTS.items():
        ready = network.to(device, DTYPES[precision], memory_format=memory_format).eval()
        best = 0.0
        for batch in BATCHES[kind]:
            try:
                rate = max(_rate(ready, batch, size, memory_format) for _ in range(ROUNDS))
            except torch.OutOfMemoryError:
                break
            rows.append({"layout": layout, "batch": batch, "images_per_second": rate})
            if rate < WORSE * best:
                break
            best = max(best, rate)
    return pd.DataFrame(rows)


def _rate(network: nn.Module, batch: int, size: int, memory_format: torch.memory_format) -> float:
    weights = next(network.parameters())
    pixels = torch.from_numpy(np.random.default_rng(0).random((batch, 1, size, size), np.float32))
    pixels = pixels.to(weights.device, weights.dtype).contiguous(memory_format=memory_format)
    network(pixels)
    repeats = max(1, 8 // batch) if weights.device.type == "cpu" else 4
    _wait(weights.device)
    start = time.perf_counter()
    for _ in range(repeats):
        network(pixels)
    _wait(weights.device)
    return batch * repeats / (time.perf_counter() - start)


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
