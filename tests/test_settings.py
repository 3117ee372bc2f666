"""Settings as jobs see them: defaults filled in, rows crossed, and the paper's study."""

import json
from copy import deepcopy

import pytest
import yaml

from facsimile.settings.checking import MAPS, check
from facsimile.settings.rows import cross, passes
from running import STUDIES

# Defaults

LIME = {
    "method": "lime",
    "samples": 1000,
    "kernel_width": 0.25,
    "ridge": 1.0,
    "sampling": "independent",
    "tolerance": 0.0,
    "contrast": False,
    "superpixels": "slic30",
    "baseline": "black",
    "select": "correct",
    "faces": 100,
}


def test_every_default_is_filled_in(checked):
    expected = {
        "study": {
            "seed": 2024,
            "alignment": "rigid",
            "folds": 5,
            "repeats": 3,
            "faces_per_expression": 100,
            "select": "correct",
            "baseline": "black",
            "job": "expression",
        },
        "corpora": {
            "drawn": {
                "kind": "synthetic",
                "people": None,
                "identities": 40,
                "per_expression": 40,
                "seed": 1,
                "units": "all",
                "nuisance": "neutral",
                "shuffle_labels": False,
            },
            "photos": {
                "kind": "csv",
                "people": None,
                "path": "faces.csv",
                "images": None,
                "columns": None,
                "order": [],
            },
        },
        "networks": {
            "weinet": {
                "architecture": "weinet",
                "input_size": 64,
                "weights": "random",
                "input_scaling": "standard",
                "optimiser": "adam",
                "learning_rate": 1e-4,
                "epochs": 10,
                "batch_size": 128,
                "precision": "float32",
                "augment": True,
                "occlude_share": 0.0,
            }
        },
        "superpixels": {"slic30": {"kind": "slic", "n_segments": 30, "compactness": 20.0}},
        "baselines": {
            "black": {"kind": "black", "edge": 0.0},
            "grey": {"kind": "grey", "edge": 0.0},
            "blur": {"kind": "blur", "edge": 0.0, "width": 0.08},
        },
        "explainers": {"lime": LIME},
        "references": {"ekman": {"kind": "regions", "path": "resources/references/ekman.yaml"}},
        "inference": {"batch_size": 0, "precision": "float32"},
        "chance": {
            "draws": 10,
            "architecture": "small",
            "input_scaling": "centred",
            "optimiser": "adam",
            "learning_rate": 0.003,
            "epochs": 10,
            "batch_size": 32,
        },
        "measure": {
            "bootstrap_samples": 1000,
            "primary_reference": None,
            "primary_score": None,
        },
        "faith": {"faces": 5, "sanity": 5, "baselines": ["blur", "grey"]},
        "sensitivity": {
            "explainers": ["lime"],
            "superpixels": ["slic30"],
            "baselines": ["black", "grey"],
            "select": ["correct", "predicted"],
            "thresholds": ["otsu", 0.75, 0.9],
        },
        "external_heatmaps": None,
        "device": "cpu",
        "deterministic": True,
        "threads": 1,
    }
    found = checked()
    assert found == expected
    assert json.dumps(found) == json.dumps(expected), "the order of keys is part of what jobs see"


def test_what_is_given_stays_and_the_given_mapping_is_left_alone(root, smallest):
    smallest |= {"study": {"folds": 3}, "threads": 2, "explainers": {"lime": None}}
    before = deepcopy(smallest)
    found = check(smallest, root)
    assert smallest == before
    assert (found["threads"], found["study"]["folds"], found["study"]["seed"]) == (2, 3, 2024)


@pytest.mark.parametrize("study", STUDIES)
def test_checking_twice_changes_nothing(root, study):
    once = check(yaml.safe_load((root / study).read_text()), root)
    assert json.dumps(check(once, root)) == json.dumps(once)


def test_defaults_are_of_their_own(checked):
    checked()["explainers"]["lime"]["samples"] = "changed"
    assert checked()["explainers"]["lime"]["samples"] == 1000


def test_one_architecture_takes_part_under_two_names(checked):
    rows = {"weinet": {"input_size": 64}, "again": {"architecture": "weinet", "input_size": 32}}
    networks = checked(networks=rows)["networks"]
    assert [network["architecture"] for network in networks.values()] == ["weinet", "weinet"]


def test_rows_of_explainers_take_the_studys_choices_where_they_make_none(checked):
    found = checked(
        study={"baseline": "grey", "select": "predicted", "faces_per_expression": 7},
        superpixels={"coarse": {"n_segments": 10}, "parts": {"kind": "parts"}},
        explainers={
            "lime": {},
            "mine": {"method": "lime", "baseline": "black", "superpixels": "parts", "faces": 3},
            "grad_cam": None,
            "occlusion": {"select": "correct"},
        },
    )["explainers"]
    chosen = [
        (row["superpixels"], row["baseline"], row["select"], row["faces"]) for row in found.values()
    ]
    assert chosen == [
        ("coarse", "grey", "predicted", 7),
        ("parts", "black", "predicted", 3),
        (None, None, "predicted", 7),
        (None, "grey", "correct", 7),
    ]


