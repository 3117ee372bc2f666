"""Maps, names, settings and weights as people bring them: the right value, or one sentence."""

import argparse
import os
import re
import signal
import subprocess
import sys
import zipfile
from contextlib import suppress
from copy import deepcopy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import load_file, save_file

from facsimile import EXPRESSIONS, tables
from facsimile.atlas.canonical import HEIGHT, WIDTH
from facsimile.atlas.maps import find_maps, find_networks, read_map
from facsimile.atlas.people import _read as read_human
from facsimile.atlas.polygons import read_regions
from facsimile.errors import UserError
from facsimile.explain.superpixels import superpixels_of
from facsimile.files import can_be_input, keyed, write_text
from facsimile.measure.pretraining import Origin, read_origins
from facsimile.names import check_names
from facsimile.networks import pretrained, weight_files
from facsimile.networks.network import build
from facsimile.settings.checking import MAPS, check
from facsimile.settings.given import chosen
from facsimile.show.manifest import Inputs
from facsimile.slips import refuse_slips
from made_up_files import deep_png, header_of_png, written

# Maps made elsewhere


def drawn_map(path, mode="L", opacity=255):
    image = Image.linear_gradient("L").resize((WIDTH, HEIGHT)).convert(mode)
    if mode in ("LA", "RGBA"):
        image.putalpha(Image.new("L", image.size, opacity))
    image.save(path)
    return path


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_a_map_that_is_transparent_is_refused(tmp_path, mode):
    opaque = read_map(drawn_map(tmp_path / "anger.png", mode))
    assert (opaque == read_map(drawn_map(tmp_path / "anger.png"))).all()
    with pytest.raises(UserError, match=r"anger.png is transparent in places"):
        read_map(drawn_map(tmp_path / "anger.png", mode, opacity=100))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (header_of_png(20_000, 20_000), "png cannot be read as PNG: Image size"),
        (b"PK\x03\x04junk", "npy cannot be read as NPY: File is not a zip file"),
        (b"\x93NUMPY\x01\x00\x10\x00" + b"(" * 16, "npy cannot be read as NPY: "),
        ({"a": np.zeros((HEIGHT, WIDTH))}, r"npy cannot be read as NPY: it is an archive of array"),
    ],
    ids=["huge", "zip", "header", "npz"],
)
def test_a_file_that_is_no_map_is_one_sentence(tmp_path, content, sentence):
    path = tmp_path / f"anger.{sentence[:3]}"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with path.open("wb") as file:
            np.savez(file, **content)
    with pytest.raises(UserError, match=rf"anger\.{sentence}"):
        read_map(path)


def test_a_map_whose_differences_single_precision_loses_is_refused(tmp_path):
    image = np.linspace(0, 1, HEIGHT * WIDTH).reshape(HEIGHT, WIDTH)
    for offset in (1e5, 1e9):
        np.save(tmp_path / "anger.npy", image + offset)
        with pytest.raises(UserError, match="subtract the least of them"):
            read_map(tmp_path / "anger.npy")
    np.save(tmp_path / "anger.npy", image + 100)
    assert np.ptp(read_map(tmp_path / "anger.npy")) == pytest.approx(1, abs=1e-4)
    np.save(tmp_path / "anger.npy", np.full((HEIGHT, WIDTH), 0.1))
    assert (read_map(tmp_path / "anger.npy") == np.float32(0.1)).all()


def test_a_map_is_turned_as_its_exif_says(tmp_path):
    upright = read_map(drawn_map(tmp_path / "anger.png"))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    Image.fromarray(upright[::-1, ::-1].astype(np.uint8)).save(tmp_path / "fear.png", exif=exif)
    assert (read_map(tmp_path / "fear.png") == upright).all()


def test_a_folder_whose_name_is_no_text_is_refused(tmp_path):
    os.mkdir(os.fsencode(tmp_path) + b"/\xff")  # noqa: PTH102
    with pytest.raises(UserError, match=r"udcff' has a name that is not UTF-8"):
        find_networks(tmp_path)


