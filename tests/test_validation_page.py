"""The page of the validation: a verdict for each condition, its figures below it."""

import re
from pathlib import Path

import numpy as np
import pytest

import made_up
from facsimile.show.facts import Facts
from facsimile.show.learned import MARK
from facsimile.show.validation import render as render_validation
from made_up_page import Page, pictures
from made_up_tables import findings, places

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def settings():
    return made_up.settings(ROOT)


def validation_of(settings, findings):
    """Return the page of a validation of two conditions."""
    drawn = {name: {"kind": "synthetic", "units": name} for name in ("mouth", "brows")}
    settings = settings | {"corpora": drawn}
    names = {"condition": ["mouth", "brows"], "network": ["weinet", "weinet_hidden"]}
    return render_validation(
        findings, places(), pictures("validation", **names), Facts.of(settings, ROOT), settings
    )


@pytest.fixture(scope="module")
def validated(settings):
    return validation_of(settings, findings())


def test_the_page_of_the_validation_has_a_verdict_for_each_condition(validated):
    text = Page(validated).text.replace("\xa0", " ")
    assert "mouth (weinet, 3 trainings): accuracy 97.0 % on unseen people" in text
    assert "mean AUROC against the exact region 0.930 [0.910, 0.960]" in text
    assert "(p = 0.400, least possible 0.003): the evidence is found." in text
    assert "the network has not learned enough for the proof" in text
    assert "follows use" in text and "+0.520 [+0.410, +0.630]" in text
    for words in ("lime, slic29, black", "lime, slic29, grey", "grad cam", f"weinet {MARK}"):
        assert words in text, words
    assert "mouth and brows" in text
    assert "too few to tell (\N{GREATER-THAN OR EQUAL TO} 0.100)" in text
    assert "found in mouth; specific in none, not decided in mouth; not learned: brows." in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"found": "open"}, "not decided, the interval includes the 0.9"),
        ({"found": "no"}, "short of the 0.9 that the proof asks for"),
        ({"learned": False}, "has not learned enough for the proof"),
        ({"low": np.nan, "high": np.nan, "found": "open"}, "since AUROC has no interval"),
        ({"auroc": np.nan, "reason": "nobody"}, "no heatmap could be scored (nobody)"),
    ],
)
def test_the_validation_decides_by_intervals(settings, changes, words):
    table = findings()
    first = table["condition"] == "mouth"
    table.loc[first, list(changes)] = list(changes.values())
    summary = Page(validation_of(settings, table)).text.partition("What was planted")[0]
    assert words in summary


def test_the_page_of_the_validation_compares_baselines_first(validated):
    hidings = validated.partition("<h2>Explainers")[0]
    assert "lime, slic29, grey" in hidings
    assert "grad cam" not in hidings


def test_the_page_of_the_validation_has_its_figures_under_their_conditions(validated):
    mouth = validated.partition("<h2>Mouth")[2].partition("<h2>")[0]
    assert re.findall(r'<figure id="([^"]+)"', mouth) == [
        "figure-planted-mouth-weinet",
        "figure-planted-mouth-weinet_hidden",
    ]
    assert validated.count('id="figure-limits"') == 1
