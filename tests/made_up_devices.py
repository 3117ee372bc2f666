"""Devices that are not here."""

from types import SimpleNamespace

import torch


def pretend(monkeypatch, gpus=0, apple=False, known="GPU-{}"):
    """Have PyTorch find so many NVIDIA GPUs, and Apple's or not."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpus > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)
    about = {place: SimpleNamespace(uuid=known.format(place)) for place in range(gpus)}
    monkeypatch.setattr(torch.cuda, "get_device_properties", about.get)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: apple)