def test_references_are_known_by_name_or_say_what_they_are(checked):
    rows = {
        "facs_core": {},
        "facs_variants": None,
        "mine": {"kind": "maps", "path": "my/maps"},
        "human": {"kind": "tiles", "tiles": "t.csv", "landmarks": "l.csv"},
    }
    assert checked(references=rows)["references"] == {
        "facs_core": {"kind": "action_units", "units": "core"},
        "facs_variants": {"kind": "action_units", "units": "variants"},
        "mine": {"kind": "maps", "path": "my/maps"},
        "human": {"kind": "tiles", "tiles": "t.csv", "landmarks": "l.csv"},
    }


# Mistakes


def test_numbers_that_arrive_as_text_are_numbers(checked):
    recipe = yaml.safe_load("weinet: {input_size: '64', learning_rate: 1e-4, augment: 'false'}")
    network = checked(networks=recipe)["networks"]["weinet"]
    assert (network["input_size"], network["learning_rate"], network["augment"]) == (
        64,
        1e-4,
        False,
    )
    assert type(network["input_size"]) is int


def test_what_the_command_line_makes_text_of_is_read(checked):
    """Snakemake hands on scalars within a key of --config as text, and quoted lists too."""
    found = checked(
        corpora={
            "x": {"kind": "rafd", "path": "p", "angles": "[45, 90]"},
            "y": {"kind": "synthetic", "shuffle_labels": "False"},
            "z": {"kind": "rafd", "path": "p", "angles": ["0", "45"]},
        },
        sensitivity={"thresholds": ["otsu", "0.5"], "select": "[predicted]"},
        explainers={"grad_cam": ""},
        threads="2",
    )
    assert found["corpora"]["x"]["angles"] == [45, 90]
    assert found["corpora"]["y"]["shuffle_labels"] is False
    assert found["corpora"]["z"]["angles"] == [0, 45]
    assert found["sensitivity"]["thresholds"] == ["otsu", 0.5]
    assert found["sensitivity"]["select"] == ["predicted"]
    assert list(found["explainers"]) == ["grad_cam"]
    assert found["threads"] == 2


# Rows crossed, rows that share


def test_rows_that_differ_only_in_what_follows_the_answer_share_a_pass(checked):
    rows = {
        "lime": {},
        "contrast": {"method": "lime", "contrast": True},
        "grey": {"method": "lime", "baseline": "grey"},
        "grey_contrast": {"method": "lime", "baseline": "grey", "contrast": True},
        "grad_cam": {},
    }
    assert passes(checked(explainers=rows)["explainers"]) == {
        "lime": "lime",
        "contrast": "lime",
        "grey": "grey",
        "grey_contrast": "grey",
        "grad_cam": "grad_cam",
    }


def test_rows_are_crossed_with_what_their_method_uses(checked):
    found = checked(
        superpixels={"slic30": {}, "slic80": {"n_segments": 80}},
        explainers={
            "lime": {},
            "lime_grey": {"method": "lime", "baseline": "grey"},
            "grad_cam": {},
        },
    )
    crossed = cross(found["explainers"], found["sensitivity"])
    assert list(crossed) == [
        "lime",
        "lime_grey",  # the study's own row, under its own name
        "lime-slic80",
        "lime-slic80-grey",
        "grad_cam",
        "lime-predicted",
        "lime-grey-predicted",
        "lime-slic80-predicted",
        "lime-slic80-grey-predicted",
        "grad_cam-predicted",
    ]
    assert crossed["lime_grey"].row == found["explainers"]["lime_grey"]
    last = crossed["lime-slic80-grey-predicted"]
    assert last.row == LIME | {"superpixels": "slic80", "baseline": "grey", "select": "predicted"}
    assert last.settings == {
        "method": "lime",
        "superpixels": "slic80",
        "baseline": "grey",
        "select": "predicted",
    }
    assert crossed["grad_cam"].settings == {
        "method": "grad_cam",
        "superpixels": "none",
        "baseline": "none",
        "select": "correct",
    }


def test_crossed_rows_take_no_others_name(checked):
    rows = {"lime": {}, "lime-grey": {"method": "lime", "samples": 50}}
    found = checked(explainers=rows, sensitivity={"select": ["correct"]})
    crossed = cross(found["explainers"], found["sensitivity"])
    assert list(crossed) == ["lime", "lime-grey-2", "lime-grey", "lime-grey-grey"]
    assert crossed["lime-grey"].row["samples"] == 50
    assert crossed["lime-grey-2"].row == LIME | {"baseline": "grey"}


# The paper's study

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


def test_the_papers_study_has_the_papers_recipes(root):
    study = check(yaml.safe_load((root / "config" / "paper.yaml").read_text()), root)
    keys = ("input_size", "weights", "optimiser", "learning_rate", "epochs")
    found = {name: tuple(recipe[key] for key in keys) for name, recipe in study["networks"].items()}
    assert found == PAPER
    assert {recipe["batch_size"] for recipe in study["networks"].values()} == {128}
    assert all(recipe["architecture"] == name for name, recipe in study["networks"].items())


def test_the_papers_study_explains_as_the_paper(root):
    study = check(yaml.safe_load((root / "config" / "paper.yaml").read_text()), root)
    assert list(study["corpora"]) == ["ck_plus", "bu_4dfe", "jaffe", "wsefep", "fega"]
    assert study["study"]["folds"] == 5
    assert study["explainers"] == {"lime": LIME}
    assert study["superpixels"]["slic30"] == {"kind": "slic", "n_segments": 30, "compactness": 20}
    assert study["inference"]["precision"] == "float32"


def test_the_maps_of_rows_are_those_of_the_configuration(checked):
    assert [key for key in checked() if key in MAPS] == list(MAPS)
