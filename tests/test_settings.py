"""Settings: rows resolved, mistakes named, and code, schema and documents in step."""

import json
import subprocess
import sys
from copy import deepcopy

import jsonschema
import pytest
import yaml
from snakemake.utils import update_config

from facsimile.errors import UserError
from facsimile.explain import methods
from facsimile.settings import document, kinds
from facsimile.settings.checking import MAPS, check
from facsimile.settings.modernise import modernise
from facsimile.settings.rows import cross, passes

STUDIES = (
    *(f"config/{name}.yaml" for name in ("config", "paper", "pretraining", "validation")),
    "tests/tiny.yaml",
)


@pytest.fixture
def smallest():
    """Return the least that a study must say."""
    return {
        "corpora": {"drawn": {"kind": "synthetic"}, "photos": {"kind": "csv", "path": "faces.csv"}},
        "networks": {"weinet": {"input_size": 64}},
    }


@pytest.fixture
def checked(root, smallest):
    """Return a function that checks the smallest study with some changes."""
    return lambda **changes: check(smallest | changes, root)


@pytest.fixture
def reject(root, smallest):
    """Return a function that expects a study with some changes to be refused."""

    def refused(*messages, **changes):
        with pytest.raises(UserError) as caught:
            check(smallest | changes, root)
        for message in messages:
            assert message in str(caught.value)
        return str(caught.value)

    return refused


def read(path):
    return yaml.safe_load(path.read_text())


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
    once = check(read(root / study), root)
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


