"""Mistakes in settings: each is named, with what was expected."""

import pytest

from facsimile.errors import UserError
from facsimile.settings.checking import check


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
        ({"explainers": {"a" * 65: {}}}, "at most 64"),
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


@pytest.mark.parametrize("key", ["corpora", "networks"])
def test_a_missing_key_is_named(root, smallest, key):
    del smallest[key]
    with pytest.raises(UserError, match=f"The configuration lacks the key '{key}': add it."):
        check(smallest, root)
