"""The twelve architectures, and building any of them at any input size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from facsimile import EXPRESSIONS, errors, seeds
from facsimile.networks import own
from facsimile.networks.libraries import TimmTrunk, TorchvisionTrunk

INPUT_SCALINGS = ("standard", "unit", "centred")
PLAIN, CENTRED = ([0.0] * 3, [1.0] * 3), ([0.5] * 3, [0.25] * 3)


def pooled_head(channels: int, height: int, width: int, bias: bool = True) -> nn.Module:
    """Return global average pooling and one linear layer to the six expressions."""
    return nn.Sequential(
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, len(EXPRESSIONS), bias)
    )


@dataclass(frozen=True)
class Architecture:
    """A convolutional trunk and a head to six expressions.

    ``head`` takes the trunk's output shape (channels, height, width). ``glorot`` fills the weights
    that no library starts: the head's, or all of them where the trunk is our own.
    """

    name: str
    input_size: int
    trunk: Callable[[], nn.Module]
    head: Callable[[int, int, int], nn.Module] = pooled_head
    minimum_size: int = 32
    glorot: Callable[[Tensor], Tensor] = nn.init.xavier_uniform_

    @property
    def pretrained(self) -> bool:
        """Whether ImageNet weights are published for the trunk."""
        return isinstance(self.trunk, TimmTrunk | TorchvisionTrunk)

    @property
    def normalisation(self) -> tuple[Sequence[float], Sequence[float]]:
        """Mean and standard deviation per channel: those of the published weights, or 0 and 1."""
        return self.trunk.normalisation if self.pretrained else PLAIN


ARCHITECTURES = {
    architecture.name: architecture
    for architecture in (
        Architecture("alexnet", 224, own.alexnet_trunk, own.alexnet_head),
        Architecture("weinet", 64, own.weinet_trunk, own.flat_head),
        Architecture("songnet", 224, own.songnet_trunk, own.flat_head),
        Architecture(
            "silnet", 150, own.silnet_trunk, own.silnet_head, glorot=nn.init.xavier_normal_
        ),
        Architecture("vgg16", 224, TorchvisionTrunk("vgg16", "IMAGENET1K_V1")),
        Architecture("vgg19", 224, TorchvisionTrunk("vgg19", "IMAGENET1K_V1")),
        Architecture("resnet50", 224, TimmTrunk("resnet50.tv_in1k")),
        Architecture("resnet101_v2", 224, TimmTrunk("resnetv2_101.a1h_in1k")),
        Architecture("inception_v3", 224, TimmTrunk("inception_v3.tv_in1k"), minimum_size=75),
        Architecture("xception", 224, TimmTrunk("legacy_xception.tf_in1k")),
        # The study's 2,977,712 parameters leave none for a bias: 2,971,952 + 960 channels x 6.
        Architecture(
            "mobilenet_v3",
            224,
            TorchvisionTrunk("mobilenet_v3_large", "IMAGENET1K_V1"),
            partial(pooled_head, bias=False),
        ),
        Architecture("efficientnet_v2", 224, TimmTrunk("tf_efficientnetv2_b0.in1k")),
    )
}
"""The twelve, by name, in the order of the study."""


class Network(nn.Module):
    """Pixels in [0, 1], (N, 1 or 3, S, S), to the logits of the six expressions, (N, 6).

    Normalisation happens inside, so that an explainer blacks out pixels, not normalised values.
    """

    def __init__(self, trunk: nn.Module, head: nn.Module, mean: Sequence, std: Sequence):
        super().__init__()
        self.trunk, self.head = trunk, head
        # Not persistent: they belong to the architecture, so a weight file holds weights alone.
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1), persistent=False)

    def forward(self, pixels: Tensor) -> Tensor:
        """Return logits (N, 6)."""
        # Grey becomes three equal channels by broadcasting against the three means.
        return self.head(self.trunk((pixels - self.mean) / self.std))


def architecture_named(name: str) -> Architecture:
    """Return one of the twelve; raise ``UserError`` with the nearest name if there is no such."""
    if name not in ARCHITECTURES:
        raise errors.unknown("network architecture", name, ARCHITECTURES)
    return ARCHITECTURES[name]


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
    input_scaling : ``standard`` gives a trunk what its published ImageNet weights were trained on
        (also with random weights), and the other trunks plain [0, 1]; ``unit`` gives all of them
        plain [0, 1], as the study's authors did; ``centred`` gives all of them [-2, 2], which a
        short training of an architecture without normalisation layers needs.
    seed : of the random weights.

    Raises
    ------
    UserError
        If the architecture or the scaling is unknown, or the input too small for the trunk.
    """
    plan = architecture_named(architecture)
    size = plan.input_size if input_size is None else input_size
    if size < plan.minimum_size:
        raise errors.UserError(
            f"Network architecture '{architecture}' takes images of {plan.minimum_size} pixels "
            f"or more, but its input size is {size}: raise `input_size`."
        )
    if input_scaling not in INPUT_SCALINGS:
        raise errors.unknown("input scaling", input_scaling, INPUT_SCALINGS)
    scalings = dict(zip(INPUT_SCALINGS, (plan.normalisation, PLAIN, CENTRED), strict=True))
    mean, std = scalings[input_scaling]
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seeds.derive(seed, "weights", architecture))
        trunk = plan.trunk()
        head = plan.head(*_output_shape(plan, size))
        for part in (head,) if plan.pretrained else (trunk, head):
            _start_as_keras(part, plan.glorot)
    return Network(trunk, head, mean, std)


def to_pixels(faces: np.ndarray, device: str) -> Tensor:
    """Return uint8 faces (N, S, S) as float pixels in [0, 1], (N, 1, S, S), on the device."""
    return torch.from_numpy(np.array(faces)).to(device).unsqueeze(1).float() / 255


def _output_shape(plan: Architecture, size: int) -> tuple[int, int, int]:
    """Return (channels, height, width) of the trunk's output, found without computing it."""
    with torch.device("meta"):
        return tuple(plan.trunk().eval()(torch.empty(1, 3, size, size)).shape[1:])


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
