"""Building any of the twelve architectures at any input size."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from facsimile import errors, seeds
from facsimile.networks.architectures import PLAIN, Architecture, architecture_named

CENTRED = ([0.5] * 3, [0.25] * 3)
"""Mean and standard deviation, per channel, that bring pixels to [-2, 2]."""

GLOROT: dict[str, Callable[[Tensor], Tensor]] = {
    "uniform": nn.init.xavier_uniform_,
    "normal": nn.init.xavier_normal_,
}


class Network(nn.Module):
    """Pixels in [0, 1], (N, 1 or 3, S, S), to the logits of the six expressions, (N, 6).

    Normalisation happens inside, so that an explainer blacks out pixels, not normalised values.
    """

    mean: Tensor
    std: Tensor
    backbone: nn.Module

    def __init__(self, backbone: nn.Module, head: nn.Module, mean: Sequence, std: Sequence):
        super().__init__()
        self.backbone, self.head = backbone, head
        # Not persistent: they belong to the architecture, so a weight file holds weights alone.
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1), persistent=False)

    def forward(self, pixels: Tensor) -> Tensor:
        """Return logits (N, 6)."""
        # Grey becomes three equal channels by broadcasting against the three means.
        logits: Tensor = self.head(self.backbone((pixels - self.mean) / self.std))
        return logits


def build(
    architecture: str,
    input_size: int | None = None,
    input_scaling: str = "standard",
    seed: int = 0,
) -> Network:
    """Return a network with random weights; the global random state stays as it was.

    Parameters
    ----------
    architecture : one of ``ARCHITECTURES``.
    input_size : width and height of its images, in pixels; the paper's if None.
    input_scaling : ``standard`` gives a backbone what its published ImageNet weights were trained
        on (also with random weights), and the others plain [0, 1]; ``unit`` gives all of them plain
        [0, 1], as the study's authors did; ``centred`` gives all of them [-2, 2], which a short
        training of an architecture without normalisation layers needs.
    seed : of the random weights.

    Raises
    ------
    UserError
        If the architecture or the scaling is unknown, or the input too small for the backbone.
    """
    plan = architecture_named(architecture)
    size = plan.input_size if input_size is None else input_size
    if size < plan.minimum_size:
        raise errors.UserError(
            f"Network architecture '{architecture}' takes images of {plan.minimum_size} pixels "
            f"or more, but its input size is {size}: raise `input_size`."
        )
    scalings = {"standard": plan.normalisation, "unit": PLAIN, "centred": CENTRED}
    if input_scaling not in scalings:
        raise errors.unknown("input scaling", input_scaling, scalings)
    mean, std = scalings[input_scaling]
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seeds.derive(seed, "weights", architecture))
        backbone = plan.backbone()
        head = plan.head(*_output_shape(plan, size))
        for part in (head,) if plan.pretrained else (backbone, head):
            _start_as_keras(part, GLOROT[plan.glorot])
    return Network(backbone, head, mean, std)


def to_pixels(faces: np.ndarray, device: str | torch.device) -> Tensor:
    """Return uint8 faces (N, S, S) as float pixels in [0, 1], (N, 1, S, S), on the device."""
    return torch.from_numpy(np.array(faces)).to(device).unsqueeze(1).float() / 255


def _output_shape(plan: Architecture, size: int) -> tuple[int, int, int]:
    """Return (channels, height, width) of the backbone's output, found without computing it."""
    with torch.device("meta"):
        return tuple(plan.backbone().eval()(torch.empty(1, 3, size, size)).shape[1:])


def _start_as_keras(module: nn.Module, glorot: Callable[[Tensor], Tensor]) -> None:
    """Draw weights as Keras, the study's library, does: Glorot, with biases of zero.

    PyTorch's own start has a third of the variance that keeps the signal's size from layer to
    layer, too little for deep networks without normalisation (Glorot and Bengio, 2010).
    """
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            glorot(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
