"""Any image classifier of timm or torchvision, by the library's own name.

Which names there are is read from the libraries' sources: importing them takes seconds, and every
plan of a study would wait for it.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facsimile import EXPRESSIONS
from facsimile.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor, nn

PLAIN = ([0.0] * 3, [1.0] * 3)
"""Mean and standard deviation, per channel, that leave pixels as they are."""

LIBRARIES = ("timm", "torchvision")
REGISTERED = re.compile(r"^@register_model\b.*?^def (\w+)", re.MULTILINE | re.DOTALL)


def known(library: str) -> list[str]:
    """Return the names of a library's image classifiers."""
    return [name for text in _sources(library) for name in REGISTERED.findall(text)]


@cache
def _sources(library: str) -> list[str]:
    spec = find_spec(library)
    places = spec.submodule_search_locations if spec else None
    files = [one for place in places or () for one in sorted(Path(place, "models").glob("*.py"))]
    return [one.read_text(errors="ignore") for one in files]


def _has(library: str, model: str) -> bool:
    """Return whether a library has a model, without looking for all that it has."""
    for text in _sources(library):
        before, found, _ = text.partition(f"\ndef {model}(")
        if found and "@register_model" in before.rpartition("\ndef ")[2]:
            return True
    return False


def check_name(architecture: str) -> None:
    """Refuse a name such as ``timm/convnext_tiny`` that its library does not have.

    Raises
    ------
    UserError
        If there is no such library or no such model; with the nearest name.
    """
    library, _, model = architecture.partition("/")
    if library not in LIBRARIES:
        raise UserError(
            f"Unknown library '{library}' of network architecture '{architecture}': give "
            f"{' or '.join(f'{one}/NAME' for one in LIBRARIES)}."
        )
    plain = model.partition(".")[0]
    if not _has(library, plain):
        near = difflib.get_close_matches(plain, known(library), n=1, cutoff=0.5)
        hint = f" Did you mean '{library}/{near[0]}'?" if near else ""
        raise UserError(
            f"Unknown network architecture '{architecture}': {library} has no model "
            f"'{plain}'.{hint} `python -c 'import {library}; "
            f"print({library}{'' if library == 'timm' else '.models'}.list_models())'` lists all."
        )


@dataclass(frozen=True)
class LibraryModel:
    """A library's model, whole: its own pooling and head, with an output for each expression.

    ``library`` is timm or torchvision, ``model`` a name there, of timm maybe with the tag of its
    published weights after a dot.
    """

    library: str
    model: str

    def __call__(self, outputs: int = len(EXPRESSIONS)) -> "nn.Module":
        """Return the model with random weights: (N, 3, S, S) to the logits (N, outputs)."""
        return self._create(num_classes=outputs)

    @property
    def fixed_size(self) -> int | None:
        """The one width and height of images that it takes, or None if it takes any."""
        if self.library == "torchvision":
            return 224 if self.model.startswith(("vit_", "maxvit_")) else None
        published = self._published
        fixed = published is not None and published.fixed_input_size
        return int(published.input_size[-1]) if fixed else None

    @property
    def normalisation(self) -> tuple[Sequence[float], Sequence[float]]:
        """Mean and standard deviation, per channel, of the images its weights were trained on."""
        if self._published is None:
            return PLAIN
        if self.library == "timm":
            return self._published.mean, self._published.std
        transforms = self._published.transforms()
        return transforms.mean, transforms.std

    @property
    def origin(self) -> str:
        """Address of the published file."""
        if self.library == "timm" and (hub := self._published.hf_hub_id):
            from huggingface_hub import hf_hub_url

            return str(hf_hub_url(hub, "model.safetensors"))
        return str(self._published.url)

    def imagenet(self) -> "Mapping[str, Tensor]":
        """Return the published weights of the whole model, downloaded where not at hand."""
        if self.library == "torchvision":
            state: Mapping[str, Tensor] = self._published.get_state_dict(
                progress=False, check_hash=True
            )
            return state
        import timm

        return timm.create_model(self.model, pretrained=True).state_dict()

    def head_tensors(self) -> set[str]:
        """Return the names of the tensors whose shape hangs on the number of outputs."""
        import torch

        with torch.device("meta"):
            few, many = (self._create(num_classes=n).state_dict() for n in (6, 7))
        return {name for name, tensor in few.items() if tensor.shape != many[name].shape}

    def _create(self, **options: Any) -> "nn.Module":
        if self.library == "timm":
            import timm

            return timm.create_model(self.model, **options)
        from torchvision import models

        if self.model in ("inception_v3", "googlenet"):
            # Their further heads answer only while training, and in another shape.
            options |= {"aux_logits": False, "init_weights": True}
        model: nn.Module = models.get_model(self.model, weights=None, **options)
        return model

    @property
    def _published(self) -> Any:
        """What the library says of its published weights; of timm None where it has none."""
        if self.library == "timm":
            from timm.models import get_pretrained_cfg

            return get_pretrained_cfg(self.model)
        from torchvision import models

        return models.get_model_weights(self.model).DEFAULT
