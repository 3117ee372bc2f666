"""Building networks of any architecture at any input size that it takes."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from facsimile import EXPRESSIONS, errors, seeds
from facsimile.networks.architectures import Architecture, architecture_named
from facsimile.networks.libraries import PLAIN, LibraryModel

CENTRED = ([0.5] * 3, [0.25] * 3)
"""Mean and standard deviation, per channel, that bring pixels to [-2, 2]."""

GLOROT: dict[str, Callable[[Tensor], Tensor]] = {
    "uniform": nn.init.xavier_uniform_,
    "normal": nn.init.xavier_normal_,
}


class Network(nn.Module):
    """Pixels in [0, 1], (N, 1 or 3, S, S), to the logits of the expressions, (N, outputs).

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
        """Return logits (N, outputs)."""
        # Grey becomes three equal channels by broadcasting against the three means.
        logits: Tensor = self.head(self.backbone((pixels - self.mean) / self.std))
        return logits


def last_features(network: nn.Module, pixels: Tensor) -> nn.Module:
    """Return the layer whose output is the last map of features, (N, C, H, W), before the head.

    Raises
    ------
    UserError
        If features are no maps at the end, as in vision transformers, or the network is a file
        that does not show its layers.
    """
    inner = getattr(network, "model", network)
    if not hasattr(inner, "backbone"):
        raise errors.UserError(
            "Grad-CAM needs a network whose layers can be seen, and this one is a finished file: "
            "give its weights and `architecture`, or explain it by another method."
        )
    backbone = inner.get_submodule("backbone")
    if not isinstance(inner.get_submodule("head"), nn.Identity):
        return backbone
    shapes: list[tuple[nn.Module, torch.Size]] = []

    def note(layer: nn.Module, _: object, output: object) -> None:
        if isinstance(output, Tensor) and output.ndim > 2:
            shapes.append((layer, output.shape))

    hooks = [layer.register_forward_hook(note) for layer in backbone.modules()]
    try:
        with torch.inference_mode():
            network(pixels)
    finally:
        for hook in hooks:
            hook.remove()
    maps = [(layer, shape) for layer, shape in shapes if len(shape) == 3 or shape[-1] > 1]
    layer, shape = maps[-1]
    # Channels come first; transformers end in tokens, or in maps with channels last.
    if len(shape) != 4 or shape[2] != shape[3]:
        raise errors.UserError(
            "Grad-CAM needs a network that ends in maps of features, and this one ends in "
            f"{type(layer).__name__} of shape {tuple(shape[1:])}: explain it by another method."
        )
    return layer


def build(
    architecture: str,
    input_size: int | None = None,
    input_scaling: str = "standard",
    seed: int = 0,
    outputs: int = len(EXPRESSIONS),
) -> Network:
    """Return a network with random weights; the global random state stays as it was.

    Parameters
    ----------
    architecture : a name that ``architecture_named`` knows.
    input_size : width and height of its images, in pixels; the paper's if None.
    input_scaling : ``standard`` gives a backbone what its published ImageNet weights were trained
        on (also with random weights), and the others plain [0, 1]; ``unit`` gives all of them plain
        [0, 1], as the study's authors did; ``centred`` gives all of them [-2, 2], which a short
        training of an architecture without normalisation layers needs.
    seed : of the random weights.
    outputs : how many answers it gives.

    Raises
    ------
    UserError
        If the architecture or the scaling is unknown, or the input too small for the backbone.
    """
    plan = architecture_named(architecture)
    size = plan.input_size if input_size is None else input_size
    _check_size(plan, size)
    scalings = {"standard": plan.normalisation, "unit": PLAIN, "centred": CENTRED}
    if input_scaling not in scalings:
        raise errors.unknown("input scaling", input_scaling, scalings)
    mean, std = scalings[input_scaling]
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seeds.derive(seed, "weights", architecture))
        count = {"outputs": outputs}
        backbone = plan.backbone(**count) if plan.whole else plan.backbone()
        head = plan.head(*(() if plan.whole else _output_shape(plan, size)), **count)
        for part in (head,) if plan.pretrained else (backbone, head):
            _start_as_keras(part, GLOROT[plan.glorot])
    return Network(backbone, head, mean, std)


def _check_size(plan: Architecture, size: int) -> None:
    fixed = plan.backbone.fixed_size if isinstance(plan.backbone, LibraryModel) else None
    if fixed and size != fixed:
        raise errors.UserError(
            f"Network architecture '{plan.name}' takes images of {fixed} pixels and no others, but "
            f"its input size is {size}: set `input_size: {fixed}`."
        )
    if size < plan.minimum_size:
        raise errors.UserError(
            f"Network architecture '{plan.name}' takes images of {plan.minimum_size} pixels "
            f"or more, but its input size is {size}: raise `input_size`."
        )


def to_pixels(faces: np.ndarray, device: str | torch.device) -> Tensor:
    """Return uint8 faces (N, S, S) as float pixels in [0, 1], (N, 1, S, S), on the device.

    Faces in colour are (N, S, S, 3), and become (N, 3, S, S).
    """
    return scaled(torch.from_numpy(np.array(faces)).to(device))


def scaled(faces: Tensor) -> Tensor:
    """Return the same of uint8 faces that are on the device."""
    pixels = faces.unsqueeze(1) if faces.ndim == 3 else faces.movedim(3, 1)
    return pixels.float().div_(255)


@cache
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
