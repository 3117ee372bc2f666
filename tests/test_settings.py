"""Settings: defaults filled in, mistakes named, and schema, code and documents in step."""

import inspect
from copy import deepcopy

import pytest
import yaml

from facsimile import settings
from facsimile.errors import UserError
from facsimile.faces.corpora import KINDS
from facsimile.networks.architectures import ARCHITECTURES, INPUT_SCALINGS


@pytest.fixture(scope="module")
def schema(root):
    return settings.read_schema(root / "config" / "schema.yaml")


@pytest.fixture
def smallest():
    """Return the least that a study must say."""
    return {
        "corpora": {"drawn": {"kind": "embedded"}, "photos": {"kind": "csv", "path": "faces.csv"}},
        "networks": {"weinet": {"input_size": 64}},
    }


def read(path):
    return yaml.safe_load(path.read_text())


# Defaults


def test_every_default_is_filled_in(schema, smallest):
    checked = settings.check(smallest, schema)
    assert checked == {
        "corpora": {
            "drawn": {
                "kind": "embedded",
                "identities": 40,
                "per_expression": 40,
                "seed": 1,
                "units": "all",
                "nuisance": "neutral",
                "shuffle_labels": False,
            },
            "photos": {"kind": "csv", "path": "faces.csv"},
        },
        "networks": {
            "weinet": {
                "architecture": "weinet",
                "input_size": 64,
                "weights": "random",
                "input_scaling": "standard",
                "optimiser": "adam",
                "rate": 1e-4,
                "epochs": 10,
                "batch": 128,
                "augment": True,
                "hide": 0,
            }
        },
        "study": {"seed": 2024, "folds": 5, "faces_per_expression": 100, "select": "correct"},
        "explainers": ["lime"],
        "lime": {
            "samples": 1000,
            "kernel_width": 0.25,
            "ridge": 1.0,
            "draws": "independent",
            "tolerance": 0.0,
        },
        "kernel_shap": {"samples": 1000},
        "occlusion": {"window": 0.2, "stride": 0.1},
        "integrated_gradients": {"steps": 50},
        "inference": {"batch": 0, "precision": "float32"},
        "superpixels": {"kind": "slic", "n_segments": 30, "compactness": 20},
        "references": ["ekman"],
        "hidden_by": "black",
        "reference_maps": {},
        "measure": {"draws": 1000},
        "sensitivity": {
            "explainers": ["lime", "occlusion"],
            "kinds": ["slic"],
            "hidden_by": ["black", "grey"],
            "n_segments": [30, 80],
            "select": ["correct", "predicted"],
            "thresholds": ["otsu", 0.75, 0.9],
        },
        "device": "cpu",
        "threads": 1,
    }


def test_what_is_given_stays_and_the_given_mapping_is_left_alone(schema, smallest):
    smallest |= {"study": {"folds": 3}, "threads": 2}
    before = deepcopy(smallest)
    checked = settings.check(smallest, schema)
    assert smallest == before
    assert checked["threads"] == 2
    assert checked["study"]["folds"] == 3
    assert checked["study"]["seed"] == 2024


def test_checking_twice_changes_nothing(schema, smallest):
    once = settings.check(smallest, schema)
    assert settings.check(once, schema) == once


def test_defaults_are_of_their_own(schema, smallest):
    settings.check(smallest, schema)["explainers"].append("changed")
    assert settings.check(smallest, schema)["explainers"] == ["lime"]


def test_one_architecture_takes_part_under_two_names(schema, smallest):
    smallest["networks"]["again"] = {"architecture": "weinet", "input_size": 32}
    networks = settings.check(smallest, schema)["networks"]
    assert [network["architecture"] for network in networks.values()] == ["weinet", "weinet"]


# Mistakes


def corpus(**options):
    return {"corpora": {"x": {"path": "somewhere", **options}}}


