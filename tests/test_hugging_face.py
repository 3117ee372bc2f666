"""Finished networks in the form of the Hugging Face hub: read by timm, or by transformers."""

import json
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from facsimile.errors import UserError
from facsimile.networks import hugging_face
from facsimile.networks.checkpoints import load_finished, sha256_of
from facsimile.networks.evaluation import predict
from facsimile.networks.finished import network_of
from facsimile.networks.network import build
from facsimile.settings.checking import check
from running import PROJECT

SIZE = 32
WORDS = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
PREPARED = {
    "do_resize": True,
    "size": {"height": SIZE, "width": SIZE},
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5],
}


def write(folder, config, prepared=PREPARED):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    if prepared is not None:
        (folder / "preprocessor_config.json").write_text(json.dumps(prepared))
    return folder


def described(folder, config=None, prepared=PREPARED, **given):
    labels = {str(number): word for number, word in enumerate(WORDS)}
    config = {"model_type": "vit", "id2label": labels} | (config or {})
    return checked(write(folder, config, prepared), **given)


def checked(checkpoint, **given):
    """Return the row of a network, as the settings of a study have it."""
    row = {"checkpoint": str(checkpoint)} | given
    networks = {"theirs": row}
    study = {"corpora": {"drawn": {"kind": "synthetic"}}, "networks": networks}
    found = check(study, PROJECT)
    assert check(found, PROJECT) == found, "checking again changes nothing"
    return found["networks"]["theirs"]


def test_classes_and_preprocessing_are_read_from_its_own_files(tmp_path):
    row = described(tmp_path / "vit")
    assert row["checkpoint"] == str(tmp_path / "vit" / "config.json")
    assert row["classes"] == WORDS and row["input_size"] == SIZE
    assert row["scaling"] == [-1, 1] and row["colour"] == "rgb" and row["output"] == "logits"


def test_classes_have_the_order_of_their_numbers(tmp_path):
    labels = {str(number): f"{word}" for number, word in reversed([*enumerate(WORDS)])}
    assert described(tmp_path / "vit", {"id2label": labels})["classes"] == WORDS


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}, "imagenet"),
        ({"do_normalize": False}, [0, 1]),
        ({"do_normalize": False, "do_rescale": False}, [0, 255]),
        ({"image_mean": [0, 0, 0], "image_std": [1, 1, 1]}, [0, 1]),
        ({"image_mean": [0.25] * 3, "image_std": [0.5] * 3}, [-0.5, 1.5]),
    ],
)
def test_scales_are_what_black_and_white_become(tmp_path, changes, expected):
    assert described(tmp_path / "vit", None, PREPARED | changes)["scaling"] == expected


@pytest.mark.parametrize(
    "size", [SIZE, {"shortest_edge": SIZE}, {"height": SIZE, "width": SIZE}], ids=str
)
def test_sizes_are_read_as_any_version_writes_them(tmp_path, size):
    assert described(tmp_path / "vit", None, PREPARED | {"size": size})["input_size"] == SIZE
    cropped = PREPARED | {"size": {"shortest_edge": 48}, "do_center_crop": True, "crop_size": size}
    assert described(tmp_path / "vit", None, cropped)["input_size"] == SIZE


@pytest.mark.parametrize(
    ("config", "prepared", "sentence"),
    [
        ({"id2label": {str(n + 1): word for n, word in enumerate(WORDS)}}, {}, "numbers the class"),
        ({"id2label": {"a": "anger"}}, {}, "invalid literal"),
        ({"id2label": ["anger"]}, {}, "invalid literal"),
        ({"label2id": {word: 6 - n for n, word in enumerate(WORDS)}}, {}, "and label2id number"),
        ({}, {"image_mean": 0.5}, "iterable"),
        ({}, {"image_std": [0] * 3}, "division by zero"),
        ({"architecture": "resnet18", "pretrained_cfg": None}, {}, "has no attribute"),
    ],
)
def test_files_of_another_form_are_one_sentence(tmp_path, config, prepared, sentence):
    with pytest.raises(UserError) as caught:
        described(tmp_path / "vit", config, PREPARED | prepared)
    assert "its own files are not of a form known here" in str(caught.value)
    assert sentence in str(caught.value)


def test_a_table_of_other_labels_contradicts_nothing(tmp_path):
    row = described(tmp_path / "vit", {"label2id": {"LABEL_0": 0, "LABEL_1": 1}})
    assert row["classes"] == WORDS


def test_what_the_row_says_goes_before(tmp_path):
    row = described(tmp_path / "vit", scaling=[0, 1], crop=0.1, colour="bgr")
    assert (row["scaling"], row["crop"], row["colour"]) == ([0, 1], 0.1, "bgr")
    assert row["classes"] == WORDS