def test_a_map_of_deep_colours_is_refused(tmp_path):
    deep_png(tmp_path / "anger.png", np.zeros((HEIGHT, WIDTH, 3)))
    with pytest.raises(UserError, match=r"anger.png has colours of 16 bits: save it as grey"):
        read_map(tmp_path / "anger.png")


def test_hidden_files_are_no_maps_and_other_formats_are_said(tmp_path):
    drawn_map(tmp_path / "anger.png")
    written(tmp_path, {"._fear.png": "", "notes.txt": "", ".ipynb_checkpoints/fear.png": None})
    assert list(find_maps(tmp_path)) == ["anger"]
    written(tmp_path, {"fear.jpg": None})
    with pytest.raises(UserError, match=r"fear.jpg is neither PNG nor NPY"):
        find_maps(tmp_path)


def test_hidden_folders_are_no_networks(tmp_path):
    (tmp_path / "mine").mkdir()
    drawn_map(tmp_path / "mine" / "anger.png")
    written(tmp_path, {".ipynb_checkpoints/a.png": None})
    assert list(find_networks(tmp_path)) == ["mine"]
    (tmp_path / "a{x}").mkdir()
    with pytest.raises(UserError, match=r"a\{x\} has braces in its name"):
        find_networks(tmp_path)


# References of people's own


TILE_NAMES = [f"tile{number}" for number in range(48)]


def tiles_of(rows):
    """Return a table of tiles as text: a row for each participant, face and expression."""
    lines = [";".join([*row, *["1"] * 48]) for row in rows]
    return "\n".join([";".join(["Participant", "face", "expression", *TILE_NAMES]), *lines])


def test_tiles_are_read_as_spreadsheets_write_them(tmp_path, caplog):
    rows = [("01", "f", "happy"), ("1", "g", "joy"), ("NA", "f", "Neutral")]
    path = written(tmp_path, {"t.csv": tiles_of(rows).encode("utf-16")}) / "t.csv"
    table = read_human(path, ["participant", "face", "expression"], TILE_NAMES)
    assert table["participant"].tolist() == ["01", "01", "NA"]  # two ways to write one number
    assert "these names are the same subject, written in several ways: '01' and '1'" in caplog.text
    assert table["expression"].tolist() == ["happiness", "happiness", "neutral"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("p", "f", "happy"), ("p", "f", "joy")], "two rows of p, f, happiness: which of them"),
        ([("p", "f", "hapy")], "has the expression 'hapy', which is none"),
    ],
)
def test_tiles_that_contradict_each_other_are_refused(tmp_path, rows, sentence):
    path = written(tmp_path, {"t.csv": tiles_of(rows)}) / "t.csv"
    with pytest.raises(UserError, match=sentence):
        read_human(path, ["participant", "face", "expression"], TILE_NAMES)
    written(tmp_path, {"t.csv": tiles_of(rows[:1]).replace(";1;", ";1,5;", 1)})
    with pytest.raises(UserError, match=r"Row 1 of .* has '1,5' for tile0: no number"):
        read_human(path, ["participant", "face", "expression"], TILE_NAMES)


def test_regions_that_name_an_expression_twice_are_refused(tmp_path):
    lines = "".join(f"{name}: ['1 2 3']\n" for name in [*EXPRESSIONS, "fear"])
    with pytest.raises(UserError, match="has the key 'fear' twice, in lines 3 and 7"):
        read_regions(written(tmp_path, {"r.yaml": lines}) / "r.yaml")


# Names


ODD = ["50", "1e5", "NA", "nan", "007", "True", "None", "ResNet-50 (v1.5)", "vgg16+bn", "a[1]"]


def test_names_stay_names_in_tables(tmp_path):
    made = pd.DataFrame({"network": ODD, "left_out": "", "value": [0.5, None] * 5})
    made.to_csv(tmp_path / "a.csv", index=False)
    found = tables.read(tmp_path / "a.csv")
    assert found["network"].tolist() == ODD
    assert found["value"].isna().sum() == 5
    assert found["left_out"].isna().all()
    assert Inputs({"table": str(tmp_path / "a.csv")}).table("table", network="50").shape == (1, 3)


