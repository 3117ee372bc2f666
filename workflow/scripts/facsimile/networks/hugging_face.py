"""Image classifiers in the form of the Hugging Face hub: a folder that says what is in it.

Classes and preprocessing are read from the folder's own files, without PyTorch. Those that timm
made are state dicts of timm's models; all others are read by the package transformers.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facsimile.errors import UserError

if TYPE_CHECKING:
    from torch import nn

HUB = "hub:"
CONFIG, PREPROCESSOR = "config.json", "preprocessor_config.json"
WEIGHTS = ("*.safetensors", "pytorch_model*.bin")

IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
"""Mean and standard deviation of ImageNet's red, green and blue, in [0, 1]."""


def described(row: Mapping[str, Any], project: str | Path) -> dict[str, Any]:
    """Return a finished network's row with what its folder says, where the row does not say it.

    Its ``checkpoint`` is then a file: of timm's folders the weights, of others the ``config.json``.
    A row whose checkpoint is no such folder, and nothing on the hub, is returned as it is.

    Parameters
    ----------
    project : where relative paths start.

    Raises
    ------
    UserError
        If the hub cannot be reached, or the folder does not say what is needed.
    """
    name = str(row["checkpoint"])
    checkpoint = fetched(name.removeprefix(HUB)) if name.startswith(HUB) else Path(name)
    folder = Path(project) / checkpoint.expanduser()
    if folder.name == CONFIG:
        checkpoint, folder = checkpoint.parent, folder.parent
    if not (folder / CONFIG).is_file():
        return dict(row)
    config = _read(folder / CONFIG)
    is_timm = "architecture" in config
    try:
        own = _of_timm(config) if is_timm else _of_transformers(config, folder)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise UserError(
            f"`checkpoint: {name}`: its own files are not of a form known here ({error}): mend "
            f"them, or give the network as a file with its classes, input size and scaling."
        ) from None
    own["checkpoint"] = str(checkpoint / ("model.safetensors" if is_timm else CONFIG))
    found = {**own, **row, "checkpoint": own["checkpoint"]}
    lacking = [key for key in ("classes", "input_size", "scaling") if found.get(key) is None]
    if lacking:
        raise UserError(
            f"`checkpoint: {name}`: its own files do not say, in a form known here, what its "
            f"{' and '.join(f'`{key}`' for key in lacking)} are: give them in its row."
        )
    return {key: value for key, value in found.items() if value is not None}


def fetched(name: str) -> Path:
    """Return the folder of a network on the hub, fetched into Hugging Face's cache if need be.

    Raises
    ------
    UserError
        If it is not there, and cannot be fetched.
    """
    from huggingface_hub import snapshot_download

    wanted = [CONFIG, PREPROCESSOR, WEIGHTS[0]]
    try:
        try:
            return Path(snapshot_download(name, allow_patterns=wanted, local_files_only=True))
        except OSError:  # not yet in the cache
            folder = Path(snapshot_download(name, allow_patterns=wanted))
            if not any(folder.glob(WEIGHTS[0])):
                snapshot_download(name, allow_patterns=[*wanted, WEIGHTS[1]])
            return folder
    except Exception as error:  # as many kinds as there are ways to be out of reach
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise UserError(
            f"The network '{HUB}{name}' is not on this machine and could not be fetched from "
            f"huggingface.co ({reason}): see to its name and the connection, or download its "
            "folder elsewhere, copy it here, and set `checkpoint` to its path."
        ) from None


def load(folder: Path) -> "nn.Module":
    """Return the network in a folder, from pixels as it wants them to logits.

    Raises
    ------
    UserError
        If transformers is not installed, or the weights are not all there.
    """
    try:
        from transformers import AutoModelForImageClassification
    except ImportError:
        raise UserError(
            f"'{folder}' is read by the package transformers, which does not come with the "
            "environment: install it, by `.venv/bin/python -m pip install transformers`."
        ) from None
    try:
        model, report = AutoModelForImageClassification.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False, output_loading_info=True
        )
    except Exception as error:  # whatever a damaged or foreign folder leads to
        reason = " ".join(str(error).split())[:200]
        raise UserError(
            f"'{folder}' cannot be read as an image classifier of transformers ({reason}): it may "
            "be incomplete, or need code of its own, which is not run here."
        ) from None
    if absent := sorted(map(str, [*report["missing_keys"], *report["mismatched_keys"]])):
        raise UserError(
            f"The weights in '{folder}' lack {len(absent)} of the network's tensors, the first of "
            f"them {absent[0]}: it was saved without its classifier, or before it was trained."
        )
    return _logits_of(model)


