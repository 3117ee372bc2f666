"""Words and tables of the page's results: they say what tests say, and no more."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import made_up
import made_up_page
from facsimile import EXPRESSIONS
from facsimile.measure.null import NullLevel
from facsimile.show.differences import contrast_sentences
from facsimile.show.factors import tests_cells as cells_of_tests
from facsimile.show.factors import with_least_q
from facsimile.show.learned import MARK
from facsimile.show.measures import context, resampled
from facsimile.show.null import Null, null_cells
from facsimile.show.pair_tables import shown
from facsimile.show.pairs import pairs
from facsimile.show.report import render
from facsimile.show.summary import accuracy_sentence, glance, primary_sentences
from facsimile.show.tables import primary
from facsimile.show.wording import listed, p_cell, p_told, ranged, verdict
from made_up import EXPLAINERS, NETWORKS
from made_up_page import Page
from made_up_tables import likeness_tests

ROOT = Path(__file__).parents[1]


@pytest.fixture
def measures():
    return made_up_page.measures()


def test_the_main_results_at_a_glance(measures):
    table = glance(measures.pairs, made_up.trust())
    rows = measures.overall.query("explainer == 'lime_grey' and reference == 'ekman'")
    row = rows.query("network == 'all' and score == 'auroc'").iloc[0]
    mean = f"{row['value']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"
    assert table.loc["AUROC with ekman: mean", "lime_grey"] == mean
    levels = "AUROC with ekman: untrained / shuffled labels"
    assert table.loc[levels, "lime_grey"] == "0.200 / 0.180"
    own = "AUROC with ekman: own less others'"
    told, tested = table.loc[own, "lime_grey"].split("; ")
    assert told == "+0.010 [\N{MINUS SIGN}0.020, +0.040]"
    assert tested == "p 0.375 (\N{GREATER-THAN OR EQUAL TO} 0.003), q 0.500"
    assert table.loc["R² of the surrogate"].tolist() == ["0.400", "0.700", "\N{EN DASH}"]
    assert [name.partition(":")[0] for name in glance(measures.pairs, None).index] == [
        *["AUROC with ekman"] * 4,
        *["Pearson's r with gaze, exploratory"] * 4,
    ]


def test_the_summary_names_networks_that_did_not_learn():
    table = made_up.classification()
    text = accuracy_sentence(table).replace("\N{NO-BREAK SPACE}", " ")
    assert "is vgg16: it recognises 94.6 % [90.6 %, 98.6 %]" in text
    assert "always naming the most frequent expression gives 16.7 %" in text
    assert text.endswith("Not shown to have learned: <b>bold</b> (19.0 % [15.0 %, 23.0 %]).")
    assert "All networks learned" in accuracy_sentence(table.iloc[:2])


def first_of(measures):
    """Return the primary result of the first explainer."""
    return primary_sentences(measures.pairs)[0]


def row_of(table):
    """Return the primary row of the first explainer and all networks."""
    rows = table[(table["role"] == "primary") & (table["network"] == "all")]
    return rows[rows["explainer"] == "lime"].index


def test_all_numbers_of_the_summary_are_of_the_same_rows(measures):
    """One network lacks an expression: neither its values nor its levels are in the means."""
    text = first_of(measures)
    cells = measures.agreement.query("explainer == 'lime' and score == 'auroc'")
    mean = cells[cells["network"] != "vgg16"]["value"].mean()
    assert f"over 2 networks and 6 expressions (without vgg16) is {mean:.3f} [" in text
    changed = measures.agreement["network"] == "vgg16"
    measures.agreement.loc[changed, ["rival", "untrained", "elsewhere"]] = 0.9
    assert first_of(measures) == text
    assert "better than these: weinet, vgg16 (without fear) and <b>bold</b>." in text


def test_both_means_are_told_where_a_network_did_not_learn(measures):
    every = measures.overall[measures.overall["network"] == "all"].assign(
        network="every", n_networks=3, left_out="", value=0.321, low=0.3, high=0.35, p=np.nan,
        q=np.nan, p_min=np.nan,
    )  # fmt: skip
    told = replace(measures, overall=pd.concat([measures.overall, every], ignore_index=True))
    text = first_of(told)
    assert "; with those that did not learn, over 3 networks, it is 0.321 [0.300, 0.350]" in text
    assert "every" not in text
    rows = glance(told.pairs, None)
    line = "AUROC with ekman: mean with networks that did not learn"
    assert rows.loc[line, "lime"] == "0.321 [0.300, 0.350]"
    networks = shown(told.pairs[0])
    assert list(networks["networks"].index)[-2:] == ["all", "every"]
    assert "all is the mean over networks that learned, every that" in networks["networks_caption"]
    assert "0.321" in Page(render(made_up_page.report(ROOT, maps=None, measures=told))).text


def test_a_contrast_names_networks_that_did_not_learn(measures):
    marked = measures.marked(lambda name: f"{name} {MARK}" if name == "weinet" else name)
    told = contrast_sentences(marked.contrasts)["primary"][0]
    assert f"over 2 networks without weinet {MARK} and vgg16;" in told


def test_the_summary_says_both_directions_and_where_trainings_are_too_few(measures):
    row = row_of(measures.overall)
    for changes, words in (
        ({"value": 0.1}, "(worse than these; p = 0.010, q = 0.040)"),
        ({"value": 0.19}, "(not told apart from these; p"),
        ({"p_min": 0.2}, "(no verdict; p cannot be under 0.200: too few to tell)"),
        ({"q": 0.2}, "(not told apart from these; p = 0.010, q = 0.200)"),
    ):
        table = measures.overall.copy()
        table.loc[row, list(changes)] = list(changes.values())
        assert words in first_of(replace(measures, overall=table)), changes


def test_less_like_their_own_than_others_is_a_finding(measures):
    row = row_of(measures.specificity)
    found = {"specificity": -0.09, "p": 0.01, "q": 0.02}
    measures.specificity.loc[row, list(found)] = list(found.values())
    text = first_of(measures)
    assert "(without vgg16) fit their own expression's reference less than the others'" in text
    assert "difference \N{MINUS SIGN}0.090" in text
    measures.specificity.loc[row, "p_min"] = 0.17
    assert "may or may not fit their own expression's reference" in first_of(measures)


def test_a_score_of_which_less_is_better_is_read_so():
    tables = [
        table.replace({"score": {"nss": "kl"}})
        for table in (made_up.agreement(), made_up.overall())
    ]
    found = next(one for one in pairs(*tables, made_up.specificity()) if one.reference == "gaze")
    row = shown(found)["scores"].loc["KL"]
    assert row[["cells better than chance", "worse"]].tolist() == ["0 of 17", "17 of 17"]


def test_the_summary_of_nothing_defined(measures):
    nothing = measures.overall.assign(value=np.nan, q=np.nan, p=np.nan, reason="no score at all")
    told = first_of(replace(measures, overall=nothing))
    assert "No mean over networks (without vgg16): no score at all." in told
    tables = (measures.agreement, measures.overall, measures.specificity)
    undeclared = [table.assign(role="exploratory") for table in tables]
    assert "all here is exploratory" in primary_sentences(list(pairs(*undeclared)))[0]


def test_primary_results_come_first(measures):
    agreement = measures.agreement.sort_values("reference", ascending=False, kind="stable")
    found = list(pairs(agreement, measures.overall, measures.specificity))
    assert [one.role for one in found] == ["primary"] * 3 + ["exploratory"] * 3
    assert {one.score for one in found} == {"auroc", "pearson"}


def test_networks_have_ranks_with_intervals_and_what_they_lack(measures):
    table = shown(measures.pairs[0])["networks"]
    assert table.loc["weinet", "rank"] == "1 [1, 2]"
    assert table.loc["vgg16", ["rank", "left out"]].tolist() == ["\N{EN DASH}", "fear"]
    assert table.loc["all", "left out"] == "vgg16"
    assert table.loc["weinet", "reliability"] == "0.800"
    assert table.loc["weinet", "p"] == "0.020 (\N{GREATER-THAN OR EQUAL TO} 0.007), q 0.030"


def test_scores_count_the_cells_that_have_a_verdict(measures):
    measures.agreement.loc[measures.agreement["network"] == "weinet", "p_min"] = 0.1
    table = shown(measures.pairs[0])["scores"]
    assert table.loc["AUROC", "cells better than chance"] == "11 of 11"
    assert table.loc["AUROC", ["role", "worse"]].tolist() == ["primary", "0 of 11"]
    assert table.loc["IoU", "role"] == "exploratory"


def test_own_and_others_stand_beside_the_same_less_the_common_face(measures):
    table = shown(measures.pairs[0])["own"]
    assert list(table.index) == [*NETWORKS, "all"]
    assert table.loc["all"].tolist()[0] == "0.410"
    assert table.loc["all"].tolist()[4:6] == ["0.150", "\N{MINUS SIGN}0.050"]


def test_a_difference_between_explainers_is_told_as_one(measures):
    told = contrast_sentences(measures.contrasts)["primary"][0]
    assert told == (
        "AUROC with ekman, primary: lime_grey agrees better than lime (0.620 less 0.500 is +0.120 "
        "[+0.030, +0.210] over 2 networks without vgg16; p = 0.013, q = 0.020)."
    )
    open_ = contrast_sentences(measures.contrasts.assign(q=0.3))["primary"][0]
    assert "lime_grey and lime are not shown to differ" in open_
    few = contrast_sentences(measures.contrasts.assign(p=np.nan, q=np.nan, reason="few"))["primary"]
    assert "lime_grey and lime were not tested" in few[0]


@pytest.mark.parametrize(
    ("p", "p_min", "q", "cell", "words"),
    [
        (0.02, 0.007, 0.04, "0.020 (\N{GREATER-THAN OR EQUAL TO} 0.007), q 0.040",
         "p = 0.020, least possible 0.007, q = 0.040"),
        (0.02, np.nan, 0.04, "0.020, q 0.040", "p = 0.020, q = 0.040"),
        (0.1, 0.1, 0.1, "too few to tell (\N{GREATER-THAN OR EQUAL TO} 0.100)",
         "p cannot be under 0.100: too few to tell"),
        (np.nan, np.nan, np.nan, "\N{EN DASH}", "no p"),
        (1e-4, 1e-4, 1e-4, "0.0001 (\N{GREATER-THAN OR EQUAL TO} 0.0001), q 0.0001",
         "p = 0.0001, least possible 0.0001, q = 0.0001"),
    ],
)  # fmt: skip
def test_p_stands_beside_the_least_that_it_can_be(p, p_min, q, cell, words):
    assert (p_cell(p, p_min, q), p_told(p, p_min, q)) == (cell, words)


def test_verdicts_have_two_sides():
    assert [verdict(d, 0.01, 0.001) for d in (1, -1)] == ["more", "less"]
    assert verdict(1, 0.05, 0.001) == "open"
    assert verdict(1, 0.01, 0.06) == "too few"
    assert verdict(1, 0.01, np.nan) == "more"
    assert verdict(1, np.nan, 0.001) == "untested"


def test_words_for_numbers_and_names():
    assert ranged(-0.5, np.nan, np.nan) == "\N{MINUS SIGN}0.500"
    assert [listed("abc"[:n]) for n in range(4)] == ["\N{EN DASH}", "a", "a and b", "a, b and c"]


def test_tests_of_likeness_stand_beside_their_least_p():
    tests = likeness_tests()
    table, reasons = cells_of_tests(with_least_q(tests[tests["explainer"] == "lime"]))
    families = table.loc["W*d of pre-training, families (confounded)"]
    assert families["p"] == "too few to tell (\N{GREATER-THAN OR EQUAL TO} 0.100)"
    assert families["orders"] == "all 10"
    assert table.loc["W*d of pre-training, networks", "expressions with q < .05"] == "1 of 1"
    assert "PERMDISP of pre-training, networks" in table.index
    assert reasons == ["No W*d of family, networks: no two alike."]


def test_networks_that_know_nothing_are_told_with_their_cost():
    draws = pd.DataFrame({"kind": ["untrained", "shuffled"], "draw": [0, 1], "faces": 12})
    networks = draws[["kind", "draw"]].assign(fold=0, learned=[np.nan, 0.4], accuracy=[0.1, 0.2])
    level = NullLevel(
        score=np.array(["iou", "auroc"]),
        expression=np.array(EXPRESSIONS),
        reference=np.array([("ekman", name) for name in EXPRESSIONS]),
        kind=np.array(["untrained", "shuffled"]),
        value=np.stack([np.zeros((2, 6, 6)), np.eye(6) * [[[0.5]], [[0.7]]]]),
    )
    draws, key = draws.assign(samples=[2400, 2400]), ("lime", "48")
    null = Null({"48": networks}, {key: draws}, {key: level})
    table = null_cells(null, primary(made_up.overall()))
    row = table.loc["lime, 48 px, shuffled"]
    assert row["AUROC with ekman"] == "0.700 [0.700, 0.700]"
    assert row["passes"] == "2,400"
    assert row["told labels learned"].startswith("40.0")
    assert table.loc["lime, 48 px, untrained", "told labels learned"] == ""


def test_networks_that_start_alike_are_said_to(measures):
    alike = replace(measures, pretraining=measures.pretraining.iloc[:0])
    said = context(alike)["pretraining"]
    assert len(said) == len(EXPLAINERS)
    assert "all networks of this study start alike" in said[0]


def test_a_confounded_comparison_is_called_so(measures):
    between = measures.pretraining.assign(
        comparison="between architectures", confounded=True, pretrained="8 networks"
    )
    said = context(replace(measures, pretraining=between))["pretraining"]
    assert all("confounds pre-training with architecture" in one for one in said)


@pytest.mark.parametrize(
    ("intervals", "words"),
    [
        (["people and trainings", ""], "people and trainings"),
        (
            ["people and trainings", "people; one training"],
            "people and trainings; or people; one training",
        ),
        (["no faces: no interval", np.nan], "no faces: no interval"),
        ([""], "there are none"),
    ],
)
def test_the_page_says_what_intervals_are_over(intervals, words):
    assert resampled(pd.Series(intervals)) == words


def test_a_test_that_others_keep_from_being_found_is_too_few_to_tell():
    tests = pd.DataFrame({"p_min": [1 / 24] * 15 + [1 / 3] * 7, "q": 0.5})
    least = with_least_q(tests)["least_q"]
    assert least[0] == pytest.approx(22 / 15 / 24) and least[0] > 0.05
    assert with_least_q(tests.iloc[:15])["least_q"][0] == pytest.approx(1 / 24)
