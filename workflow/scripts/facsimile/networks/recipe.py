"""All that makes a network, but for the faces and the seed; known without PyTorch."""

from dataclasses import dataclass
from typing import Literal

from facsimile.networks.architectures import architecture_named
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """An architecture, its weights at the start, and how it is trained."""

    architecture: str = option(
        "One of the study's twelve (docs/networks.md), or any image classifier of a library by its "
        "name there: timm/NAME, torchvision/NAME."
    )
    input_size: int = option(
        "Width and height of the images that the network takes, in pixels.", ge=32, le=1024
    )
    weights: str = option(
        "Weights at the start: random; imagenet, fetched by the library that publishes them; "
        "package:NAME, of an installed package; or the path of a file (.safetensors, .pth).",
        "random",
    )
    input_scaling: Literal["standard", "unit", "centred"] = option(
        "standard: the normalisation that the architecture's published weights were trained with, "
        "or plain 0 to 1 where there are none; unit: 0 to 1 for all, as the authors did; centred: "
        "mean 0.5 and standard deviation 0.25 for all.",
        "standard",
    )
    optimiser: Literal["adam", "rmsprop"] = option("Adam or RMSprop.", "adam")
    learning_rate: float = option("Length of the optimiser's steps.", 1.0e-4, gt=0)
    epochs: int = option("Passes over the training faces.", 10, ge=1)
    batch_size: int = option("Faces of a training step.", 128, ge=2)
    precision: Literal["float32", "bfloat16"] = option(
        "In which products are taken in training; weights and sums stay in float32. bfloat16 is "
        "faster for some networks (docs/networks.md).",
        "float32",
    )
    augment: bool = option(
        "Flip, rotate, shift and change the contrast of training faces at random.", True
    )
    occlude_share: float = option(
        "Share of training faces of which about half is blacked out, in random squares; it grows "
        "from none in the first epoch to this in the last. Networks that have met hidden parts can "
        "be explained by hiding parts (see docs/validation.md). The paper's have not (0).",
        0.0,
        ge=0,
        le=1,
    )

    def __post_init__(self) -> None:
        architecture_named(self.architecture)