def files_of(folder: Path) -> list[Path]:
    """Return the files that a network is read from."""
    return sorted([folder / CONFIG, *(one for kind in WEIGHTS for one in folder.glob(kind))])


def _logits_of(model: Any) -> "nn.Module":
    from torch import Tensor, nn

    class Logits(nn.Module):
        """A network of transformers that answers with logits alone."""

        def __init__(self) -> None:
            super().__init__()
            self.inner, self.channels = model, getattr(model.config, "num_channels", 3)

        def forward(self, pixels: Tensor) -> Tensor:
            logits: Tensor = self.inner(pixel_values=pixels).logits
            return logits

    return Logits()


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise UserError(f"'{path}' is no JSON ({error}): download it again.") from None
    return found if isinstance(found, dict) else {}


def _of_timm(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what timm writes of a network: its architecture, classes and preprocessing."""
    trained = config.get("pretrained_cfg", {})
    channels, *_, size = trained.get("input_size", (3, None))
    return {
        "architecture": f"timm/{config['architecture']}",
        "classes": config.get("label_names") or trained.get("label_names"),
        "input_size": size,
        "scaling": _scaling(trained.get("mean", [0]), trained.get("std", [1])),
        "colour": "rgb" if channels == 3 else "grey",
    }


def _of_transformers(config: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the classes, in order, and the preprocessing, as transformers writes them."""
    labels = _labels(config.get("id2label") or {}, config.get("label2id") or {})
    path = folder / PREPROCESSOR
    how = _read(path) if path.is_file() else {}
    size = (how.get("do_center_crop") and how.get("crop_size")) or how.get("size")
    mean, std = how.get("image_mean", [0]), how.get("image_std", [1])
    if not how.get("do_normalize", bool(how)):
        mean, std = [0], [1]
    white = 255 * how.get("rescale_factor", 1 / 255) if how.get("do_rescale", True) else 255
    return {
        "classes": labels or None,
        "input_size": _side(size) or _side(config.get("image_size")),
        "scaling": _scaling(mean, std, white) if how else None,
        "colour": "rgb" if config.get("num_channels", 3) == 3 else "grey",
    }


def _labels(names: Mapping[str, str], numbers: Mapping[str, int]) -> list[str]:
    """Return the names of classes in their order, which two tables give, one of them if wanted."""
    ordered = [names[key] for key in sorted(names, key=int)]
    if sorted(map(int, names)) != list(range(len(names))):
        raise ValueError(f"id2label numbers the classes {', '.join(names)}")
    if any(int(numbers.get(name, number)) != number for number, name in enumerate(ordered)):
        raise ValueError("id2label and label2id number the classes otherwise")
    return ordered


def _side(size: Any) -> int | None:
    """Return the one side of square images, as any version of transformers writes it."""
    if isinstance(size, Mapping):
        sides = {size[key] for key in ("height", "width", "shortest_edge") if key in size}
        return sides.pop() if len(sides) == 1 else None
    return size if isinstance(size, int) else None


def _scaling(mean: Sequence[float], std: Sequence[float], white: float = 1.0) -> Any:
    """Return what 0 and 255 become, or the name that this has; None if colours differ otherwise.

    Parameters
    ----------
    mean, std : what is taken off pixels, and what they are then divided by.
    white : what 255 is before that.
    """
    if white == 1 and [*mean] == IMAGENET[0] and [*std] == IMAGENET[1]:
        return "imagenet"
    if len({*mean}) > 1 or len({*std}) > 1:
        return None
    return [(0 - mean[0]) / std[0], (white - mean[0]) / std[0]]