def reject(settings_of, schema, message):
    with pytest.raises(UserError) as caught:
        settings.check(settings_of, schema)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("place", "key", "message"),
    [
        ((), "studdy", "Unknown configuration key 'studdy'. Did you mean 'study'?"),
        (("study",), "fold", "key 'fold' in 'study'. Did you mean 'folds'?"),
        (("lime",), "sample", "key 'sample' in 'lime'. Did you mean 'samples'?"),
        (("superpixels",), "segments", "key 'segments' in 'superpixels'. Did you mean"),
        (("corpora", "drawn"), "identity", "in 'corpora: drawn'. Did you mean 'identities'?"),
        (("corpora", "photos"), "identities", "key 'identities' in 'corpora: photos'."),
        (("corpora", "drawn"), "path", "key 'path' in 'corpora: drawn'."),
        (("networks", "weinet"), "epoch", "in 'networks: weinet'. Did you mean 'epochs'?"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest(schema, smallest, place, key, message):
    inner = smallest
    for part in place:
        inner = inner.setdefault(part, {})
    inner[key] = 1
    reject(smallest, schema, message)


@pytest.mark.parametrize("recipe", [None, {}, {"input_size": 64}])
def test_an_unknown_network_is_named_with_the_nearest(schema, smallest, recipe):
    smallest["networks"]["renset50"] = recipe
    reject(smallest, schema, "Unknown network 'renset50'")
    reject(smallest, schema, "Did you mean 'resnet50'?")


def test_an_unknown_kind_of_corpus_is_named_with_the_nearest(schema, smallest):
    smallest["corpora"]["photos"]["kind"] = "cvs"
    reject(smallest, schema, "Unknown kind of corpus 'cvs' in 'corpora: photos: kind'.")
    reject(smallest, schema, "Did you mean 'csv'?")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"device": "cdua"}, "'cdua' in 'device'. Did you mean 'cuda'?"),
        ({"explainers": ["lmie"]}, "'lmie' in 'explainers: 0'. Did you mean 'lime'?"),
        ({"explainers": "lime"}, "'explainers' is wrong: 'lime' is not of type 'array'"),
        ({"explainers": []}, "'explainers' is wrong"),
        ({"study": None}, "'study' is wrong: None is not of type 'object'"),
        ({"study": {"folds": True}}, "'study: folds' is wrong: True is not of type 'integer'"),
        ({"study": {"folds": 5.0}}, "'study: folds' is wrong: 5.0 is not of type 'integer'"),
        ({"study": {"folds": 1}}, "'study: folds' is wrong: 1 is less than the minimum of 2"),
        ({"study": {"folds": "five"}}, "'study: folds' is wrong: 'five' is text to YAML"),
        ({"lime": {"kernel_width": 0}}, "'lime: kernel_width' is wrong"),
        ({"networks": ["weinet"]}, "'networks' is wrong: ['weinet'] is not of type 'object'"),
        ({"networks": None}, "'networks' is wrong: None is not of type 'object'"),
        ({"networks": {}}, "'networks' is wrong"),
        ({"networks": {"weinet": 64}}, "'networks: weinet' is wrong: 64 is not of type 'object'"),
        ({"networks": {"weinet": None}}, "lacks the key 'input_size' in 'networks: weinet'"),
        ({"networks": {"a/b": {"architecture": "weinet", "input_size": 64}}}, "'a/b' is no name"),
        ({"corpora": {"x": None}}, "'corpora: x' is wrong: None is not of type 'object'"),
        ({"corpora": {"x": {"path": "a"}}}, "lacks the key 'kind' in 'corpora: x': add it"),
        ({"corpora": {"x": {"kind": "csv"}}}, "lacks the key 'path' in 'corpora: x': add it"),
        (corpus(kind="kdef", views=["L"]), "'L' in 'corpora: x: views: 0'. Did you mean 'HL'?"),
        (corpus(kind="kdef", views=[]), "'corpora: x: views' is wrong"),
        (corpus(kind="rafd", angles=[30]), "30 is not one of [0, 45, 90, 135, 180]"),
        (corpus(kind="raf_db", crops="all"), "Allowed: aligned, original."),
        (corpus(kind="ck_plus", frames=0), "0 is less than the minimum of 1"),
        (corpus(kind="jaffe", frames=3), "'frames' in 'corpora: x'. Allowed: kind, path."),
        (corpus(kind="csv", order="anger"), "'corpora: x: order' is wrong: 'anger' is not of type"),
        (corpus(kind="csv", columns={"path": "p"}), "lacks the key 'expression' in 'corpora: x: c"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(schema, smallest, change, message):
    reject(smallest | change, schema, message)


def test_numbers_that_arrive_as_text_are_numbers(schema, smallest):
    recipe = yaml.safe_load("weinet: {input_size: '64', rate: 1e-4, augment: 'false'}")
    network = settings.check(smallest | {"networks": recipe}, schema)["networks"]["weinet"]
    assert (network["input_size"], network["rate"], network["augment"]) == (64, 1e-4, False)
    assert type(network["input_size"]) is int


@pytest.mark.parametrize("key", ["corpora", "networks"])
def test_a_missing_key_is_named(schema, smallest, key):
    del smallest[key]
    reject(smallest, schema, f"The configuration lacks the key '{key}': add it.")


# In step


@pytest.mark.parametrize("name", ["config", "paper"])
def test_the_studies_that_come_with_the_project_pass(schema, root, name):
    assert settings.check(read(root / "config" / f"{name}.yaml"), schema)


def test_the_schema_names_the_architectures_and_kinds_of_the_library(schema):
    network = schema["$defs"]["network"]["properties"]
    assert network["architecture"]["enum"] == list(ARCHITECTURES)
    assert network["input_scaling"]["enum"] == list(INPUT_SCALINGS)
    assert schema["$defs"]["corpus"]["properties"]["kind"]["enum"] == list(KINDS)


# What an embedded corpus takes is in part handed on: it is tested with the drawn faces.
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "embedded"])
def test_the_options_of_a_kind_are_what_its_reader_takes(schema, kind):
    corpus = schema["$defs"]["corpus"]
    (branch,) = (one for one in corpus["allOf"] if kind in one["if"]["properties"]["kind"]["enum"])
    taken = inspect.signature(KINDS[kind].records).parameters
    assert set(branch["then"]["properties"]) == {"kind", *taken}
    for name, parameter in taken.items():
        if "default" in corpus["properties"][name]:
            default = corpus["properties"][name]["default"]
            assert parameter.default == (tuple(default) if isinstance(default, list) else default)