@pytest.mark.parametrize(
    ("place", "key", "message"),
    [
        ((), "studdy", "Unknown configuration key 'studdy'. Did you mean 'study'?"),
        (("study",), "fold", "key 'fold' in 'study'. Did you mean 'folds'?"),
        (("explainers", "lime"), "sample", "in 'explainers: lime'. Did you mean 'samples'?"),
        (("explainers", "lime"), "superpixel", "'explainers: lime'. Did you mean 'superpixels'?"),
        (("explainers", "lime"), "window", "key 'window' in 'explainers: lime'."),
        (("superpixels", "fine"), "segments", "key 'segments' in 'superpixels: fine'. Did you"),
        (("corpora", "drawn"), "identity", "in 'corpora: drawn'. Did you mean 'identities'?"),
        (("corpora", "photos"), "identities", "key 'identities' in 'corpora: photos'."),
        (("corpora", "drawn"), "path", "key 'path' in 'corpora: drawn'."),
        (("networks", "weinet"), "epoch", "in 'networks: weinet'. Did you mean 'epochs'?"),
        (("references", "ekman"), "paths", "in 'references: ekman'. Did you mean 'path'?"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest(smallest, root, place, key, message):
    inner = smallest
    for part in place:
        inner = inner.setdefault(part, {})
    inner[key] = 1
    with pytest.raises(UserError) as caught:
        check(smallest, root)
    assert message in str(caught.value)


def test_all_keys_are_named_that_stand_beside_an_unknown_one(reject):
    reject(
        "Allowed: frames, kind, path, people.",
        corpora={"x": {"kind": "bu_4dfe", "path": "p", "f": 1}},
    )
    reject(
        "Allowed: baseline, faces, method, samples, select, superpixels.",
        explainers={"x": {"method": "kernel_shap", "ridge": 1}},
    )


@pytest.mark.parametrize("recipe", [None, {}, {"input_size": 64}])
def test_an_unknown_network_is_named_with_the_nearest(reject, recipe):
    message = (
        "Unknown network 'renset50' in 'networks: renset50: architecture'. Did you mean 'resnet50'?"
    )
    reject(message, networks={"renset50": recipe})


def corpus(**options):
    return {"corpora": {"x": {"path": "somewhere", **options}}}


def explainer(**row):
    return {"explainers": {"x": row}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"device": "cdua"}, "'cdua' in 'device'. Did you mean 'cuda'?"),
        (
            {"explainers": {"lmie": {}}},
            "Unknown method 'lmie' in 'explainers: lmie: method'. Did you mean 'lime'?",
        ),
        ({"explainers": "lime"}, "'explainers' is wrong: 'lime' is not of type 'object'"),
        ({"explainers": {}}, "'explainers' is wrong: {} is too short: at least 1 wanted"),
        ({"study": None}, "'study' is wrong: None is not of type 'object'"),
        ({"study": {"folds": True}}, "'study: folds' is wrong: True is not of type 'integer'"),
        ({"study": {"folds": 5.0}}, "'study: folds' is wrong: 5.0 is not of type 'integer'"),
        ({"study": {"folds": "5.5"}}, "'study: folds' is wrong: 5.5 is not of type 'integer'"),
        ({"study": {"folds": 1}}, "'study: folds' is wrong: 1 is less than the minimum of 2"),
        ({"study": {"folds": "five"}}, "'study: folds' is wrong: 'five' is text to YAML"),
        ({"study": {"baseline": "gray"}}, "'gray' in 'study: baseline'. Did you mean 'grey'?"),
        ({"study": {"select": True}}, "'study: select' is wrong: True is not one of ['correct', "),
        ({"chance": {"draws": -1}}, "'chance: draws' is wrong: -1 is less than the minimum of 0"),
        ({"chance": {"architecture": "smal"}}, "'chance: architecture'. Did you mean 'small'?"),
        (
            {"measure": {"primary_score": "auc"}},
            "'auc' in 'measure: primary_score'. Did you mean 'auroc'?",
        ),
        (
            {"measure": {"primary_reference": "ekmann"}},
            "'ekmann' in 'measure: primary_reference'. Did you mean 'ekman'?",
        ),
        ({"networks": ["weinet"]}, "'networks' is wrong: ['weinet'] is not of type 'object'"),
        ({"networks": None}, "'networks' is wrong: None is not of type 'object'"),
        ({"networks": {}}, "'networks' is wrong"),
        ({"networks": {"weinet": 64}}, "'networks: weinet' is wrong: 64 is not of type 'object'"),
        ({"networks": {"weinet": None}}, "lacks the key 'input_size' in 'networks: weinet'"),
        (
            {"networks": {"weinet": {"input_size": 64, "weights": 5}}},
            "5 is no text to YAML; put it into quotes",
        ),
        (
            {"networks": {"weinet": {"input_size": 64, "learning_rate": 0}}},
            "0 is not greater than 0",
        ),
        ({"networks": {"weinet": {"input_size": 64, "learning_rate": float("inf")}}}, "not finite"),
        ({"networks": {"a/b": {"architecture": "weinet", "input_size": 64}}}, "'a/b' is no name"),
        (
            {"networks": {50: {"input_size": 64}}},
            "'networks' is no text to YAML, which reads it as 50",
        ),
        ({"explainers": {True: {}}}, "reads it as True (as it does 50, on, yes and ~): put"),
        ({"references": {None: {}}}, "'references' is no text to YAML, which reads it as None"),
        ({"corpora": {"x": None}}, "lacks the key 'kind' in 'corpora: x': add it"),
        ({"corpora": {"x": 1}}, "'corpora: x' is wrong: 1 is not of type 'object'"),
        ({"corpora": {"x": {"path": "a"}}}, "lacks the key 'kind' in 'corpora: x': add it"),
        ({"corpora": {"x": {"kind": "csv"}}}, "lacks the key 'path' in 'corpora: x': add it"),
        (
            corpus(kind="cvs"),
            "Unknown kind of corpus 'cvs' in 'corpora: x: kind'. Did you mean 'csv'?",
        ),
        (corpus(kind=["csv"]), "Unknown kind of corpus '['csv']' in 'corpora: x: kind'."),
        (corpus(kind="kdef", views=["L"]), "'L' in 'corpora: x: views: 0'. Did you mean 'HL'?"),
        (corpus(kind="kdef", views=[]), "'corpora: x: views' is wrong"),
        (corpus(kind="rafd", angles=[30]), "30 is not one of [0, 45, 90, 135, 180]"),
        (corpus(kind="raf_db", crops="all"), "Allowed: aligned, original."),
        (corpus(kind="ck_plus", frames=0), "0 is less than the minimum of 1"),
        (corpus(kind="csv", order="anger"), "'corpora: x: order' is wrong: 'anger' is not of type"),
        (corpus(kind="csv", columns={"path": "p"}), "lacks the key 'expression' in 'corpora: x: c"),
        (
            corpus(kind="csv", columns={"path": "p", "z": 1}),
            "key 'z' in 'corpora: x: columns'. All",
        ),
        (explainer(), "Unknown method 'x' in 'explainers: x: method'."),
        (explainer(method="lime", kernel_width=0), "'explainers: x: kernel_width' is wrong"),
        (
            explainer(method="lime", baseline="gray"),
            "baseline 'gray' in 'explainers: x: baseline'. Did you mean 'grey'?",
        ),
        (
            explainer(method="lime", superpixels="slic3"),
            "superpixels 'slic3' in 'explainers: x: superpixels'. Did you mean 'slic30'? Allowed:",
        ),
        (
            explainer(method="lime", superpixels=30),
            "'explainers: x: superpixels' is wrong: 30 is no text to YAML",
        ),
        (
            explainer(method="grad_cam", baseline="grey"),
            "'explainers: x: baseline' is wrong: the method 'grad_cam' has none; leave it",
        ),
        (
            explainer(method="occlusion", superpixels="slic30"),
            "superpixels' is wrong: the method 'occlusion' has none",
        ),
        (explainer(method="lime", faces=0), "'explainers: x: faces' is wrong: 0 is less than"),
        (
            {"sensitivity": {"baselines": ["black", "neutralised"]}},
            "'sensitivity: baselines' is wrong: it needs faces of which it is known where",
        ),
        (
            explainer(method="oracle"),
            "'explainers: x' is wrong: it needs faces of which it is known where",
        ),
        (explainer(method="lime", baseline="neutralised"), "'photos' (kind csv) have none"),
        (
            {"superpixels": {"x": {"kind": "slik"}}},
            "kind of superpixels 'slik' in 'superpixels: x: kind'. Did you mean 'slic'?",
        ),
        (
            {"superpixels": {"x": {"kind": "parts", "n_segments": 3}}},
            "key 'n_segments' in 'superpixels: x'. Allowed: kind.",
        ),
        (
            {"references": {"ekmann": {}}},
            "Unknown reference 'ekmann' in 'references'. Did you mean 'ekman'?",
        ),
        (
            {"references": {"human": {}}},
            "A reference of your own says its kind (action_units, maps, regions, tiles).",
        ),
        (
            {"references": {"human": {"kind": "tiles", "tiles": "x"}}},
            "lacks the key 'landmarks' in 'references: human'",
        ),
        (
            {"sensitivity": {"explainers": ["lmie"]}},
            "explainer 'lmie' in 'sensitivity: explainers'. Did you mean 'lime'?",
        ),
        (
            {"sensitivity": {"superpixels": ["x"]}},
            "Unknown superpixels 'x' in 'sensitivity: superpixels'.",
        ),
        (
            {"sensitivity": {"baselines": ["gray"]}},
            "'gray' in 'sensitivity: baselines'. Did you mean 'grey'?",
        ),
        (
            {"sensitivity": {"thresholds": ["otso"]}},
            "'sensitivity: thresholds: 0' is wrong: 'otso' is not 'otsu', and 'otso' is text",
        ),
        ({"sensitivity": {"thresholds": [1.5]}}, "1.5 is not 'otsu', and 1.5 is not less than 1"),
        (
            {"networks": {"ekman": {"architecture": "weinet", "input_size": 64}}},
            "The name 'ekman' is used twice",
        ),
        (
            {"networks": {"lime": {"architecture": "weinet", "input_size": 64}}},
            "The name 'lime' is used twice",
        ),
        (
            {"networks": {"all": {"architecture": "weinet", "input_size": 64}}},
            "Network 'all': in tables this name",
        ),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(reject, change, message):
    assert "\n" not in reject(message, **change)


def test_what_dataclasses_themselves_refuse_is_placed(reject):
    corpora = {"x": {"kind": "synthetic", "identities": 5, "per_expression": 4}}
    reject("In 'corpora: x': ", corpora=corpora)


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


@pytest.mark.parametrize("key", ["corpora", "networks"])
def test_a_missing_key_is_named(root, smallest, key):
    del smallest[key]
    with pytest.raises(UserError, match=f"The configuration lacks the key '{key}': add it."):
        check(smallest, root)


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


# Keys of before the rows

OLD = """
study: {folds: 3}
corpora: {drawn: {kind: embedded, seed: 3}}
networks: {weinet: {input_size: 32, rate: 1.0e-3, batch: 16, hide: 0.5}}
explainers: [lime, lime_contrast, occlusion]
lime: {samples: 50, draws: paired}
kernel_shap: {samples: 10}
occlusion: {window: 0.3}
superpixels: {kind: grid, n_segments: 40}
hidden_by: grey
references: [ekman, human, mine]
human: {tiles: t.csv, landmarks: l.csv}
reference_maps: {mine: maps}
inference: {batch: 8}
measure: {draws: 20}
sensitivity:
  {explainers: [lime, random], kinds: [grid, parts], n_segments: [40, 80], hidden_by: [grey]}
"""

NEW = """
study: {folds: 3, baseline: grey}
corpora: {drawn: {kind: synthetic, seed: 3}}
networks: {weinet: {input_size: 32, learning_rate: 1.0e-3, batch_size: 16, occlude_share: 0.5}}
explainers:
  lime: {samples: 50, sampling: paired}
  lime_contrast: {method: lime, contrast: true, samples: 50, sampling: paired}
  occlusion: {baseline: black, window: 0.3}
  random: {}
superpixels:
  grid40: {kind: grid, n_segments: 40}
  parts: {kind: parts}
  grid80: {kind: grid, n_segments: 80}
references:
  ekman: {}
  human: {kind: tiles, tiles: t.csv, landmarks: l.csv}
  mine: {kind: maps, path: maps}
inference: {batch_size: 8}
measure: {bootstrap_samples: 20}
sensitivity: {explainers: [lime, random], baselines: [grey], superpixels: [grid40, grid80, parts]}
"""


def test_an_old_configuration_is_refused_with_the_new_one(root):
    old, new = yaml.safe_load(OLD), yaml.safe_load(NEW)
    before = deepcopy(old)
    with pytest.raises(UserError, match="keys of an older form, in study, corpora") as caught:
        check(old, root)
    assert old == before
    assert yaml.safe_load(str(caught.value).split("\n\n")[1]) == new
    assert modernise(old) == new
    assert check(new, root)


@pytest.mark.parametrize("study", STUDIES)
def test_todays_configurations_are_of_todays_form(root, study):
    given = read(root / study)
    assert modernise(given) == given


@pytest.mark.parametrize(
    ("old", "part"),
    [
        ("measure: {draws: 10}", {"measure": {"bootstrap_samples": 10}}),
        ("lime: {samples: 9}", {"explainers": {"lime": {"samples": 9}}}),
        ("hidden_by: grey", {"study": {"baseline": "grey"}}),
        ("reference_maps: {a: b}", {"references": {"a": {"kind": "maps", "path": "b"}}}),
        ("superpixels: {kind: parts}", {"superpixels": {"parts": {"kind": "parts"}}}),
    ],
)
def test_one_old_key_is_refused_with_the_part_that_changes(reject, old, part):
    message = reject("write it so:", **yaml.safe_load(old))
    assert yaml.safe_load(message.split("\n\n")[1]) == part


@pytest.mark.parametrize(
    "wrong",
    [
        "lime: 5",
        "human: x",
        "explainers: lime",
        "superpixels: [slic]",
        "sensitivity: {kinds: slic}",
    ],
)
def test_old_keys_that_were_wrong_before_are_refused_too(reject, wrong):
    reject("configuration", **yaml.safe_load(wrong))


# In step


def test_what_is_recommended_goes_beside_any_study(root):
    whole = read(root / "config/config.yaml")
    update_config(whole, read(root / "config/recommended.yaml"))
    rows = check(whole, root)["explainers"]
    assert next(iter(rows)) == "lime" and rows["lime"]["baseline"] == "average"
    assert rows["lime"] | {"baseline": "black"} == rows["lime_black"], "the paper's, beside it"


@pytest.mark.parametrize("study", [*STUDIES, "config/recommended.yaml"])
def test_the_schema_for_editors_takes_the_studies_that_come_with_the_project(root, study):
    jsonschema.validate(read(root / study), json.loads((root / "config/schema.json").read_text()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"studdy": {}},
        {"baselines": {"blur": {"width": 0}}},
        {"networks": {"x": {"architecture": "renset50", "input_size": 64}}},
        {"networks": {"a/b": {"input_size": 64}}},
        {"explainers": {"mine": {"samples": 5}}},
        {"explainers": {"lime": {"window": 0.1}}},
        {"explainers": {"grad_cam": {"baseline": "grey"}}},
        {"explainers": {"x": {"method": "lime", "samples": 1}}},
        {"references": {"mine": {}}},
        {"corpora": {"x": {"kind": "kdef"}}},
        {"superpixels": {"x": {"kind": "parts", "n_segments": 3}}},
        {"sensitivity": {"thresholds": [2]}},
    ],
)
def test_the_schema_for_editors_refuses_mistakes(root, wrong):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, document.schema(str(root)))