@given(st.text(st.characters(exclude_categories=["C"], exclude_characters="/"), min_size=1))
def test_any_name_is_found_in_a_path(name):
    assert keyed(f"results/agreement/lime/{name}.npz", "agreement/*/{network}.") == {
        name: f"results/agreement/lime/{name}.npz"
    }
    assert list(keyed(f"heatmaps/lime/{name}/fear.npy", "/{network}/{expression}.")) == [
        (name, "fear")
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["C"]), min_size=1), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_stays_itself(tmp_path, names):
    pd.DataFrame({"network": names}).to_csv(tmp_path / "a.csv", index=False)
    assert tables.read(tmp_path / "a.csv")["network"].tolist() == names


def test_the_table_of_networks_made_elsewhere_is_read_as_it_is_written(tmp_path):
    rows = "sep=;\nNetwork;Start;;\n" + "".join(f"{name};random;;\n" for name in ODD)
    families = tmp_path / "families.csv"
    families.write_text("architecture,family\n50,fifty\n")
    (tmp_path / "networks.csv").write_bytes(rows.encode("utf-16"))
    found = read_origins({}, families, [tmp_path / "networks.csv"])
    assert list(found) == ODD
    assert {one.start for one in found.values()} == {"random"}
    assert found["50"].family == "fifty"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("a,random\na,imagenet\n", "Row 2 of .* names no network, or 'a' as another row does"),
        (",random\n", "Row 1 of .* names no network"),
        ("a,scratch\n", "has 'scratch' in the column start: write random, or what"),
        ("a,NA\n", "has 'NA' in the column start"),
    ],
)
def test_a_network_whose_start_is_not_sure_is_refused(tmp_path, rows, sentence):
    families = tmp_path / "families.csv"
    families.write_text("architecture,family\n")
    table = tmp_path / "networks.csv"
    table.write_text("network,start\n" + rows)
    with pytest.raises(UserError, match=sentence):
        read_origins({}, families, [table])
    table.write_text("network,start,Family\na,Random,f\na,random,f\nb,,\n")
    found = read_origins({}, families, [table])
    assert found == {"a": Origin("a", "f", "random"), "b": Origin("b", "b", "")}


@pytest.mark.parametrize(
    "name", ["all", "chance", "best rival", "untrained", "shuffled labels", "ekman"]
)
def test_a_name_that_tables_use_is_refused(name):
    with pytest.raises(UserError, match=name):
        check_names([name], ["ekman"])


# Settings


def refused(tmp_path, text):
    (tmp_path / "study.yaml").write_text(text)
    with pytest.raises(UserError) as caught:
        refuse_slips([tmp_path / "study.yaml"])
    return str(caught.value)


def test_a_key_that_is_there_twice_is_refused_with_both_lines(tmp_path):
    message = refused(tmp_path, "networks:\n  a: {}\nstudy: {}\nnetworks:\n  b: {}\n")
    assert "study.yaml has the key 'networks' twice, in lines 1 and 4" in message
    assert "'a' twice, in lines 2 and 3" in refused(tmp_path, "networks:\n  a: {}\n  a: {}\n")


@pytest.mark.parametrize(
    ("number", "meant"), [("010", 8), ("0100", 64), ("-017", -15), ("1:30", 90)]
)
def test_a_number_that_is_another_to_yaml_is_refused(tmp_path, number, meant):
    message = refused(tmp_path, f"study:\n  folds: {number}\n")
    assert f"Line 2 of {tmp_path}/study.yaml has {number}, which is {meant} to YAML" in message


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [1\n", "cannot be read as YAML"),
        ("a: 1\n\tb: 2\n", "cannot be read as YAML"),
        ("1: a\n'1': b\n", "has the key ''?1'? twice, in lines 1 and 2"),
        ("yes: a\ntrue: b\n", "has the key 'true' twice, in lines 1 and 2"),
    ],
)
def test_what_is_no_yaml_or_one_key_to_it_is_one_sentence(tmp_path, text, sentence):
    assert re.search(sentence, refused(tmp_path, text))


