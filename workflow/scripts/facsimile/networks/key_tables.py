"""Names of tensors in files of other libraries, and what timm calls the same tensors."""

import re
from collections.abc import Collection, Mapping, Sequence

from torch import Tensor

EFFICIENTNET_PYTORCH = {
    "_conv_stem": "conv_stem",
    "_bn0": "bn1",
    "_conv_head": "conv_head",
    "_bn1": "bn2",
    "_fc": "classifier",
}
"""Layers outside the blocks."""

INVERTED = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}
"""Layers of a block that expands its input first."""

SEPARABLE = {
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn1",
    "_project_conv": "conv_pw",
    "_bn2": "bn2",
}
"""Layers of a block that does not."""

BLOCK = re.compile(r"_blocks\.(\d+)\.(\w+)\.(.+)")
PLACE = re.compile(r"blocks\.\d+\.\d+")


def as_in_timm(state: Mapping[str, Tensor], expected: Collection[str]) -> Mapping[str, Tensor]:
    """Return a state dict under timm's names, if it has those of efficientnet-pytorch.

    That package (github.com/lukemelas/EfficientNet-PyTorch) counts blocks from first to last, timm
    within stages. Tensors are the same; any other state dict is returned as it is.

    Parameters
    ----------
    state : name to tensor.
    expected : timm's names of the same architecture, in its order.
    """
    if "_conv_stem.weight" not in state:
        return state
    names = set(expected)
    blocks = list(dict.fromkeys(match[0] for match in map(PLACE.match, expected) if match))
    return {_named(name, blocks, names): tensor for name, tensor in state.items()}


def _named(name: str, blocks: Sequence[str], expected: Collection[str]) -> str:
    """Return timm's name of a tensor; its own if timm has no such layer, which is told later."""
    if not (match := BLOCK.fullmatch(name)):
        layer, _, rest = name.partition(".")
        return f"{EFFICIENTNET_PYTORCH.get(layer, layer)}.{rest}"
    number, layer, rest = int(match[1]), match[2], match[3]
    if number >= len(blocks):
        return name
    layers = INVERTED if f"{blocks[number]}.conv_pwl.weight" in expected else SEPARABLE
    return f"{blocks[number]}.{layers.get(layer, layer)}.{rest}"