def test_schema_and_page_are_made_of_the_settings_as_they_are(root):
    written = json.loads((root / "config" / "schema.json").read_text())
    page = (root / "docs" / "configuration.md").read_text()
    made = f"{document.START}\n{document.describe(str(root))}\n{document.END}"
    advice = "run: PYTHONPATH=workflow/scripts .venv/bin/python -m facsimile.settings ."
    assert written == document.schema(str(root)), advice
    assert made in page, advice


def test_every_key_is_explained(root):
    rows = [
        line.strip("|").split(" | ")
        for line in document.describe(str(root)).splitlines()
        if line.startswith("| `")
    ]
    assert all(meaning.strip() and values.strip() for _, meaning, values, *_ in rows)
    keys = {key.strip(" `") for key, *_ in rows}
    assert {"study: folds", "path", "learning_rate", "device", "columns: subject"} <= keys


METHOD = '''
"""Guessing: nothing is asked.

It is here to be found.
"""

from dataclasses import dataclass

from facsimile.explain.methods import Method
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class Guess(Method):
    """How often."""

    USES_BASELINE = True
    guesses: int = option("How often one guesses.", 3, ge=1)

    def sentence(self, superpixels, baseline):
        """Say so."""
        return "guesses"

    def explain(self, target):
        """Guess."""
'''


