"""Convolutional trunks and their ImageNet weights, as torchvision and timm hold them."""

from collections.abc import Mapping
from dataclasses import dataclass

import timm
from huggingface_hub import hf_hub_url
from torch import Tensor, nn
from torchvision import models


@dataclass(frozen=True)
class TorchvisionTrunk:
    """The ``features`` of a torchvision model; ``weights`` is a name of its weights enum."""

    model: str
    weights: str

    def __call__(self) -> nn.Module:
        """Return the trunk with random weights: (N, 3, S, S) to (N, C, H, W)."""
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

    def imagenet(self) -> Mapping[str, Tensor]:
        """Return the published weights of the whole model, downloaded where not at hand."""
        return self._published.get_state_dict(progress=False, check_hash=True)

    @property
    def _published(self) -> models.WeightsEnum:
        return models.get_model_weights(self.model)[self.weights]


@dataclass(frozen=True)
class TimmTrunk:
    """A timm model without pooling and classifier; ``model`` names its weights after the dot."""

    model: str

    def __call__(self) -> nn.Module:
        """Return the trunk with random weights: (N, 3, S, S) to (N, C, H, W)."""
        return self._create(pretrained=False)

    @property
    def normalisation(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Mean and standard deviation, per channel, of the images the weights were trained on."""
        return self._published.mean, self._published.std

    @property
    def origin(self) -> str:
        """Address of the published file."""
        hub = self._published.hf_hub_id
        return hf_hub_url(hub, "model.safetensors") if hub else self._published.url

    def imagenet(self) -> Mapping[str, Tensor]:
        """Return the published weights of the trunk, downloaded where not at hand."""
        return self._create(pretrained=True).state_dict()

    def _create(self, pretrained: bool) -> nn.Module:
        return timm.create_model(self.model, pretrained, num_classes=0, global_pool="")

    @property
    def _published(self) -> timm.models.PretrainedCfg:
        return timm.models.get_pretrained_cfg(self.model)
