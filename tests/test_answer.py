"""The first screen: the right answer to each outcome of the tests, and what to be careful of."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import made_up_page
from facsimile.measure.table import ALL
from facsimile.show.answer import HEADLINES, asked_of, headline, own_places, statements, who
from facsimile.show.cares import cares
from facsimile.show.choices import choices
from facsimile.show.learned import MARK
from facsimile.show.pairs import pairs
from facsimile.show.report import render
from made_up_tables import NETWORKS, faith

ROOT = Path(__file__).parents[1]
CHANCE = {
    "more": {"value": 0.7, "q": 0.01, "p_min": 0.001},
    "less": {"value": 0.1, "q": 0.01, "p_min": 0.001},
    "open": {"value": 0.7, "q": 0.3, "p_min": 0.001},
    "too few": {"value": 0.7, "q": 0.3, "p_min": 0.1},
    "untested": {"value": 0.7, "q": np.nan, "p_min": np.nan},
}
OWN = {
    "more": {"specificity": 0.1, "q": 0.01},
    "less": {"specificity": -0.1, "q": 0.01},
    "open": {"specificity": 0.1, "q": 0.5},
    "too few": {"specificity": 0.1, "q": 0.5, "p_min": 0.1},
    "untested": {"specificity": np.nan, "q": np.nan, "reason": "one expression alone"},
}


@pytest.fixture(scope="module")
def report():
    return made_up_page.report(ROOT, maps=None, pictures=[])


def asked(report, chance="more", own="open", explainer=None):
    """Return the primary pairs, with such outcomes for one explainer, or for all."""
    measures = report.measures
    overall, specificity = measures.overall.copy(), measures.specificity.copy()
    for table, values in ((overall, CHANCE[chance]), (specificity, OWN[own])):
        rows = (table["role"] == "primary") & (table["network"] == ALL)
        if "common_face" in table:
            rows &= table["common_face"] == "kept"
        if explainer:
            rows &= table["explainer"] == explainer
        table.loc[rows, list(values)] = list(values.values())
    return asked_of(list(pairs(measures.agreement, overall, specificity)), report.settings)


def test_only_explainers_of_the_main_one_s_method_are_asked(report):
    assert [pair.explainer for pair in asked(report)] == ["lime", "lime_grey"]


@pytest.mark.parametrize("chance", CHANCE)
@pytest.mark.parametrize("own", OWN)
def test_every_outcome_has_an_answer_that_claims_no_more_than_the_tests(report, chance, own):
    told = headline(asked(report, chance, own), report.measures.contrasts)
    said_yes = told.startswith("Yes")
    assert said_yes == (chance == own == "more")
    if chance in ("open", "too few", "untested") and own != "more":
        assert told.startswith(("Not shown", "Cannot tell", "No"))
    if chance == "less":
        assert told.startswith(("No:", "In part"))
    assert told.endswith(".")


def test_headlines_are_of_outcomes_that_there_are():
    for chance, own in HEADLINES:
        assert chance in CHANCE
        assert own in OWN


def test_explainers_that_say_otherwise_are_both_named(report):
    found = asked(report, "open")
    found = [found[0], asked(report, "more")[1]]
    contrasts = report.measures.contrasts
    for q, told in (
        (0.01, "It hangs on the explainer: not shown by lime and roughly by lime_grey."),
        (0.1, "Not shown by lime and roughly by lime_grey; these are not shown to differ."),
        (np.nan, "Not shown by lime and roughly by lime_grey; these were not held together."),
    ):
        assert headline(found, contrasts.assign(q=q)) == told
    first, _, third = statements(found, contrasts)
    words = first.words
    assert "lime_grey less lime +0.12" in first.numbers
    assert "by <b>lime</b> cannot be told from those of networks that know nothing" in words
    assert "by <b>lime_grey</b> they are better than these." in words
    assert third.words.startswith("By lime the most human network is")


def test_only_explainers_with_other_answers_can_make_the_answer_hang_on_them(report):
    lime, grey = asked(report, "open")[0], asked(report, "more")[1]
    same = replace(lime, explainer="LIME_2")
    contrasts = report.measures.contrasts.assign(q=0.5)
    apart = contrasts[contrasts["one"] == "lime_grey"].assign(one="LIME_2", q=0.01)
    told = headline([lime, same, grey], pd.concat([contrasts, apart]))
    assert told == (
        "Not shown by lime, not shown by LIME_2 and roughly by lime_grey; these are not shown to "
        "differ."
    )


def test_nothing_declared_or_defined_cannot_be_told(report):
    contrasts = report.measures.contrasts
    assert headline([], contrasts).startswith("Cannot tell")
    assert statements([], contrasts) == []
    pair = asked(report)[0]
    nothing = replace(pair, overall=pair.overall.assign(value=np.nan, q=np.nan))
    assert headline([nothing], contrasts).startswith("Cannot tell")


def test_the_numbers_are_those_of_the_tables(report):
    first, own, third = statements(asked(report)[:1], report.measures.contrasts)
    row = report.measures.overall.query(
        "explainer == 'lime' and network == 'all' and score == 'auroc'"
    ).iloc[0]
    assert (
        f"AUROC 0.70 [{row['low']:.2f}, {row['high']:.2f}] against 0.20 untrained and 0.18 with "
        "shuffled labels"
    ) in first.numbers
    assert "the best single map that knows nothing, center, reaches 0.50" in first.numbers
    assert "+0.100 [\N{MINUS SIGN}0.020, +0.040]" in own.numbers
    assert "least possible 0.003" in own.numbers
    assert "rank 1 to 2" in third.numbers


def test_what_was_not_tested_has_its_reason(report):
    assert "one expression alone" in own_places(asked(report, own="untested")[:1]).numbers


def ranked(report, values, ranks=None):
    """Return the primary pair with such values, and ranks, of the networks that have all."""
    pair = asked(report)[0]
    overall = pair.overall.copy()
    rows = overall["score"] == pair.score
    for name, value in values.items():
        at = rows & (overall["network"] == name)
        overall.loc[at, ["value", "left_out"]] = [value, ""]
        if ranks:
            overall.loc[at, ["rank", "rank_low", "rank_high"]] = ranks[name]
    return replace(pair, overall=overall)


def test_best_typical_and_least_are_by_value(report):
    pair = ranked(report, {"weinet": 0.6, "vgg16": 0.5, "<b>bold</b>": 0.7})
    found = [(one.role, one.network) for one in choices(pair)]
    assert found == [("Most human", "<b>bold</b>"), ("Typical", "weinet"), ("Least human", "vgg16")]


def test_networks_that_did_not_learn_are_not_chosen_where_any_did(report):
    pair = ranked(report, {"weinet": 0.6, "vgg16": 0.5, "<b>bold</b>": 0.7})
    marked = pair.overall["network"].replace({"<b>bold</b>": f"<b>bold</b> {MARK}"})
    pair = replace(pair, overall=pair.overall.assign(network=marked))
    assert [one.network for one in choices(pair)] == ["weinet", "vgg16"]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((1, 1, 1), (3, 3, 3), ", and the first place is sure."),
        ((1, 1, 2), (3, 3, 3), "surely ahead of the last, but perhaps not of others."),
        ((1, 1, 2), (3, 2, 3), ", but which is ahead is not sure."),
        ((1, np.nan, np.nan), (3, 3, 3), "cannot be told"),
    ],
)
def test_what_is_sure_of_the_order_follows_from_intervals_of_ranks(report, first, last, words):
    values = {"weinet": 0.7, "<b>bold</b>": 0.5}
    pair = ranked(report, values, {"weinet": first, "<b>bold</b>": last})
    assert words in who([pair]).words
    assert "&lt;b&gt;bold&lt;/b&gt;" in who([pair]).words, "names are escaped"


def found(report, **changes):
    """Return what to be careful of, by its words."""
    faces = report.faces
    given = {
        "settings": report.settings,
        "classification": report.classification,
        "trust": report.trust,
        "faith": report.faith,
        "contrasts": report.measures.contrasts,
        "accounting": faces.accounting,
        "leakage": faces.leakage,
    } | changes
    return {one.what: one.why for one in cares(report.measures.pairs, **given)}


def test_what_to_be_careful_of_is_read_off_the_tables(report):
    told = found(report)
    assert "No photograph" in told["Drawn faces"]
    assert "19.0" in told["1 network not learned"]
    assert told["1 network not learned"].endswith("Left out of means.")
    assert "changes by +0.120 [+0.030, +0.210]" in told["Black baseline"]
    assert "6 people or fewer" in told["Few people"]
    assert "25.0" in told["Images excluded"]
    assert "vgg16" in told["Incomplete"]
    assert "Poor fits" not in told, "a quarter is not over a quarter"
    assert "A telling crop" not in told


def test_what_is_well_is_not_warned_of(report):
    photographs = {"corpora": {"mine": {"kind": "csv"}}, "explainers": {"grad_cam": {}}}
    told = found(
        report,
        settings=report.settings | photographs,
        classification=report.classification.assign(learned=True),
        accounting=report.faces.accounting.assign(excluded=0),
    )
    assert set(told) == {"Few people", "Few networks", "Incomplete"}
    poor = found(report, trust=report.trust.assign(poor_fit=0.62))
    assert "62 % by lime, 62 % by lime_grey" in poor["Poor fits"]
    leaks = report.faces.leakage.assign(low=0.2)
    assert "(in drawn " in found(report, leakage=leaks)["A telling crop"]


def test_a_map_that_knows_nothing_and_heatmaps_not_to_be_read_are_said(report):
    assert "A map without expressions" not in found(report)
    measures = report.measures
    for rival, told in ((0.99, "no network more by lime"), (0.4, None)):
        better = replace(measures, overall=measures.overall.assign(rival=rival))
        said = found(replace(report, measures=better)).get("A map without expressions")
        assert (told is None and said is None) or told in said
    told = found(report, faith=faith())["Heatmaps not to be read"]
    assert f"by lime {NETWORKS[2]}; by lime_grey {NETWORKS[2]}" in told
    assert "Heatmaps not to be read" not in found(report, faith=faith().assign(read="yes"))


def test_networks_that_another_explainer_puts_first_are_named(report):
    lime = ranked(report, {"weinet": 0.7, "<b>bold</b>": 0.5})
    other = asked(report)[1]
    overall = other.overall.copy()
    rows = (overall["score"] == other.score) & (overall["network"] == "<b>bold</b>")
    overall.loc[rows, ["value", "left_out"]] = [0.9, ""]
    words = who([lime, replace(other, overall=overall)]).words
    assert f"But by {other.explainer} the most human is <b>&lt;b&gt;bold" in words


def test_the_first_screen_is_first(report):
    html = render(report)
    start = html.partition("<main")[0]
    assert "Do they look where people look?" in start
    assert "Be careful of" in start
    assert start.index("Be careful of") < start.index("Drawn faces")
