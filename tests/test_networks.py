"""The twelve networks: parameters, sizes, normalisation, random start and ImageNet weights."""

import urllib.error

import numpy as np
import pytest
import timm
import torch
from huggingface_hub.errors import LocalEntryNotFoundError
from safetensors.torch import load_file, save_file
from torchvision import models

from facsimile.errors import UserError
from facsimile.networks import pretrained
from facsimile.networks.architectures import ARCHITECTURES
from facsimile.networks.backbones import TimmBackbone, TorchvisionBackbone
from facsimile.networks.network import build, to_pixels

TRAINABLE = {
    "alexnet": 88_718_726,
    "weinet": 1_728_230,
    "songnet": 172_678,
    "silnet": 184_852_038,
    "vgg16": 14_717_766,
    "vgg19": 20_027_462,
    "resnet50": 23_520_326,
    "resnet101_v2": 42_504_774,
    "inception_v3": 21_797_862,
    "xception": 20_819_246,
    "mobilenet_v3": 2_977_712,
    "efficientnet_v2": 5_866_390,
}
PRETRAINED = [name for name, architecture in ARCHITECTURES.items() if architecture.pretrained]


def test_the_twelve_are_in_the_order_of_the_study():
    assert list(ARCHITECTURES) == [*TRAINABLE, "small"]


