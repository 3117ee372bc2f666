"""Agreement and likeness: held against scikit-learn, NumPy and the published numbers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from scipy.cluster.hierarchy import fcluster
from sklearn.metrics import f1_score, jaccard_score, precision_score, recall_score

from facsimile import EXPRESSIONS
from facsimile.measure.agreement import SCORES, agree, agreement_table, stretch
from facsimile.measure.likeness import correlate, likeness_table, linkage

SHAPE = (9, 7)
HEATMAPS = arrays(np.float64, SHAPE, elements=st.floats(0, 1, width=16))
MASKS = arrays(bool, SHAPE)


@pytest.fixture
def heatmap():
    return np.random.default_rng(0).random(SHAPE)


@pytest.fixture
def mask():
    return np.random.default_rng(1).random(SHAPE) < 0.4


# Agreement


@given(HEATMAPS, MASKS)
def test_scores_are_those_of_scikit_learn(heatmap, mask):
    assume(mask.any() and np.ptp(heatmap) > 0)
    found = agree(heatmap, mask)
    above = stretch(heatmap) > found.threshold
    for score, expected in zip(
        SCORES, (jaccard_score, precision_score, recall_score, f1_score), strict=True
    ):
        assert found.value[score] == pytest.approx(expected(mask.ravel(), above.ravel()))


@given(st.integers(0, 999), st.integers(-10, 10), st.integers(-5, 5))
def test_scores_depend_on_a_heatmaps_shape_not_its_scale(seed, exponent, offset):
    # Whole numbers and powers of two, which floats hold exactly.
    heatmap = np.random.default_rng(seed).integers(0, 100, SHAPE).astype(float)
    mask = heatmap.T.reshape(SHAPE) > 50
    assert agree(heatmap * 2.0**exponent + offset, mask) == agree(heatmap, mask)


def test_a_heatmap_that_is_its_mask_agrees_wholly(mask):
    assert agree(mask.astype(float), mask).value == dict.fromkeys(SCORES, 1.0)
    assert agree(1.0 - mask, mask).value == dict.fromkeys(SCORES, 0.0)


def test_a_heatmap_is_stretched_to_all_of_8_bits():
    assert stretch(np.array([[-1.0, 0.0, 1.0]])).tolist() == [[0, 128, 255]]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda heatmap: heatmap * np.nan, "no face explained"),
        (lambda heatmap: np.where(heatmap > 0.9, np.nan, heatmap), "heatmap with undefined pixels"),
        (lambda heatmap: np.where(heatmap > 0.9, np.inf, heatmap), "heatmap with undefined pixels"),
        (lambda heatmap: heatmap * 0 + 0.3, "constant heatmap"),
    ],
    ids=["nowhere", "holes", "infinite", "constant"],
)
def test_an_undefined_heatmap_has_a_reason_instead_of_scores(heatmap, mask, change, reason):
    found = agree(change(heatmap), mask)
    assert found.reason == reason
    assert np.isnan([*found.value.values(), found.threshold]).all()


def test_an_empty_mask_has_a_reason_instead_of_scores(heatmap, mask):
    assert agree(heatmap, mask & False).reason == "empty mask"


@pytest.fixture
def table(heatmap, mask):
    cell, empty = ("lime", "weinet", "anger"), ("lime", "weinet", "fear")
    folds = np.stack([heatmap, heatmap.T.reshape(SHAPE), heatmap * np.nan])
    return agreement_table(
        {cell: heatmap, empty: heatmap * np.nan},
        {cell: folds, empty: folds * np.nan},
        {cell: 20, empty: 0},
        {("ekman", name): mask for name in EXPRESSIONS} | {("other", "anger"): ~mask},
    )


def test_the_table_has_a_row_for_each_heatmap_reference_and_score(table):
    keys = ["explainer", "network", "expression", "reference", "score"]
    found = table.groupby(keys[:-1])["score"].agg(tuple)
    assert dict(found) == dict.fromkeys(
        [
            ("lime", "weinet", "anger", "ekman"),
            ("lime", "weinet", "anger", "other"),
            ("lime", "weinet", "fear", "ekman"),
        ],
        SCORES,
    )
    assert table.columns[:6].tolist() == [*keys, "value"]


def test_folds_without_a_heatmap_are_left_out_of_mean_and_spread(table, heatmap, mask):
    single = [agree(fold, mask).value["iou"] for fold in (heatmap, heatmap.T.reshape(SHAPE))]
    (row,) = table.query(
        "expression == 'anger' and reference == 'ekman' and score == 'iou'"
    ).to_dict("records")
    assert row["value"] == agree(heatmap, mask).value["iou"]
    assert row["fold_mean"] == pytest.approx(np.mean(single))
    assert row["fold_std"] == pytest.approx(abs(single[0] - single[1]) / np.sqrt(2))
    assert (row["folds"], row["faces"], row["reason"]) == (2, 20, "")


def test_a_heatmap_of_no_face_has_empty_values_and_its_reason(table):
    rows = table[table["expression"] == "fear"]
    assert rows[["value", "fold_mean", "fold_std", "threshold"]].isna().all(axis=None)
    assert set(rows["reason"]) == {"no face explained"}
    assert set(rows["folds"]) == {0}


# Likeness


def test_correlations_are_those_of_numpy():
    generator = np.random.default_rng(0)
    heatmaps = {name: generator.random(SHAPE).astype(np.float32) for name in "cab"}
    table = correlate(heatmaps)
    assert table[["network", "other"]].to_numpy().tolist() == [
        [network, other] for other in "cab" for network in "cab"
    ]
    found = table["correlation"].to_numpy().reshape(3, 3)
    expected = np.corrcoef([heatmap.ravel() for heatmap in heatmaps.values()])
    assert found == pytest.approx(expected, abs=1e-6)
    assert (found == found.T).all()
    assert np.diag(found) == pytest.approx(1, abs=1e-12)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [np.nan, 0.3])
def test_an_undefined_heatmap_has_no_correlations(heatmap, value):
    table = correlate({"a": heatmap, "b": np.full(SHAPE, value), "c": heatmap**2})
    undefined = table["correlation"].isna()
    assert (undefined == ((table["network"] == "b") | (table["other"] == "b"))).all()
    names, tree = linkage(table)
    assert names == ["a", "c"]
    assert tree.shape == (1, 4)


@pytest.mark.parametrize("defined", [0, 1])
def test_fewer_than_two_networks_make_no_tree(heatmap, defined):
    heatmaps = {"a": heatmap if defined else heatmap * np.nan, "b": heatmap * 0}
    names, tree = linkage(correlate(heatmaps))
    assert names == ["a"][:defined]
    assert tree is None


def test_the_tree_joins_at_mean_distances():
    distances = {("a", "b"): 0.1, ("a", "c"): 0.4, ("b", "c"): 0.6}
    table = pd.DataFrame(
        [
            (one, other, 1 - distances.get(tuple(sorted((one, other))), 0))
            for one in "abc"
            for other in "abc"
        ],
        columns=["network", "other", "correlation"],
    )
    _, tree = linkage(table)
    assert tree[:, 2] == pytest.approx([0.1, 0.5])


def test_likeness_is_measured_within_each_explainer(heatmap):
    generator = np.random.default_rng(0)
    heatmaps = {(how, who): generator.random(SHAPE) for how in ("lime", "other") for who in "ab"}
    table = likeness_table(heatmaps)
    assert list(table) == ["explainer", "network", "other", "correlation"]
    assert table["explainer"].tolist() == ["lime"] * 4 + ["other"] * 4
    alone = correlate({who: heatmaps["other", who] for who in "ab"})
    assert table["correlation"].tolist()[4:] == alone["correlation"].tolist()


# The published numbers


@pytest.fixture(scope="module")
def published(shared):
    return shared / "published"


@pytest.fixture(scope="module")
def published_heatmaps(published):
    """Return (network, expression) -> heatmap, for the 72."""
    paths = sorted((published / "heatmaps").glob("*/*.png"))
    return {(path.parent.name, path.stem): grey(path).astype(np.float32) for path in paths}


def grey(path):
    return np.asarray(Image.open(path).convert("L"))


def test_the_72_published_agreements_are_found_again(published, published_heatmaps):
    figures = pd.read_csv(published / "agreement.csv").set_index(["architecture", "expression"])
    masks = {name: grey(published / "masks" / f"{name}.png") > 127 for name in EXPRESSIONS}
    found = pd.Series(
        {
            key: agree(heatmap, masks[key[1]]).value["iou"]
            for key, heatmap in published_heatmaps.items()
        }
    )
    assert len(found) == 72
    assert (found - figures["iou_pooled"].reindex(found.index)).abs().max() < 1e-3
    assert found.mean() == pytest.approx(0.2689, abs=5e-4)


ROOTS = {
    "anger": 0.869,
    "disgust": 0.431,
    "fear": 0.529,
    "happiness": 0.361,
    "sadness": 0.549,
    "surprise": 0.577,
}
NOT_PRETRAINED = {"silnet", "weinet", "alexnet", "songnet"}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_published_trees_are_found_again(published_heatmaps, expression):
    heatmaps = {
        network: heatmap
        for (network, name), heatmap in published_heatmaps.items()
        if name == expression
    }
    names, tree = linkage(correlate(heatmaps))
    assert len(names) == 12
    assert tree[-1, 2] == pytest.approx(ROOTS[expression], abs=1e-3)
    if expression in ("disgust", "happiness", "sadness", "surprise"):
        side = fcluster(tree, 2, "maxclust")
        apart = {
            name
            for name, number in zip(names, side, strict=True)
            if number == side[names.index("weinet")]
        }
        assert apart == NOT_PRETRAINED
