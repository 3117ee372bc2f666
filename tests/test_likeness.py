"""Likeness: correlations and trees held against NumPy, SciPy and the published dendrograms."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy.cluster.hierarchy import cophenet, fcluster
from scipy.cluster.hierarchy import linkage as average_linkage
from scipy.spatial.distance import pdist, squareform
from scipy.stats import pearsonr

from facsimile import EXPRESSIONS
from facsimile.atlas.heatmaps import COARSE, CarriedFaces
from facsimile.errors import UserError
from facsimile.measure.factors import all_tests, factor_tests, levels
from facsimile.measure.likeness import (
    all_branches,
    among,
    branches,
    cophenetic,
    correlate,
    distances,
    drawn_correlations,
    drawn_likeness,
    likeness_table,
    linkage,
    over_expressions,
    support,
    support_of,
)
from facsimile.measure.pretraining import Origin
from facsimile.names import check_names

SHAPE = (9, 7)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def heatmap(rng):
    return rng.random(SHAPE)


def test_correlations_are_those_of_numpy(rng):
    heatmaps = {name: rng.random(SHAPE).astype(np.float32) for name in "cab"}
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
    table = correlate(heatmaps)
    names, tree = linkage(table)
    assert names == ["a"][:defined]
    assert tree is None
    assert branches((names, tree)) == []
    assert np.isnan(cophenetic(table))
    assert support((names, tree), ["a", "b"], np.ones((3, 2, 2))).size == 0


def table_of(distance):
    """Return the tidy table of a matrix of distances, by letters."""
    names = "abcdefgh"[: len(distance)]
    table = pd.DataFrame(1 - np.asarray(distance), list(names), list(names)).rename_axis("network")
    return table.reset_index().melt("network", var_name="other", value_name="correlation")


def test_the_tree_joins_at_mean_distances():
    table = table_of([[0, 0.1, 0.4], [0.1, 0, 0.6], [0.4, 0.6, 0]])
    tree = linkage(table)
    assert tree[1][:, 2] == pytest.approx([0.1, 0.5])
    assert branches(tree) == [{"a", "b"}, {"a", "b", "c"}]


def test_the_cophenetic_correlation_is_that_of_its_definition(rng):
    points = rng.random((6, 2))
    table = table_of(squareform(pdist(points)) / 2)
    _, distance = distances(table)
    condensed = squareform(distance)
    kept = cophenet(average_linkage(condensed, "average"))
    assert cophenetic(table) == pytest.approx(pearsonr(kept, condensed)[0])


@pytest.mark.parametrize(
    ("networks", "references", "sentence"),
    [
        (["ekman", "a"], ["ekman"], "'ekman' is used twice, for a network and for a reference"),
        (["all"], [], "Network 'all': in tables this name stands for all networks"),
        (["a"], ["chance"], "Reference 'chance': .* the chance level"),
        (["best rival"], [], "Network 'best rival': "),
        (["a", "a"], [], "'a' is used twice, for a network and for a network"),
    ],
)
def test_a_name_stands_for_one_thing(networks, references, sentence):
    with pytest.raises(UserError, match=sentence):
        check_names(networks, references)


def test_a_reference_never_takes_a_networks_place(heatmap):
    heatmaps = {("lime", "ekman"): heatmap, ("lime", "b"): heatmap**2}
    with pytest.raises(UserError, match="'ekman' is used twice"):
        likeness_table(heatmaps, {"ekman": heatmap > 0.5})
    check_names(["a", "b"], ["ekman"], ["lime", "lime_grey"])
    with pytest.raises(UserError, match="'lime' is used twice, for a network and for an explainer"):
        check_names(["lime"], [], ["lime"])


def test_likeness_is_measured_within_each_explainer_with_references_among_networks(rng):
    heatmaps = {(how, who): rng.random(SHAPE) for how in ("lime", "other") for who in "ab"}
    mask = rng.random(SHAPE) < 0.4
    table = likeness_table(heatmaps, {"ekman": mask})
    assert list(table) == ["explainer", "network", "other", "correlation"]
    assert table["explainer"].tolist() == ["lime"] * 9 + ["other"] * 9
    alone = correlate({who: heatmaps["other", who] for who in "ab"} | {"ekman": mask})
    assert table["correlation"].tolist()[9:] == alone["correlation"].tolist()
    assert set(among(table, ["a", "b"])["network"]) == {"a", "b"}


def test_over_expressions_is_the_mean_and_skips_an_expression_nobody_has(rng):
    def table(*maps):
        return likeness_table(
            {("lime", name): image for name, image in zip("abc", maps, strict=True)}, {}
        )

    nothing = np.full(SHAPE, np.nan)
    first, second = table(*rng.random((3, *SHAPE))), table(*rng.random((3, *SHAPE)))
    both = over_expressions([first, second, table(nothing, nothing, nothing)], "abc")
    mean = (first["correlation"] + second["correlation"]) / 2
    assert both["correlation"].to_numpy() == pytest.approx(mean.to_numpy())
    lacking = over_expressions([first, table(*rng.random((2, *SHAPE)), nothing)], "abc")
    assert lacking["correlation"].isna().sum() == 5, "all pairs of the one that lacks a heatmap"


# Support


def test_drawn_correlations_are_those_of_each_draw(rng):
    drawn = {"a": rng.random((4, 30)), "b": rng.random((4, 30)), "mask": rng.random((1, 30))}
    table = drawn_correlations(drawn)
    for draw in range(4):
        rows = [drawn["a"][draw], drawn["b"][draw], drawn["mask"][0]]
        assert table[draw] == pytest.approx(np.corrcoef(rows), abs=1e-5)


def test_support_counts_the_draws_that_have_a_branch():
    near = np.array([[1, 0.9, 0.1], [0.9, 1, 0.2], [0.1, 0.2, 1]])
    other = near[np.ix_([0, 2, 1], [0, 2, 1])]  # here a and c are near
    undefined = np.full((3, 3), np.nan)
    tree = linkage(table_of(1 - near))
    draws = np.stack([near, near, other, near, undefined])
    assert support(tree, "abc", draws).tolist() == [0.75, 1.0]
    assert np.isnan(support(tree, "abc", draws[:0])).all()


def test_branches_of_like_networks_are_surely_there(rng):
    truth = {"a": rng.random(COARSE), "c": rng.random(COARSE)}
    truth = truth | {"b": truth["a"], "d": truth["c"]}
    people = np.array([f"s{number}" for number in range(12)])
    faces = {
        ("lime", name): CarriedFaces(
            people, people, np.ones(12, bool), np.arange(12) % 3,
            (image + 0.1 * rng.random((12, *COARSE))).astype(np.float32),
        )
        for name, image in truth.items()
    }  # fmt: skip
    weights = pd.DataFrame(rng.multinomial(12, np.full(12, 1 / 12), 40).T, index=people)
    mask = np.kron(rng.random((55, 56)) > 0.5, np.ones((5, 4))) > 0
    bootstrap = {"fear": drawn_likeness(["lime"], faces, {"mask": mask}, weights)}
    assert bootstrap["fear"]["lime"].shape == (40, 5, 5)
    heatmaps = {key: np.kron(one.maps.mean(0), np.ones((5, 4))) for key, one in faces.items()}
    likeness = {"fear": likeness_table(heatmaps, {"mask": mask})}
    likeness["all"] = over_expressions(list(likeness.values()), list(truth))
    table = all_branches(likeness, bootstrap, list(truth))
    alone = table[(table["leaves"] == "networks") & (table["expression"] == "all")]
    assert set(alone["members"]) == {"a b", "c d", "a b c d"}
    assert (alone["support"] == 1).all()
    assert (table["leaves"] == "networks and references").sum() == 2 * 4
    assert support_of(table, "lime", "networks")["fear"].tolist() == [1.0] * 3


def test_without_faces_there_is_no_support():
    assert drawn_likeness(["lime"], {}, {}, None)["lime"].shape == (0, 0, 0)


# What explains likeness


def test_a_factor_that_explains_all_is_found_and_others_say_why_not(rng):
    base = {"x": rng.random(200), "y": rng.random(200)}
    kinds = dict(zip("abcdefgh", "xxxxyyyy", strict=True))
    maps = np.stack([base[kind] + 0.1 * rng.random(200) for kind in kinds.values()])
    table = table_of(1 - np.corrcoef(maps))
    again = table_of(1 - np.corrcoef(maps + 0.01 * rng.random(maps.shape)))
    factors = {
        "kind": kinds,
        "alike": dict.fromkeys(kinds, "z"),
        "all different": {name: name for name in kinds},
        "unknown": dict.fromkeys(kinds, ""),
    }
    found = factor_tests({"fear": table, "anger": again}, factors, 1)
    rows = found[found["expression"] == "fear"].set_index("factor")
    assert rows.loc["kind", "p"] < 0.05
    assert rows.loc["alike", "reason"] == "all networks alike"
    assert rows.loc["all different", "reason"] == "no two networks alike"
    assert rows.loc["unknown", "reason"] == "not known of any network"
    assert found.loc[found["statistic"].isna(), "reason"].ne("").all()
    mantel = found[found["test"] == "Mantel"].iloc[0]
    assert mantel["statistic"] > 0.9 and mantel["p"] < 0.01
    assert factor_tests({"fear": table, "anger": again}, factors, 1).equals(found)


def test_permanova_is_that_of_its_definition(rng):
    maps = rng.random((6, 40))
    distance = 1 - np.corrcoef(maps)
    groups = np.array([0, 0, 0, 1, 1, 1])
    squares = distance**2
    total = squares[np.triu_indices(6)].sum() / 6
    inside = sum(squares[np.ix_(groups == g, groups == g)].sum() / 2 / 3 for g in (0, 1))
    found = factor_tests(
        {"fear": table_of(distance)}, {"g": dict(zip("abcdef", "000111", strict=True))}, 1
    )
    assert found["statistic"].iloc[0] == pytest.approx((total - inside) / (inside / 4))


def test_few_networks_have_no_mantel_test(rng):
    table = table_of(1 - np.corrcoef(rng.random((3, 40))))
    found = factor_tests({"fear": table, "anger": table}, {}, 1)
    assert found["reason"].tolist() == ["fewer than four networks"]


def test_levels_are_those_of_the_origins():
    origins = {
        "a": Origin("vgg16", "vgg", "imagenet"),
        "b": Origin("weinet", "plain", "random"),
        "c": Origin("mine", "", ""),
    }
    assert levels(origins) == {
        "pre-training": {"a": "yes", "b": "no", "c": ""},
        "family": {"a": "vgg", "b": "plain", "c": ""},
    }


# The published numbers

ROOTS = {
    "anger": 0.869,
    "disgust": 0.431,
    "fear": 0.529,
    "happiness": 0.361,
    "sadness": 0.549,
    "surprise": 0.577,
}
NOT_PRETRAINED = {"silnet", "weinet", "alexnet", "songnet"}


@pytest.fixture(scope="module")
def published(shared):
    """Return expression -> correlations of the twelve published heatmaps."""
    folders = sorted((shared / "published" / "heatmaps").iterdir())
    return {
        name: likeness_table(
            {("external", folder.name): grey(folder / f"{name}.png") for folder in folders}, {}
        )
        for name in EXPRESSIONS
    }


def grey(path):
    return np.asarray(Image.open(path).convert("L"))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_published_trees_are_found_again(published, expression):
    names, tree = linkage(published[expression])
    assert len(names) == 12
    assert tree[-1, 2] == pytest.approx(ROOTS[expression], abs=5.5e-4)
    if expression in ("disgust", "happiness", "sadness", "surprise"):
        side = fcluster(tree, 2, "maxclust")
        weinet = side[names.index("weinet")]
        apart = {name for name, number in zip(names, side, strict=True) if number == weinet}
        assert apart == NOT_PRETRAINED


def test_pre_training_explains_the_published_likeness(published):
    names = list(pd.unique(published["fear"]["network"]))
    likeness = published | {"all": over_expressions(list(published.values()), names)}
    starts = {name: "no" if name in NOT_PRETRAINED else "yes" for name in names}
    table = all_tests(likeness, names, {"pre-training": starts}, 1)
    assert (table["q"] < 0.05).all()
    assert len(table) == 7 + 15
