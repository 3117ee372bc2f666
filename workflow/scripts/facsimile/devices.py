"""Devices: whether the one that a study asks for is on this machine."""

from facsimile.errors import UserError


def require(device: str) -> None:
    """Refuse a device that is not here, before anything is computed.

    Raises
    ------
    UserError
        If it is a GPU, and PyTorch finds none.
    """
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        raise UserError(
            "The setting `device: cuda` needs an NVIDIA GPU, and PyTorch finds none on this "
            "machine: run where there is one (nvidia-smi lists them), or set `device: cpu`."
        )