def test_a_method_is_one_file(monkeypatch, tmp_path, root, checked, reject):
    (tmp_path / "guess.py").write_text(METHOD)
    monkeypatch.setattr(methods, "__path__", [*methods.__path__, str(tmp_path)])
    assert "guess" in kinds.METHODS.names
    rows = checked(explainers={"guess": {"guesses": 5}})["explainers"]
    assert rows["guess"] == {
        "method": "guess",
        "guesses": 5,
        "superpixels": None,
        "baseline": "black",
        "select": "correct",
        "faces": 100,
    }
    reject("'explainers: guess: guesses' is wrong", explainers={"guess": {"guesses": 0}})
    reject("Did you mean 'guess'?", explainers={"gess": {}})
    page = document.describe(str(root))
    assert "### `method: guess`\n\nGuessing: nothing is asked.\n" in page
    assert "| `guesses` | How often one guesses. | integer ≥ 1 | `3` |" in page
    schema = document.schema(str(root))
    jsonschema.validate({"explainers": {"guess": {"guesses": 5}}}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"explainers": {"guess": {"guesses": 0}}}, schema)
    monkeypatch.delitem(sys.modules, "facsimile.explain.methods.guess")


def test_planning_imports_only_what_is_light_and_in_use(root):
    """Settings are read each time Snakemake starts, and in each of its jobs."""
    code = """
import sys, yaml
from facsimile.settings.checking import check
check(yaml.safe_load(open("config/config.yaml")), ".")
heavy = {"torch", "torchvision", "timm", "captum", "pandas", "scipy", "skimage", "sklearn", "PIL"}
print(sorted(heavy & set(sys.modules)), "facsimile.explain.methods.occlusion" in sys.modules)
"""
    environment = {"PYTHONPATH": str(root / "workflow" / "scripts")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True
    )
    assert done.stdout == "[] False\n", done.stderr


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
    study = check(read(root / "config" / "paper.yaml"), root)
    keys = ("input_size", "weights", "optimiser", "learning_rate", "epochs")
    found = {name: tuple(recipe[key] for key in keys) for name, recipe in study["networks"].items()}
    assert found == PAPER
    assert {recipe["batch_size"] for recipe in study["networks"].values()} == {128}
    assert all(recipe["architecture"] == name for name, recipe in study["networks"].items())


def test_the_papers_study_explains_as_the_paper(root):
    study = check(read(root / "config" / "paper.yaml"), root)
    assert list(study["corpora"]) == ["ck_plus", "bu_4dfe", "jaffe", "wsefep", "fega"]
    assert study["study"]["folds"] == 5
    assert study["explainers"] == {"lime": LIME}
    assert study["superpixels"]["slic30"] == {"kind": "slic", "n_segments": 30, "compactness": 20}
    assert study["inference"]["precision"] == "float32"


def test_the_maps_of_rows_are_those_of_the_configuration(checked):
    assert [key for key in checked() if key in MAPS] == list(MAPS)