@pytest.mark.parametrize("text", ["010", "1:30"])
def test_a_number_of_the_command_line_is_never_another(root, text):
    networks = {"small": {"input_size": 32}}
    settings = {"corpora": {"d": {"kind": "synthetic"}}, "networks": networks}
    with pytest.raises(UserError, match=f"'study: folds' is wrong: '{text}' is text to YAML"):
        check(settings | {"study": {"folds": text}}, root)


def test_regions_that_are_no_text_are_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be read as YAML"):
        read_regions(written(tmp_path, {"r.yaml": b"\xff"}) / "r.yaml")


@pytest.mark.parametrize("name", ["config/config.yaml", "config/paper.yaml", "tests/tiny.yaml"])
def test_what_is_written_well_is_not_refused(root, name, tmp_path):
    refuse_slips([root / name, tmp_path / "absent.yaml"])
    (tmp_path / "study.yaml").write_text("a: &x {b: 0, c: 0.5, d: 0x1F, e: '010'}\nf: *x\n")
    refuse_slips([tmp_path / "study.yaml"])


def test_a_study_of_its_own_inherits_nothing(root):
    default = yaml.safe_load((root / "config" / "config.yaml").read_text())
    own = {"corpora": {"d": {"kind": "synthetic"}}, "networks": {"small": {"input_size": 32}}}
    found = check(chosen(own, default | own, MAPS), root)
    assert found["explainers"]["lime"]["samples"] == 1000
    assert found["study"]["folds"] == 5
    assert found["study"]["faces_per_expression"] == 100


def test_a_part_of_a_study_changes_the_default_study(root):
    default = yaml.safe_load((root / "config" / "config.yaml").read_text())
    part = {"networks": {"small": {"input_size": 32}}}
    merged = default | {"networks": default["networks"] | part["networks"]}
    found = check(chosen(part, merged, MAPS), root)
    assert list(found["networks"]) == ["small"]
    assert found["explainers"]["lime"]["samples"] == 200


def test_values_of_the_command_line_are_read_as_yaml(root):
    settings = {
        "corpora": {
            "r": {"kind": "rafd", "path": "x", "angles": ["45", "90"]},
            "d": {"kind": "synthetic", "shuffle_labels": "False"},
        },
        "networks": {"50": {"architecture": "weinet", "input_size": "32", "augment": "no"}},
        "sensitivity": {"thresholds": ["otsu", "0.75"]},
    }
    found = check(settings, root)
    assert found["corpora"]["r"]["angles"] == [45, 90]
    assert found["corpora"]["d"]["shuffle_labels"] is False
    assert found["networks"]["50"]["augment"] is False
    assert found["sensitivity"]["thresholds"] == ["otsu", 0.75]


def places(value, path=()):
    """Yield the path of everything in a mapping."""
    yield path
    for one, inner in value.items() if isinstance(value, dict) else ():
        yield from places(inner, (*path, one))


DEFAULT = yaml.safe_load((Path(__file__).parents[1] / "config" / "config.yaml").read_text())
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(st.sampled_from(list(places(DEFAULT))[1:]), VALUES)
def test_any_setting_is_taken_or_one_sentence(path, value):
    changed = deepcopy(DEFAULT)
    inner = changed
    for one in path[:-1]:
        inner = inner[one]
    inner[path[-1]] = value
    with suppress(UserError):
        again = check(changed, Path(__file__).parents[1])
        assert check(again, Path(__file__).parents[1]) == again


def test_what_yaml_takes_for_a_truth_is_said(root):
    network = {"small": {"input_size": 32, "weights": True}}
    with pytest.raises(UserError, match=r"weights' is wrong: yes, on or true is True to YAML"):
        check({"corpora": {"d": {"kind": "synthetic"}}, "networks": network}, root)


