"""Convolutional backbones and their ImageNet weights, as torchvision and timm hold them.

The libraries are imported when they are asked, so that the names are known without PyTorch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timm.models import PretrainedCfg
    from torch import Tensor, nn
    from torchvision.models import WeightsEnum


@dataclass(frozen=True)
class TorchvisionBackbone:
    """The ``features`` of a torchvision model; ``weights`` is a name of its weights enum."""

    model: str
    weights: str

    def __call__(self) -> "nn.Module":
        """Return the backbone with random weights: (N, 3, S, S) to (N, C, H, W)."""
        from torchvision import models

        return models.get_model(self.model, weights=None).features

    @property
    def normalisation(self) -> tuple[list[float], list[float]]:
        """Mean and standard deviation, per channel, of the images the weights were trained on."""
        transforms = self._published.transforms()
        return transforms.mean, transforms.std

    @property
    def origin(self) -> str:
        """Address of the published file."""
        return self._published.url

    def imagenet(self) -> "Mapping[str, Tensor]":
        """Return the published weights of the whole model, downloaded where not at hand."""
        return self._published.get_state_dict(progress=False, check_hash=True)

    @property
    def _published(self) -> "WeightsEnum":
        from torchvision import models

        return models.get_model_weights(self.model)[self.weights]


@dataclass(frozen=True)
class TimmBackbone:
    """A timm model without pooling and classifier; ``model`` names its weights after the dot."""

    model: str

    def __call__(self) -> "nn.Module":
        """Return the backbone with random weights: (N, 3, S, S) to (N, C, H, W)."""
        return self._create(pretrained=False)

    @property
    def normalisation(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Mean and standard deviation, per channel, of the images the weights were trained on."""
        return self._published.mean, self._published.std

    @property
    def origin(self) -> str:
        """Address of the published file."""
        from huggingface_hub import hf_hub_url

        hub = self._published.hf_hub_id
        return hf_hub_url(hub, "model.safetensors") if hub else str(self._published.url)

    def imagenet(self) -> "Mapping[str, Tensor]":
        """Return the published weights of the backbone, downloaded where not at hand."""
        return self._create(pretrained=True).state_dict()

    def _create(self, pretrained: bool) -> "nn.Module":
        import timm

        return timm.create_model(self.model, pretrained, num_classes=0, global_pool="")

    @property
    def _published(self) -> "PretrainedCfg":
        import timm

        published = timm.models.get_pretrained_cfg(self.model)
        assert published is not None, f"timm publishes no weights {self.model}"
        return published
