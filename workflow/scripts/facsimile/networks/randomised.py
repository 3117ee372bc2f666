"""Networks that forget what they have learned, layer by layer from the top.

A heatmap that stays as it is while the network forgets does not show what the network has learned
(parameter randomisation; Adebayo and others, NeurIPS 2018). Forgotten layers are those of a twin:
the same architecture, untrained.
"""

import copy
from collections.abc import Iterable

from torch import Tensor, nn
from torch.optim.swa_utils import update_bn

from facsimile.networks.finished import Finished
from facsimile.networks.network import Network, build
from facsimile.networks.recipe import Recipe


def twin_of(network: Recipe | Finished, seed: int) -> Network | None:
    """Return an untrained network of the same architecture; None where that is not known."""
    if isinstance(network, Recipe):
        return build(network.architecture, network.input_size, network.input_scaling, seed)
    if network.architecture is None:
        return None
    outputs = len(network.classes)
    return build(network.architecture, network.input_size, "unit", seed, outputs)


def forget(network: nn.Module, twin: Network, share: float, batches: Iterable[Tensor]) -> nn.Module:
    """Return a network whose layers are its twin's from the top down, and its own below.

    Parameters
    ----------
    network : trained here, or a finished one of the twin's architecture; it is left alone.
    share : of its layers that it forgets; one at least.
    batches : of pixels as the network takes them, for the statistics of batch normalisation, which
        belong to the weights below: taken anew.
    """
    forgetful = copy.deepcopy(network)
    layers = _layers(forgetful)
    first = min(len(layers) - 1, int(len(layers) * (1 - share)))
    for mine, other in zip(layers[first:], _layers(twin)[first:], strict=True):
        for name, weight in mine.named_parameters(recurse=False):
            weight.data.copy_(other.get_parameter(name).data)
    update_bn(batches, forgetful)
    return forgetful.eval()


def _layers(network: nn.Module) -> list[nn.Module]:
    """Return the layers with weights of their own, from the bottom up, as they are declared."""
    return [one for one in network.modules() if list(one.parameters(recurse=False))]