@pytest.mark.parametrize("path", ["a{x}.csv", "{x}/a.csv"])
def test_braces_in_a_path_are_no_wildcards(tmp_path, path):
    written(tmp_path, {path: "", "b.csv": ""})
    assert not can_be_input(tmp_path / path)
    assert can_be_input(tmp_path / "b.csv")
    assert not can_be_input(tmp_path / "absent.csv")


# Weights


@pytest.fixture(scope="module")
def songnet():
    return build("songnet", 32, seed=8)


def fetched(tmp_path, saved):
    """Return the first layer that a file of weights gives; ``saved`` writes it, or is saved."""
    path = tmp_path / "given.pth"
    saved(path) if callable(saved) else torch.save(saved, path)
    pretrained.fetch("songnet", str(path), tmp_path / "out.safetensors")
    return load_file(tmp_path / "out.safetensors")["backbone.0.weight"]


def within(state, prefix):
    return {prefix + name: tensor for name, tensor in state.items()}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda state: {"state_dict": state, "epoch": 3},
        lambda state: {"model": state, "optimizer": {"state": {}}},
        lambda state: {"model": {"state_dict": state}},
        lambda state: within(state, "module."),
        lambda state: {"state_dict": within(state, "module.model.")},
        lambda state: within(state, "net.trunk."),
        lambda state: within(state, "student.") | {"step": torch.tensor(3)},
        lambda state: dict(state) | {"epoch": 3},
        lambda state: {"model": state, "loss": torch.tensor(0.5), "config": {"name": "resnet"}},
        lambda state: {"model": state, "args": argparse.Namespace(lr=0.1), "best": np.float64(3)},
        lambda state: {"state_dict_ema": state, "model": {"name": "songnet"}},
    ],
    ids=["state_dict", "model", "both", "module", "module.model", "own", "beside", "number", "loss",
         "settings", "ema"],
)  # fmt: skip
def test_what_is_wrapped_around_weights_is_taken_off(tmp_path, songnet, wrap):
    found = fetched(tmp_path, wrap(songnet.state_dict()))
    assert torch.equal(found, songnet.backbone[0].weight)


@pytest.mark.parametrize("other", ["state_dict", "model_ema", "net"])
def test_weights_that_are_there_twice_are_refused(tmp_path, songnet, other):
    state = songnet.state_dict()
    with pytest.raises(UserError, match=rf"holds weights 2 times, under 'model' and '{other}': s"):
        fetched(tmp_path, {"model": state, other: state})