@pytest.mark.parametrize("name", TRAINABLE)
def test_trainable_parameters_are_those_of_the_study(name):
    with torch.device("meta"):  # shapes without numbers: SilNet alone would take 740 MB
        network = build(name)
    assert sum(p.numel() for p in network.parameters() if p.requires_grad) == TRAINABLE[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", TRAINABLE)
def test_smallest_images_grey_or_colour_give_six_logits(name):
    size = ARCHITECTURES[name].minimum_size
    network = build(name, size).eval()
    grey = torch.rand(2, 1, size, size)
    with torch.inference_mode():
        logits = network(grey)
        assert logits.shape == (2, 6)
        assert torch.isfinite(logits).all()
        torch.testing.assert_close(network(grey.expand(-1, 3, -1, -1)), logits)


@pytest.mark.parametrize("name", ["weinet", "songnet"])
def test_own_backbones_pad_odd_sizes_as_tensorflow_does(name):
    stride = {"weinet": 1, "songnet": 16}[name]
    with torch.inference_mode():
        out = build(name, 45).eval().backbone(torch.rand(1, 3, 45, 45))
    assert out.shape[-2:] == (-(-45 // stride),) * 2


@pytest.mark.parametrize("name", ["mobilenet_v3", "efficientnet_v2", "weinet"])
@pytest.mark.parametrize("scaling", ["standard", "unit", "centred"])
def test_black_reaches_the_backbone_normalised(name, scaling):
    seen = []
    network = build(name, 32, scaling).eval()
    network.backbone.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    network(torch.zeros(1, 1, 32, 32))
    imagenet = scaling == "standard" and name != "weinet"
    plain = [-2, -2, -2] if scaling == "centred" else [0, 0, 0]
    black = [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225] if imagenet else plain
    expected = torch.tensor(black).float().view(1, 3, 1, 1).expand(1, 3, 32, 32)
    torch.testing.assert_close(seen[0], expected)


@pytest.mark.parametrize("name", ["resnet101_v2", "inception_v3", "xception"])
def test_networks_of_the_inception_kind_see_minus_one_to_one(name):
    mean, std = ARCHITECTURES[name].normalisation
    assert tuple(mean) == tuple(std) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize("name", ["songnet", "mobilenet_v3"])
def test_random_start_follows_the_seed_and_leaves_the_global_state(name):
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    first, again, other = build(name, 32, seed=1), build(name, 32, seed=1), build(name, 32, seed=2)
    assert torch.equal(torch.random.get_rng_state(), before)
    same = zip(first.parameters(), again.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in same)
    assert not torch.equal(first.head[-1].weight, other.head[-1].weight)


def test_own_networks_start_as_in_keras():
    convolution = build("weinet", 32).backbone[0]
    limit = (6 / ((3 + 32) * 7 * 7)) ** 0.5  # Glorot uniform
    assert convolution.weight.abs().max() <= limit
    assert convolution.weight.std().item() == pytest.approx(limit / 3**0.5, rel=0.05)
    assert not convolution.bias.any()
    normal = build("silnet", 32).backbone[0].weight  # Glorot normal: the same spread, no limit
    assert normal.abs().max() > (6 / ((3 + 32) * 11 * 11)) ** 0.5


def test_pixels_are_between_zero_and_one():
    pixels = to_pixels(np.array([[[0, 51], [102, 255]]], np.uint8), "cpu")
    torch.testing.assert_close(pixels, torch.tensor([[[[0, 0.2], [0.4, 1.0]]]]))


def test_unknown_architecture_names_the_nearest():
    with pytest.raises(UserError, match=r"Unknown network architecture 'resnet5'.*'resnet50'"):
        build("resnet5")


def test_unknown_scaling_names_the_allowed():
    with pytest.raises(UserError, match="centred, standard, unit"):
        build("weinet", 32, "byte")


def test_too_small_an_input_names_the_minimum():
    with pytest.raises(UserError, match=r"'inception_v3' takes images of 75 pixels or more.*64"):
        build("inception_v3", 64)


# --- ImageNet weights


def library_model(name):
    """Return the library's own model, whole, as the file of a user holds it."""
    backbone = ARCHITECTURES[name].backbone
    if isinstance(backbone, TorchvisionBackbone):
        return models.get_model(backbone.model, weights=None)
    return timm.create_model(backbone.model)


def started(name, destination):
    network = build(name, 32, seed=9)
    pretrained.start(network, destination)
    return network


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@pytest.mark.parametrize("name", ["mobilenet_v3", "efficientnet_v2", "resnet50"])
def test_a_local_file_of_the_whole_model_starts_the_backbone(name, suffix, tmp_path):
    model = library_model(name)
    path, destination = tmp_path / f"given{suffix}", tmp_path / "backbone.safetensors"
    save = save_file if suffix == ".safetensors" else torch.save
    save(model.state_dict(), path)
    pretrained.fetch(name, str(path), destination)
    network, untouched = started(name, destination), build(name, 32, seed=9)
    model = model.features if name == "mobilenet_v3" else model
    for key, tensor in network.backbone.state_dict().items():
        assert torch.equal(tensor, model.state_dict()[key]), key
    assert torch.equal(network.head[-1].weight, untouched.head[-1].weight)


def test_a_local_file_of_the_backbone_alone_serves_any_architecture(tmp_path):
    backbone = build("songnet", 32, seed=5).backbone.state_dict()
    torch.save(backbone, tmp_path / "backbone.pt")
    pretrained.fetch("songnet", str(tmp_path / "backbone.pt"), tmp_path / "out.safetensors")
    out = load_file(tmp_path / "out.safetensors")
    assert {f"backbone.{key}" for key in backbone} == set(out)
    assert torch.equal(out["backbone.0.weight"], backbone["0.weight"])
    pretrained.fetch("songnet", str(tmp_path / "out.safetensors"), tmp_path / "twice.safetensors")
    sums = {pretrained.record(tmp_path / f"{n}.safetensors")["sha256"] for n in ("out", "twice")}
    assert len(sums) == 1


def test_weights_are_written_to_the_same_bytes_each_time(tmp_path):
    torch.save(build("songnet", 32, seed=5).backbone.state_dict(), tmp_path / "backbone.pt")
    made = set()
    for number in range(8):  # one order of two would be met by chance in one run of 128
        pretrained.fetch(
            "songnet", str(tmp_path / "backbone.pt"), tmp_path / f"{number}.safetensors"
        )
        made.add((tmp_path / f"{number}.safetensors").read_bytes())
    assert len(made) == 1


def test_files_older_than_the_count_of_batches_are_read(tmp_path):
    state = build("mobilenet_v3", 32).backbone.state_dict()
    old = {key: value for key, value in state.items() if "num_batches" not in key}
    torch.save(old, tmp_path / "old.pth")
    pretrained.fetch("mobilenet_v3", str(tmp_path / "old.pth"), tmp_path / "out.safetensors")
    assert len(load_file(tmp_path / "out.safetensors")) == len(state)


def test_imagenet_goes_through_the_libraries_own_loaders(tmp_path, monkeypatch):
    whole = library_model("mobilenet_v3").state_dict()
    monkeypatch.setattr(models.WeightsEnum, "get_state_dict", lambda *_, **__: whole)
    pretrained.fetch("mobilenet_v3", "imagenet", tmp_path / "out.safetensors")
    out = load_file(tmp_path / "out.safetensors")
    assert torch.equal(out["backbone.0.0.weight"], whole["features.0.0.weight"])

    asked = []
    create = timm.create_model

    def offline_create(model, pretrained, **options):
        asked.append((model, pretrained))
        return create(model, False, **options)

    monkeypatch.setattr(timm, "create_model", offline_create)
    pretrained.fetch("efficientnet_v2", "imagenet", tmp_path / "out.safetensors")
    assert ("tf_efficientnetv2_b0.in1k", True) in asked


@pytest.mark.parametrize("name", PRETRAINED)
def test_offline_says_what_is_missing_and_what_to_do(name, tmp_path, monkeypatch):
    backbone = ARCHITECTURES[name].backbone
    unreachable = {
        TorchvisionBackbone: urllib.error.URLError("Name or service not known"),
        TimmBackbone: LocalEntryNotFoundError("Please check your connection"),
    }[type(backbone)]

    def offline(*_):
        raise unreachable

    monkeypatch.setattr(type(backbone), "imagenet", offline)
    with pytest.raises(UserError, match=r"download that file elsewhere") as caught:
        pretrained.fetch(name, "imagenet", tmp_path / "out.safetensors")
    message = str(caught.value)
    assert f"'{name}'" in message
    assert backbone.origin in message
    assert backbone.origin.startswith("https://")
    assert backbone.origin.endswith((".pth", ".safetensors"))
    assert "weights: /path/to/" in message
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["alexnet", "weinet", "songnet", "silnet"])
def test_own_architectures_have_no_imagenet_weights(name, tmp_path):
    with pytest.raises(UserError, match=f"'{name}' has no ImageNet weights"):
        pretrained.fetch(name, "imagenet", tmp_path / "out.safetensors")


def bad_file(kind, folder):
    state = build("songnet", 32).backbone.state_dict()
    path = folder / "given.pth"
    if kind == "garbage":
        path.write_bytes(b"not weights at all")
    elif kind == "truncated":
        torch.save(state, path)
        path.write_bytes(path.read_bytes()[:2000])
    elif kind == "list":
        torch.save([1, 2], path)
    elif kind == "module":
        torch.save(build("songnet", 32), path)
    elif kind == "lacking":
        torch.save({key: value for key, value in state.items() if key != "3.bias"}, path)
    elif kind == "misshapen":
        torch.save(state | {"3.bias": torch.zeros(7)}, path)
    elif kind == "safetensors":
        path = path.with_suffix(".safetensors")
        path.write_bytes(b"\x00" * 40)
    return path


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("absent", "is missing: `weights` is"),
        ("garbage", "cannot be read"),
        ("truncated", "cannot be read"),
        ("module", "is a whole pickled model"),
        ("safetensors", "cannot be read"),
        ("list", "holds a list, not a state dict"),
        ("lacking", "lack 1 of the backbone's 8 tensors, the first of them '3.bias'"),
        ("misshapen", r"'3.bias' with shape \(7,\), but the backbone's is \(64,\)"),
    ],
)
def test_bad_local_files_are_one_clear_sentence(kind, sentence, tmp_path):
    path = bad_file(kind, tmp_path)
    with pytest.raises(UserError, match=sentence) as caught:
        pretrained.fetch("songnet", str(path), tmp_path / "out.safetensors")
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out.safetensors").exists()
