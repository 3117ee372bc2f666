"""Likeness: correlations and trees held against NumPy, SciPy and the published dendrograms."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy.cluster.hierarchy import cophenet, fcluster
from scipy.cluster.hierarchy import linkage as average_linkage
from scipy.spatial.distance import pdist, squareform
from scipy.stats import pearsonr, ttest_ind
from skbio.stats.distance import DistanceMatrix
from skbio.stats.distance import mantel as mantel_of_skbio
from skbio.stats.distance import permanova as permanova_of_skbio

from facsimile import EXPRESSIONS
from facsimile.atlas.heatmaps import COARSE, CarriedFaces
from facsimile.errors import UserError
from facsimile.measure import distance_tests as tests
from facsimile.measure.factors import Factor, all_tests, factor_tests, factors_of
from facsimile.measure.likeness import (
    among,
    correlate,
    disjoint_halves,
    distances,
    likeness_table,
    over_expressions,
    reliability_of_references,
    without_noise,
)
from facsimile.measure.pretraining import Origin
from facsimile.measure.reliability import pooled_maps, split_half
from facsimile.measure.trees import (
    all_branches,
    branches,
    cophenetic,
    draw_trainings,
    drawn_correlations,
    drawn_likeness,
    linkage,
    support,
    support_of,
)
from facsimile.names import check_names

SHAPE = (9, 7)


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
    numbers = ["correlation", "disattenuated", "reliability", "reliability_other"]
    assert list(table) == ["explainer", "network", "other", *numbers]
    assert table["disattenuated"].isna().all(), "nobody has the faces"
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


def carried(image, rng, people=12, repeats=1, noise=0.1):
    """Return faces of some people, explained once in each repeat."""
    names = np.array([f"c/{number}" for number in range(people)])
    person, repeat = np.tile(names, repeats), np.repeat(np.arange(repeats), people)
    maps = np.broadcast_to(image, (repeats * people, *COARSE))
    maps = maps + noise * rng.random((repeats * people, *COARSE))
    return CarriedFaces(
        person, person, np.ones(len(person), bool), repeat, 0 * repeat, maps.astype(np.float32)
    )


def fine(one):
    return np.kron(one.maps.mean(0), np.ones((5, 4)))


def drawn_people(rng, people=12, samples=40):
    counts = rng.multinomial(people, np.full(people, 1 / people), samples)
    return pd.DataFrame(counts.T, index=[f"c/{number}" for number in range(people)])


def test_branches_of_like_networks_are_surely_there(rng):
    truth = {"a": rng.random(COARSE), "c": rng.random(COARSE)}
    truth = truth | {"b": truth["a"], "d": truth["c"]}
    faces = {("lime", name): carried(image, rng) for name, image in truth.items()}
    weights = drawn_people(rng)
    mask = np.kron(rng.random((55, 56)) > 0.5, np.ones((5, 4))) > 0
    once = dict.fromkeys(truth, 1)
    bootstrap = {"fear": drawn_likeness(["lime"], faces, {"mask": mask}, weights, once, 1)}
    assert bootstrap["fear"]["lime"].shape == (40, 5, 5)
    heatmaps = {key: fine(one) for key, one in faces.items()}
    likeness = {"fear": likeness_table(heatmaps, {"mask": mask})}
    likeness["all"] = over_expressions(list(likeness.values()), list(truth))
    table = all_branches(likeness, bootstrap, list(truth))
    alone = table[(table["leaves"] == "networks") & (table["expression"] == "all")]
    assert set(alone["members"]) == {"a b", "c d", "a b c d"}
    assert (alone["support"] == 1).all()
    assert (table["leaves"] == "networks and references").sum() == 2 * 4
    assert support_of(table, "lime", "networks")["fear"].tolist() == [1.0] * 3


def test_a_branch_that_hangs_on_one_training_is_not_sure(rng):
    """One of three trainings of a looks like b, the others like c."""
    b, c = rng.random((2, *COARSE))
    one = carried(0 * b, rng, repeats=3)
    looks = np.stack([b, b, c])[one.repeat]
    faces = {
        ("lime", "a"): CarriedFaces(**vars(one) | {"maps": one.maps + looks.astype(np.float32)}),
        ("lime", "b"): carried(b, rng, repeats=3),
        ("lime", "c"): carried(c, rng, repeats=3),
    }
    weights, thrice = drawn_people(rng, samples=200), dict.fromkeys("abc", 3)
    drawn = drawn_likeness(["lime"], faces, {}, weights, thrice, 1)["lime"]
    likeness = likeness_table({key: fine(part) for key, part in faces.items()}, {})
    shares = support(linkage(likeness), "abc", drawn)
    # Two of three are drawn: both trainings like c once in nine, one of each four times.
    assert branches(linkage(likeness))[0] == {"a", "b"}
    assert 0.4 < shares[0] < 0.95


def test_trainings_are_drawn_for_each_network():
    counts = draw_trainings(5, 400, 1, "weinet")
    assert (counts.sum(axis=0) == 4).all()
    assert counts.mean(axis=1) == pytest.approx(np.full(5, 0.8), abs=0.15)
    assert (counts == draw_trainings(5, 400, 1, "weinet")).all()
    assert (counts != draw_trainings(5, 400, 1, "songnet")).any()
    assert (draw_trainings(1, 7, 1, "weinet") == 1).all()


def test_trainings_count_as_they_are_drawn(rng):
    one = carried(rng.random(COARSE), rng, repeats=2)
    weights = pd.DataFrame(1.0, index=[f"c/{number}" for number in range(12)], columns=[0, 1])
    drawn = pooled_maps(one, weights, np.array([[1, 0], [0, 1]]))
    for repeat in (0, 1):
        own = one.maps[one.repeat == repeat].mean(axis=0).ravel()
        assert drawn[repeat] == pytest.approx(own, abs=1e-5)


def test_without_faces_there_is_no_support():
    assert drawn_likeness(["lime"], {}, {}, None, {}, 1)["lime"].shape == (0, 0, 0)


# Without noise


def test_halves_share_nobody_and_reliability_is_that_of_the_tables(rng):
    special = rng.random((12, *COARSE))
    faces = {name: carried(special, rng, noise=0.01) for name in "ab"}
    references = {"mask": np.kron(special[0], np.ones((5, 4))) > 0.5}
    halves = disjoint_halves(faces, references, 1)
    # What is special about people is all there is: maps of others have nothing in common.
    assert np.abs(halves.loc[["a", "b"], ["a", "b"]]).max(axis=None) < 0.05
    heatmaps = {("lime", name): fine(one) for name, one in faces.items()}
    carrying = {("lime", name): one for name, one in faces.items()}
    table = likeness_table(heatmaps, references, carrying, {"mask": 0.8}, 1)
    rows = table.set_index(["network", "other"])
    assert rows.loc[("a", "b"), "correlation"] > 0.99
    assert rows.loc[("a", "b"), "reliability"] == split_half(faces["a"], 1)
    assert rows.loc[("a", "mask"), "reliability_other"] == 0.8


def test_noise_is_taken_out_by_both_reliabilities():
    names = ["a", "b", "c", "mask"]
    halves = pd.DataFrame(
        [[0.8, 0.4, 0.1, 0.3], [0.4, 0.5, 0.1, 0.2], [0.1, 0.1, -0.1, 0], [0.3, 0.2, 0, 1]],
        names, names,
    )  # fmt: skip
    table = without_noise(halves, {"mask": 0.5})
    assert table.loc["a", "b"] == pytest.approx(0.4 / np.sqrt(0.8 * 0.5))
    assert table.loc["a", "mask"] == pytest.approx(0.3 / np.sqrt(0.8 * 0.5))
    assert table.loc["a", "a"] == 1
    assert table["c"].isna().all(), "not reliable at all"


def test_only_measured_references_have_a_reliability(tmp_path):
    columns = ["expression", "between", "reliability"]
    rows = [("fear", "faces", 0.3), ("fear", "halves", 0.7), ("anger", "halves", 0.9)]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "people.csv", index=False)
    pd.DataFrame(columns=columns).to_csv(tmp_path / "ekman.csv", index=False)
    ceilings = {name: tmp_path / f"{name}.csv" for name in ("people", "ekman")}
    assert reliability_of_references(ceilings, "fear") == {"people": 0.7}


# What explains likeness

KINDS = dict(zip("abcdefgh", "xxxxyyyy", strict=True))


def factor(levels, unit_of=None):
    return Factor(levels, "families", unit_of or {name: name for name in levels}, False)


def test_a_factor_that_explains_all_is_found_and_others_say_why_not(rng):
    base = {"x": rng.random(200), "y": rng.random(200)}
    common = rng.random(200)
    maps = np.stack([common + base[kind] + 0.1 * rng.random(200) for kind in KINDS.values()])
    table = table_of(1 - np.corrcoef(maps))
    again = table_of(1 - np.corrcoef(maps + 0.01 * rng.random(maps.shape)))
    factors = {
        "kind": factor(KINDS),
        "alike": factor(dict.fromkeys(KINDS, "z")),
        "all different": factor({name: name for name in KINDS}),
        "unknown": factor({}),
        "one alone": factor(dict(zip("abcdefgh", "xyyyyyyy", strict=True))),
    }
    found = factor_tests({"fear": table, "anger": again}, factors, 1)
    first = found[(found["expression"] == "fear") & (found["test"] != "Mantel")]
    rows = first.drop_duplicates("factor").set_index("factor")
    assert rows["test"].tolist() == ["W*d", "W*d", "PERMANOVA", "W*d", "W*d"]
    # Four of eight: 70 orders, each with its mirror image.
    assert rows.loc["kind", ["permutations", "exact"]].tolist() == [35, True]
    assert rows.loc["kind", "p"] == rows.loc["kind", "p_min"] == pytest.approx(1 / 35)
    assert rows.loc["alike", "reason"] == "all networks alike"
    assert rows.loc["all different", "reason"] == "no two networks alike"
    assert rows.loc["unknown", "reason"] == "not known of any network"
    assert rows.loc["one alone", "reason"] == "fewer than 2 networks of a level"
    assert found.loc[found["statistic"].isna(), "reason"].ne("").all()
    mantel = found[found["test"] == "Mantel"].iloc[0]
    assert mantel["statistic"] > 0.9 and mantel["p"] < 0.01
    assert factor_tests({"fear": table, "anger": again}, factors, 1).equals(found)


@pytest.mark.parametrize("kept", [8, 5, 2, 1, 0])
def test_every_expression_has_the_same_tests_whichever_networks_it_lacks(rng, kept):
    distance = 1 - np.corrcoef(rng.random((8, 50)))
    table, some = table_of(distance), table_of(distance[:kept, :kept])
    units = dict(zip("abcdefgh", "aabcdefg", strict=True))
    found = factor_tests({"fear": table, "all": some}, {"kind": factor(KINDS, units)}, 1)
    found = found[found["test"] != "Mantel"]
    of_each = [
        found[found["expression"] == name][["test", "factor", "unit"]].to_numpy().tolist()
        for name in ("fear", "all")
    ]
    assert of_each[0] == of_each[1] and {unit for *_, unit in of_each[0]} == {
        "networks",
        "families",
    }
    assert found.loc[found["statistic"].isna(), "reason"].ne("").all()


def origins(**starts):
    """Return origins of networks by name: architecture, family and start."""
    return {name: Origin(*one) for name, one in starts.items()}


def test_factors_are_those_of_the_origins():
    made = origins(a=("vgg16", "vgg", "imagenet"), b=("weinet", "plain", "random"),
                   c=("mine", "", ""))  # fmt: skip
    found = factors_of(made, ["a", "b", "c", "d"])
    start, family = found["pre-training"], found["family"]
    assert start.levels == {"a": "yes", "b": "no"}
    assert family.levels == {"a": "vgg", "b": "plain"}
    assert start.unit_of["c"] == "mine", "a family of its own"
    assert start.confounded and family.confounded
    both = made | origins(d=("vgg19", "vgg", "random"))
    assert not factors_of(both, list(both))["pre-training"].confounded
    alike = origins(a=("vgg16", "vgg", "random"), b=("weinet", "plain", "random"))
    assert not factors_of(alike, list(alike))["family"].confounded, "all start alike"


def rows_of(made, rng):
    names = list(made)
    table = table_of(1 - np.corrcoef(rng.random((len(names), 40))))
    renamed = dict(zip("abcdefgh", names, strict=False))
    table[["network", "other"]] = table[["network", "other"]].replace(renamed)
    found = all_tests({"all": table.assign(explainer="lime")}, names, made, 1)
    return found[found["test"] != "PERMDISP"].set_index(["factor", "unit"])


def test_whole_families_are_exchanged_where_a_factor_is_constant_within_them(rng):
    made = {
        f"{family}{number}": Origin(f"{family}{number}", family, start)
        for family, start in zip("pqrs", ("random", "random", "imagenet", "imagenet"), strict=True)
        for number in (1, 2)
    }
    rows = rows_of(made, rng)
    families = rows.loc[("pre-training", "families")]
    assert families[["permutations", "p_min", "confounded"]].tolist() == [3, 1 / 3, True]
    assert rows.loc[("pre-training", "networks"), "permutations"] == 35
    assert ("family", "architectures") not in rows.index, "no two of one architecture"


def test_networks_are_exchanged_within_families_that_have_both_kinds(rng):
    made = {
        f"{family}{number}": Origin(family, family, start)
        for family in "pqr"
        for number, start in enumerate(("random", "imagenet"))
    }
    made |= {"s0": Origin("s", "s", "random"), "s1": Origin("s", "s", "random")}
    rows = rows_of(made, rng)
    families = rows.loc[("pre-training", "families")]
    # Of s nothing can be said; three pairs have eight orders, each with its mirror image.
    assert families[["permutations", "n_networks"]].tolist() == [4, 6]
    assert not families["confounded"]
    assert rows.loc[("family", "architectures"), "reason"] == "no two architectures alike"


def test_heatmaps_of_which_nothing_is_known_have_no_factors(rng):
    names = ["a", "b", "c", "d"]
    table = table_of(1 - np.corrcoef(rng.random((4, 40)))).assign(explainer="external")
    found = all_tests({"all": table}, names, {}, 1)
    assert set(found["reason"]) == {"not known of any network"}


# The tests of distances


def numbered(groups):
    return np.unique(list(groups), return_inverse=True)[1]


@pytest.mark.parametrize(
    ("groups", "blocks", "count"),
    [("aabb", "0000", 3), ("aaabb", "00000", 10), ("abab", "0011", 2), ("aabbc", "00000", 15),
     ("aabc", "0000", 6), ("abababab", "00112233", 8)],
)  # fmt: skip
def test_orders_are_those_that_group_otherwise(groups, blocks, count, rng):
    labels = numbered(groups)
    orders, exact = tests.orders_of_labels(labels, numbered(blocks), rng)
    assert exact and len(orders) == count
    assert (orders[0] == labels).all()
    together = {(order[:, None] == order).tobytes() for order in orders}
    assert len(together) == count


def test_orders_are_drawn_where_there_are_many(rng):
    labels = np.repeat([0, 1], [10, 10])
    orders, exact = tests.orders_of_labels(labels, labels * 0, rng)
    assert not exact and orders.shape == (10_000, 20)
    assert (orders.sum(axis=1) == 10).all()
    within = tests.orders_of_labels(np.tile([0, 1], 20), np.repeat(np.arange(20), 2), rng)[0]
    assert (within.reshape(len(within), 20, 2).sum(axis=2) == 1).all()


def test_without_weights_the_pseudo_f_is_that_of_scikit_bio(rng):
    correlations = np.corrcoef(rng.random((7, 40)))
    labels = numbered("aabbbcc")
    # The squared distance of maps with mean 0 and norm 1 is 2 (1 - r).
    distance = DistanceMatrix(squareform(np.sqrt(squareform(1 - correlations, checks=False))))
    expected = permanova_of_skbio(distance, labels, permutations=0)
    found = tests.permanova(correlations, np.full(7, 0.3), labels[None])
    assert found[0] == pytest.approx(expected["test statistic"])


def test_without_weights_w_is_that_of_its_definition(rng):
    correlations = np.corrcoef(rng.random((7, 40)))
    one, other = np.arange(3), np.arange(3, 7)
    squares = 1 - correlations

    def inside(group):
        return squares[np.ix_(group, group)].sum() / 2

    total = squares.sum() / 2
    first, second = inside(one), inside(other)
    above = (3 + 4) / (3 * 4) * (total / 7 - first / 3 - second / 4)
    below = first / (3**2 * 2) + second / (4**2 * 3)
    found = tests.welch(correlations, np.full(7, 0.3), np.repeat([0, 1], [3, 4])[None])
    assert found[0] == pytest.approx(above / below)


def test_loadings_are_those_of_one_common_look():
    truth = np.array([0.9, 0.8, 0.7, 0.5, 0.3])
    correlations = np.outer(truth, truth)
    np.fill_diagonal(correlations, 1)
    assert tests.loadings(correlations) == pytest.approx(truth, abs=1e-4)
    assert len(set(tests.loadings(np.eye(4)))) == 1, "nothing in common: all alike"


def test_units_are_correlated_as_their_mean_maps(rng):
    maps = rng.random((5, 40))
    maps -= maps.mean(axis=1, keepdims=True)
    maps /= np.linalg.norm(maps, axis=1, keepdims=True)
    unit = np.array([0, 0, 1, 2, 2])
    means = np.stack([maps[unit == number].mean(axis=0) for number in range(3)])
    assert tests.joined(maps @ maps.T, unit) == pytest.approx(np.corrcoef(means))


def test_spreads_are_compared_as_distances_to_the_groups_centres(rng):
    maps = rng.random((9, 40))
    maps -= maps.mean(axis=1, keepdims=True)
    maps /= np.linalg.norm(maps, axis=1, keepdims=True)
    labels = np.repeat([0, 1], [4, 5])
    groups = [
        np.log(np.linalg.norm(own - own.mean(axis=0), axis=1))
        + np.log(len(own) / (len(own) - 1)) / 2
        for own in (maps[labels == 0], maps[labels == 1])
    ]
    found = tests.permdisp(maps @ maps.T, labels[None])
    assert found[0] == pytest.approx(ttest_ind(*groups, equal_var=False).statistic ** 2)


def test_the_mantel_test_is_that_of_scikit_bio(rng):
    one, other = (squareform(rng.random(10)) for _ in range(2))
    orders, exact = tests.orders_of_places(5, rng)
    found = tests.mantel(one, other, orders)
    r, p, _ = mantel_of_skbio(DistanceMatrix(one), DistanceMatrix(other), permutations=4999, seed=1)
    assert exact and len(found) == 120
    assert found[0] == pytest.approx(r)
    assert tests.share(np.abs(found)) == pytest.approx(p, abs=0.03)
    assert np.isnan(tests.mantel(one * 0, other, orders)).all()


def test_few_networks_have_no_mantel_test(rng):
    table = table_of(1 - np.corrcoef(rng.random((3, 40))))
    found = factor_tests({"fear": table, "anger": table}, {}, 1)
    assert found["reason"].tolist() == ["fewer than four networks"]


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


FAMILIES = {
    "vgg16": "vgg", "vgg19": "vgg", "resnet50": "resnet", "resnet101_v2": "resnet",
    "inception_v3": "inception", "xception": "inception", "mobilenet_v3": "mobile",
    "efficientnet_v2": "mobile",
}  # fmt: skip


def test_the_published_likeness_may_be_that_of_pre_training_or_of_families(published):
    names = list(pd.unique(published["fear"]["network"]))
    likeness = published | {"all": over_expressions(list(published.values()), names)}
    made = {
        name: Origin(
            name, FAMILIES.get(name, "plain"), "random" if name in NOT_PRETRAINED else "imagenet"
        )
        for name in names
    }
    table = all_tests(likeness, names, made, 1)  # fmt: skip
    centres = table[table["test"] == "W*d"].set_index(["unit", "expression"])
    alone = centres.loc["networks"]
    assert alone["exact"].all() and alone["p_min"].tolist() == [1 / 495] * 7
    # In fear the pre-trained networks are only more alike than the others are.
    assert list(alone.index[alone["p"] > 0.05]) == ["fear"]
    assert alone.loc["all", "p"] == pytest.approx(1 / 495)
    assert alone["confounded"].all()
    assert (centres.loc["families", "reason"] == "fewer than 2 families of a level").all()
    families = table[(table["factor"] == "family") & (table["test"] == "PERMANOVA")]
    assert (families["q"] < 0.05).all()
    assert len(table) == 7 * 6 + 15