def test_damaged_weights_are_read_or_one_sentence(tmp_path):
    state = {f"layer{number}.weight": torch.zeros(3) for number in range(9)}
    rng = np.random.default_rng(1)
    path = tmp_path / "w.pth"
    for old in (True, False):
        torch.save(state, path, _use_new_zipfile_serialization=not old)
        whole = path.read_bytes()
        for _ in range(300):
            content = bytearray(whole)
            for place in rng.integers(0, len(content), rng.integers(1, 9)):
                content[place] = rng.integers(256)
            path.write_bytes(content[: rng.integers(len(content) // 2, 2 * len(content))])
            with suppress(UserError):
                weight_files.read(path)


def test_safetensors_are_known_by_what_they_hold_alone(tmp_path):
    # A list of 15,392 bytes: its length begins with a blank and a "<".
    head = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'.ljust(0x3C20)
    (tmp_path / "w.pth").write_bytes(len(head).to_bytes(8, "little") + head + bytes(4))
    assert weight_files.read(tmp_path / "w.pth") == {"a": torch.zeros(1)}


def test_safetensors_are_known_by_another_name(tmp_path, songnet):
    found = fetched(tmp_path, lambda path: save_file(songnet.state_dict(), path))
    assert torch.equal(found, songnet.backbone[0].weight)


class Odd(dict):
    """A class that reading data only does not know."""


@pytest.mark.parametrize(
    ("saved", "what"),
    [
        (lambda path: path.write_bytes(b"\x89HDF\r\n\x1a\n" + b"0" * 90), "is of Keras"),
        (lambda path: path.write_text("\n<!DOCTYPE html><p>Virus scan"), "is a web page"),
        (lambda path: path.write_text("version https://git-lfs.github.com/spec/v1\n"), "Git LFS"),
        (lambda path: path.write_bytes(b"\x1f\x8b0000"), "is an archive"),
        (lambda path: path.write_bytes(b"Rar!\x1a\x07"), "is an archive"),
        (lambda path: path.write_text('{"weight_map": {}}'), "is JSON, perhaps the list of weight"),
        (lambda path: path.write_bytes(b"0000"), "may be incomplete; download it again"),
        (lambda path: path.write_bytes(b""), "may be incomplete; download it again"),
        (lambda path: torch.save(Odd(a=1), path), "is a whole pickled model"),
        (lambda path: torch.jit.save(torch.jit.script(torch.nn.ReLU()), path), "is TorchScript"),
        (lambda path: zipfile.ZipFile(path, "w").writestr("m.weights.h5", "0"), "is of Keras"),
        (lambda path: torch.save({"epoch": 3}, path), "holds no tensors by their names: it has ep"),
        (lambda path: torch.save([1], path), "holds a list, not a state dict"),
    ],
    ids=["h5", "page", "pointer", "gz", "rar", "json", "bytes", "nothing", "pickle",
         "script", "keras", "keys", "list"],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_no_state_dict_is_named(tmp_path, saved, what):
    with pytest.raises(UserError, match=rf"Weights file '.*given.pth' .*{what}"):
        fetched(tmp_path, saved)
    assert not (tmp_path / "out.safetensors").exists()


def test_two_backbones_in_one_file_are_refused(tmp_path, songnet):
    state = songnet.backbone.state_dict()
    with pytest.raises(UserError, match=r"hold the backbone 2 times, under 'q.' and 'k.'"):
        fetched(tmp_path, within(state, "q.") | within(state, "k."))


def test_weights_that_are_no_numbers_are_refused(tmp_path, songnet):
    state = {name: tensor.clone() for name, tensor in songnet.state_dict().items()}
    state["backbone.0.weight"][0, 0, 0, 0] = torch.nan
    with pytest.raises(UserError, match=r"hold '0.weight' with 1 of \d+ values that are no fin"):
        fetched(tmp_path, state)
    state["backbone.0.weight"] = torch.zeros_like(state["backbone.0.weight"], dtype=torch.int8)
    with pytest.raises(UserError, match=r"hold '0.weight' as torch.int8.*not quantised"):
        fetched(tmp_path, state)


def test_weights_without_values_are_refused(tmp_path, songnet):
    state = {name: tensor.to("meta") for name, tensor in songnet.state_dict().items()}
    with pytest.raises(UserError, match=r"hold '0.weight' as a shape without values"):
        fetched(tmp_path, state)


# Runs


KILLED = """
import os, signal, sys
from facsimile.files import atomic
with atomic(sys.argv[1]) as draft:
    draft.write_text("half")
    os.kill(os.getpid(), int(sys.argv[2]))
    signal.pause()
"""


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_drafts_of_killed_jobs_are_gone_after_the_next(tmp_path, root, by):
    path = tmp_path / "faces.npy"
    written(tmp_path, {".7.other.npy": "", ".hidden.faces.npy": ""})
    environment = {**os.environ, "PYTHONPATH": str(root / "workflow" / "scripts")}
    command = [sys.executable, "-c", KILLED, str(path), str(int(by))]
    assert subprocess.run(command, env=environment, check=False).returncode == -by
    assert len(list(tmp_path.glob(".*.faces.npy"))) == 2
    write_text("whole", path)
    names = {one.name for one in tmp_path.iterdir()}
    assert names == {"faces.npy", ".7.other.npy", ".hidden.faces.npy"}


def test_labels_of_many_superpixels_do_not_wrap(drawn_face):
    face = drawn_face.image.mean(axis=2).astype(np.uint8)[:150, :150]
    cut = superpixels_of({"kind": "grid", "n_segments": 400}).cut(face, drawn_face.landmarks)
    assert cut.dtype == np.uint16
    assert len(np.unique(cut)) == cut.max() + 1 > 256
