"""Architectures: the study's twelve and all of two libraries, known without PyTorch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from facsimile import EXPRESSIONS
from facsimile.errors import unknown
from facsimile.networks.backbones import TimmBackbone, TorchvisionBackbone
from facsimile.networks.libraries import PLAIN, LibraryModel, check_name

if TYPE_CHECKING:
    from torch import nn


def no_head(*_: int, outputs: int = 0) -> "nn.Module":
    """Return nothing to add to a model that is whole."""
    from torch import nn

    return nn.Identity()


def pooled_head(
    channels: int, height: int, width: int, outputs: int = len(EXPRESSIONS), bias: bool = True
) -> "nn.Module":
    """Return global average pooling and one linear layer to the expressions."""
    from torch import nn

    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, outputs, bias))


@dataclass(frozen=True)
class Paper:
    """A function of ``paper_networks``, which needs PyTorch, imported once it is called."""

    function: str

    def __call__(self, *shape: int, **outputs: int) -> "nn.Module":
        """Return the layers that it makes."""
        from facsimile.networks import paper_networks

        layers: nn.Module = getattr(paper_networks, self.function)(*shape, **outputs)
        return layers


@dataclass(frozen=True)
class Architecture:
    """A backbone and a head to six expressions.

    ``head`` takes the backbone's output shape (channels, height, width). ``glorot``, uniform or
    normal, fills the weights that no library starts: the head's, or all of them where the backbone
    is the paper's own.
    """

    name: str
    input_size: int
    backbone: TimmBackbone | TorchvisionBackbone | LibraryModel | Paper
    head: "Callable[[int, int, int], nn.Module]" = pooled_head
    minimum_size: int = 32
    glorot: Literal["uniform", "normal"] = "uniform"

    @property
    def whole(self) -> bool:
        """Whether the backbone is a whole model, which has its own head."""
        return isinstance(self.backbone, LibraryModel)

    @property
    def pretrained(self) -> bool:
        """Whether ImageNet weights are published for the backbone."""
        return not isinstance(self.backbone, Paper)

    @property
    def normalisation(self) -> tuple[Sequence[float], Sequence[float]]:
        """Mean and standard deviation per channel: those of the published weights, or 0 and 1."""
        return PLAIN if isinstance(self.backbone, Paper) else self.backbone.normalisation


ARCHITECTURES = {
    architecture.name: architecture
    for architecture in (
        Architecture("alexnet", 224, Paper("alexnet_backbone"), Paper("alexnet_head")),
        Architecture("weinet", 64, Paper("weinet_backbone"), Paper("flat_head")),
        Architecture("songnet", 224, Paper("songnet_backbone"), Paper("flat_head")),
        Architecture(
            "silnet", 150, Paper("silnet_backbone"), Paper("silnet_head"), glorot="normal"
        ),
        Architecture("vgg16", 224, TorchvisionBackbone("vgg16", "IMAGENET1K_V1")),
        Architecture("vgg19", 224, TorchvisionBackbone("vgg19", "IMAGENET1K_V1")),
        Architecture("resnet50", 224, TimmBackbone("resnet50.tv_in1k")),
        Architecture("resnet101_v2", 224, TimmBackbone("resnetv2_101.a1h_in1k")),
        Architecture("inception_v3", 224, TimmBackbone("inception_v3.tv_in1k"), minimum_size=75),
        Architecture("xception", 224, TimmBackbone("legacy_xception.tf_in1k")),
        # The study's 2,977,712 parameters leave none for a bias: 2,971,952 + 960 channels x 6.
        Architecture(
            "mobilenet_v3",
            224,
            TorchvisionBackbone("mobilenet_v3_large", "IMAGENET1K_V1"),
            partial(pooled_head, bias=False),
        ),
        Architecture("efficientnet_v2", 224, TimmBackbone("tf_efficientnetv2_b0.in1k")),
        Architecture("small", 48, Paper("small_backbone"), Paper("flat_head")),
    )
}
"""The study's twelve, by name, in its order; and a small one of our own."""


def architecture_named(name: str) -> Architecture:
    """Return one of the twelve, or a library's, such as ``timm/convnext_tiny``.

    Raises
    ------
    UserError
        If there is no such architecture; with the nearest name.
    """
    if "/" in name:
        check_name(name)
        return Architecture(name, 224, LibraryModel(*name.split("/", 1)), no_head)
    if name not in ARCHITECTURES:
        raise unknown(
            "network architecture", name, [*ARCHITECTURES, "timm/NAME", "torchvision/NAME"]
        )
    return ARCHITECTURES[name]
