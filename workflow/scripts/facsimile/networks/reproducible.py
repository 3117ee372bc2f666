"""PyTorch with nothing left to chance."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def reproducible(seed: int, device: str, threads: int) -> Iterator[None]:
    """Run a block with seeded draws, deterministic kernels and a fixed number of threads.

    The number of threads decides the order of sums, and so the last digit. All settings, and the
    global random states, are afterwards as they were.
    """
    # cuBLAS is deterministic only with a fixed workspace, chosen before its first use.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    gpus = [torch.device(device)] if torch.device(device).type == "cuda" else []
    before = torch.are_deterministic_algorithms_enabled(), torch.get_num_threads()
    with torch.random.fork_rng(devices=gpus):
        try:
            torch.use_deterministic_algorithms(True)
            torch.set_num_threads(threads)
            torch.manual_seed(seed)
            yield
        finally:
            torch.use_deterministic_algorithms(before[0])
            torch.set_num_threads(before[1])