def test_every_key_of_the_schema_is_explained(schema):
    table = settings.describe(schema)
    rows = [line.split(" | ") for line in table.splitlines()[2:]]
    assert all(meaning.strip() for _, meaning, *_ in rows)
    keys = [key.strip("| `") for key, *_ in rows]
    assert len(keys) == len(set(keys))
    assert {"study: folds", "corpora: NAME: path", "networks: NAME: rate", "device"} <= set(keys)


def test_the_page_on_configuration_holds_the_table_of_the_schema(schema, root):
    page = (root / "docs" / "configuration.md").read_text()
    assert settings.describe(schema) in page


PAPER = {
    "alexnet": (224, "random", "rmsprop", 1e-4, 10),
    "weinet": (64, "random", "rmsprop", 1e-4, 10),
    "songnet": (224, "random", "rmsprop", 1e-4, 25),
    "silnet": (150, "random", "adam", 1e-4, 10),
    "vgg16": (224, "imagenet", "adam", 1e-4, 2),
    "vgg19": (224, "imagenet", "adam", 1e-4, 2),
    "resnet50": (224, "imagenet", "adam", 1e-4, 2),
    "resnet101_v2": (224, "imagenet", "adam", 1e-4, 2),
    "inception_v3": (224, "imagenet", "adam", 1e-4, 2),
    "xception": (224, "imagenet", "adam", 1e-4, 2),
    "mobilenet_v3": (224, "imagenet", "adam", 1e-6, 20),
    "efficientnet_v2": (224, "imagenet", "adam", 1e-6, 20),
}


def test_the_papers_study_has_the_papers_recipes(schema, root):
    study = settings.check(read(root / "config" / "paper.yaml"), schema)
    keys = ("input_size", "weights", "optimiser", "rate", "epochs")
    found = {name: tuple(recipe[key] for key in keys) for name, recipe in study["networks"].items()}
    assert found == PAPER
    assert {recipe["batch"] for recipe in study["networks"].values()} == {128}
    assert all(recipe["architecture"] == name for name, recipe in study["networks"].items())


def test_the_papers_study_explains_as_the_paper(schema, root):
    study = settings.check(read(root / "config" / "paper.yaml"), schema)
    assert list(study["corpora"]) == ["ck_plus", "bu_4dfe", "jaffe", "wsefep", "fega"]
    assert study["study"]["folds"] == 5
    assert study["study"]["faces_per_expression"] == 100
    lime = study["lime"]
    assert (lime["samples"], lime["kernel_width"], lime["ridge"]) == (1000, 0.25, 1.0)
    assert study["superpixels"] == {"kind": "slic", "n_segments": 30, "compactness": 20}
    assert study["inference"]["precision"] == "float32"
