"""How many images, in which memory layout, a network answers fastest: found by measuring.

On a CPU a batch that outgrows the caches can be several times slower than a small one, and on a
GPU a small one leaves most of it idle; no constant is right for both.
"""

import copy
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import nn

from facsimile import devices

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}

EXACT = 0.15
"""Share of a network's layers, the first ones, that stay in float32 at lower precision.

Rounding in them is what deep networks pass on most: with them exact, heatmaps of the default
study's networks correlate by .999 and more with those of float32, without them by less.
"""

LAYOUTS = {"channels_last": torch.channels_last, "contiguous": torch.contiguous_format}
BATCH_SIZES = {
    "cpu": (2, 4, 8, 16, 32),
    "cuda": (16, 32, 64, 128, 256, 512, 1024),
    "mps": (8, 16, 32, 64, 128, 256),
}

ROUNDS = 2
WORSE = 0.8
"""Share of the best rate under which larger batches are not tried any more."""


@dataclass(frozen=True)
class Throughput:
    """How a network answers fastest: images together, and their memory layout in ``LAYOUTS``."""

    batch_size: int
    layout: str = "channels_last"

    @classmethod
    def best(cls, table: pd.DataFrame) -> "Throughput":
        """Return the fastest row of what ``sweep`` measured."""
        row = table.iloc[int(table["images_per_second"].argmax())]
        return cls(int(row["batch_size"]), row["layout"])


def ready(network: nn.Module, device: str, precision: str, layout: str) -> nn.Module:
    """Return a network on the device, in evaluation mode, at a precision and memory layout.

    At lower precision convolutions and dense layers compute in it, but for the first ones; the
    statistics of batch normalisation, and the network's own normalisation of pixels, stay in
    float32. The network itself is changed.
    """
    network = network.to(device).to(memory_format=layout_of(layout)).eval()
    if DTYPES[precision] != torch.float32:
        layers = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
        for number, layer in enumerate(layers):
            if number >= int(EXACT * len(layers)):
                layer.to(DTYPES[precision])
            layer.register_forward_pre_hook(_as_weights)
    return network


def _as_weights(layer: nn.Conv2d | nn.Linear, inputs: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
    return (inputs[0].to(layer.weight.dtype),)


def layout_of(name: str) -> torch.memory_format:
    """Return PyTorch's memory format of a layout."""
    return LAYOUTS[name]


@torch.inference_mode()
def sweep(
    network: nn.Module, size: int, device: str = "cpu", precision: str = "float32"
) -> pd.DataFrame:
    """Measure how many images a second a network answers, by layout and batch size.

    Each is measured ``ROUNDS`` times and the best counts, since a busy machine only ever slows.

    Parameters
    ----------
    network : takes (n, 1, size, size).

    Returns
    -------
    Columns layout, batch_size, images_per_second.
    """
    kind = torch.device(device).type
    rows = []
    for layout, memory_format in LAYOUTS.items():
        made = ready(copy.deepcopy(network), device, precision, layout)
        best = 0.0
        for batch_size in BATCH_SIZES[kind]:
            try:
                rate = max(
                    _rate(made, batch_size, size, memory_format, torch.device(device))
                    for _ in range(ROUNDS)
                )
            except Exception as error:
                if not devices.is_full(error):
                    raise
                break
            rows.append({"layout": layout, "batch_size": batch_size, "images_per_second": rate})
            if rate < WORSE * best:
                break
            best = max(best, rate)
    return pd.DataFrame(rows)


def _rate(
    network: nn.Module,
    batch_size: int,
    size: int,
    memory_format: torch.memory_format,
    device: torch.device,
) -> float:
    pixels = torch.from_numpy(
        np.random.default_rng(0).random((batch_size, 1, size, size), np.float32)
    )
    pixels = pixels.to(device).contiguous(memory_format=memory_format)
    network(pixels)
    repeats = max(1, 8 // batch_size) if device.type == "cpu" else 4
    _wait(device)
    start = time.perf_counter()
    for _ in range(repeats):
        network(pixels)
    _wait(device)
    return batch_size * repeats / (time.perf_counter() - start)


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
