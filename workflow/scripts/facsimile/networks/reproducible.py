"""PyTorch with nothing left to chance, and float32 that is float32."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from facsimile import devices


@contextmanager
def reproducible(
    seed: int, device: str, threads: int, deterministic: bool = True
) -> Iterator[None]:
    """Run a block with seeded draws, deterministic kernels and a fixed number of threads.

    The number of threads decides the order of sums, and so the last digit. Products are taken in
    float32, not in TF32, whose 10 bits newer GPUs use for convolutions unless told otherwise. All
    settings, and the global random states, are afterwards as they were (Apple's GPU keeps its own).

    Parameters
    ----------
    deterministic : whether only kernels may run that give the same bytes each time; otherwise
        cuDNN tries which are fastest.
    """
    # cuBLAS is deterministic only with a fixed workspace, chosen before its first use.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    gpus = [torch.device(device)] if torch.device(device).type == "cuda" else []
    before = torch.are_deterministic_algorithms_enabled(), torch.get_num_threads()
    cudnn = torch.backends.cudnn
    products = torch.get_float32_matmul_precision(), cudnn.allow_tf32, cudnn.benchmark
    with torch.random.fork_rng(devices=gpus):
        try:
            torch.use_deterministic_algorithms(deterministic)
            torch.set_num_threads(threads)
            torch.set_float32_matmul_precision("highest")
            cudnn.allow_tf32, cudnn.benchmark = False, not deterministic
            torch.manual_seed(seed)
            yield
        finally:
            torch.use_deterministic_algorithms(before[0])
            torch.set_num_threads(before[1])
            torch.set_float32_matmul_precision(products[0])
            cudnn.allow_tf32, cudnn.benchmark = products[1:]


def precision_record(
    device: str = "cpu", threads: int = 1, deterministic: bool = True
) -> dict[str, str | bool]:
    """Return in what precision jobs compute here, for the record of a study.

    ``device`` is its name; ``float32_products`` PyTorch's word for those of matrices (``highest``:
    float32); ``tf32`` whether matrices or convolutions may be multiplied in TF32 instead;
    ``deterministic`` whether kernels have to be.
    """
    with reproducible(0, device, threads, deterministic):
        return {
            "device": devices.name_of(device),
            "float32_products": torch.get_float32_matmul_precision(),
            "tf32": torch.backends.cuda.matmul.allow_tf32 or torch.backends.cudnn.allow_tf32,
            "deterministic": torch.are_deterministic_algorithms_enabled(),
        }