@pytest.mark.parametrize(
    ("config", "prepared", "sentence"),
    [
        ({"id2label": None}, PREPARED, "what its `classes` are: give them"),
        ({}, None, "what its `input_size` and `scaling` are"),
        ({}, PREPARED | {"image_mean": [0.48, 0.46, 0.41]}, "what its `scaling` are"),
        ({"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}, PREPARED, "too short"),
        ({"id2label": {str(n): f"LABEL_{n}" for n in range(7)}}, PREPARED, "expression 'LABEL_0'"),
    ],
)
def test_what_its_files_do_not_say_is_asked_for(tmp_path, config, prepared, sentence):
    with pytest.raises(UserError) as caught:
        described(tmp_path / "vit", config, prepared)
    assert sentence in str(caught.value) and "networks: theirs" in str(caught.value)


def test_other_folders_and_damaged_ones_are_refused(tmp_path):
    given = {"classes": WORDS, "input_size": SIZE, "scaling": [0, 1]}
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=r"a folder with a config.json, or hub:OWNER/NAME"):
        checked(tmp_path / "empty", **given)
    (tmp_path / "empty" / "config.json").write_text('{"model_type": ')
    with pytest.raises(UserError, match=r"config.json' is no JSON .* download it again"):
        checked(tmp_path / "empty", **given)


def test_relative_folders_start_at_the_project(tmp_path, monkeypatch):
    folder = write(tmp_path / "nets" / "vit", {"id2label": dict(enumerate(WORDS))})
    row = hugging_face.described({"checkpoint": "nets/vit"}, tmp_path)
    assert row["checkpoint"] == "nets/vit/config.json" and row["classes"] == WORDS
    assert hugging_face.files_of(folder) == [folder / "config.json"]


# Folders of timm


@pytest.fixture
def timm_folder(tmp_path):
    model = build("timm/resnet10t", SIZE, "unit", 3, outputs=7).backbone
    trained = {"input_size": [3, SIZE, SIZE], "mean": [0.5] * 3, "std": [0.5] * 3}
    config = {"architecture": "resnet10t", "num_classes": 7, "pretrained_cfg": trained}
    folder = write(tmp_path / "timm", config | {"label_names": WORDS}, prepared=None)
    save_file(
        {k: v.contiguous() for k, v in model.state_dict().items()}, folder / "model.safetensors"
    )
    return folder, model


def test_timm_s_folders_are_state_dicts_of_its_models(timm_folder):
    folder, model = timm_folder
    row = network_of(checked(folder))
    assert row.architecture == "timm/resnet10t" and row.scaling == (-1, 1)
    images = np.random.default_rng(0).integers(0, 256, (3, SIZE, SIZE, 3), np.uint8)
    found = predict(load_finished(row), images, SIZE)
    pixels = torch.from_numpy(images).movedim(3, 1).float() / 127.5 - 1
    with torch.inference_mode():
        expected = model.eval()(pixels).softmax(dim=1)[:, row.order]
    assert found == pytest.approx(expected.numpy(), abs=1e-5)
    assert row.files == [folder / "model.safetensors"] and len(sha256_of(row.files)) == 64


def test_a_truncated_download_is_named(timm_folder):
    path = timm_folder[0] / "model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(UserError, match="may be incomplete; download it again"):
        load_finished(network_of(checked(timm_folder[0])))


# The hub


def test_the_hub_is_asked_once_and_its_cache_after_that(tmp_path, monkeypatch):
    asked = []

    def download(name, allow_patterns, local_files_only=False):
        asked.append((name, local_files_only))
        if local_files_only and len(asked) == 1:
            raise FileNotFoundError("not in the cache")
        folder = write(tmp_path / "snapshot", {"id2label": dict(enumerate(WORDS))})
        (folder / "model.safetensors").touch()
        return str(folder)

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    row = checked("hub:someone/faces")
    assert row["checkpoint"] == str(tmp_path / "snapshot" / "config.json")
    assert asked[:2] == [("someone/faces", True), ("someone/faces", False)]
    assert asked[2:] == [], "a checked row names the folder"


def test_a_hub_out_of_reach_is_one_sentence(monkeypatch):
    def download(name, allow_patterns, local_files_only=False):
        raise ConnectionError("no route\nto host")

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    with pytest.raises(UserError) as caught:
        checked("hub:someone/faces")
    said = str(caught.value)
    assert "'hub:someone/faces' is not on this machine and could not be fetched" in said
    assert "(no route to host)" in said and "set `checkpoint` to its path" in said


# transformers, which need not be there


def test_without_transformers_it_is_said_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    row = network_of(described(tmp_path / "vit"))
    with pytest.raises(UserError, match=r"the package transformers, .*pip install transformers"):
        load_finished(row)


@pytest.fixture
def vit(tmp_path):
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    config = transformers.ViTConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        image_size=SIZE, patch_size=16, id2label=dict(enumerate(WORDS)),
        label2id={word: number for number, word in enumerate(WORDS)},
    )  # fmt: skip
    model = transformers.ViTForImageClassification(config).eval()
    model.save_pretrained(tmp_path / "vit")
    transformers.ViTImageProcessor(size={"height": SIZE, "width": SIZE}).save_pretrained(
        tmp_path / "vit"
    )
    return tmp_path / "vit", model


def test_transformers_networks_answer_as_their_own_library_has_them(vit):
    folder, model = vit
    row = network_of(checked(folder))
    images = np.random.default_rng(0).integers(0, 256, (3, SIZE, SIZE, 3), np.uint8)
    found = predict(load_finished(row), images, SIZE)
    pixels = torch.from_numpy(images).movedim(3, 1).float() / 127.5 - 1
    with torch.inference_mode():
        expected = model(pixel_values=pixels).logits.softmax(dim=1)[:, row.order]
    assert found == pytest.approx(expected.numpy(), abs=1e-5)
    assert [path.name for path in row.files] == ["config.json", "model.safetensors"]


def test_weights_without_a_classifier_or_cut_short_are_refused(vit):
    folder, model = vit
    row = network_of(checked(folder))
    state = {k: v for k, v in model.state_dict().items() if not k.startswith("classifier")}
    save_file({k: v.contiguous() for k, v in state.items()}, folder / "model.safetensors")
    with pytest.raises(UserError, match=r"lack 2 of the network's tensors, .* classifier.bias"):
        load_finished(row)
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(UserError, match=r"cannot be read as an image classifier .*incomplete"):
        load_finished(row)
