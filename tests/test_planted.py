"""The proof on planted evidence: exact regions, and verdicts on made-up maps."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from facsimile import EXPRESSIONS
from facsimile.atlas.evidence import VISIBLE, planted, references
from facsimile.atlas.heatmaps import COARSE, CarriedFaces, coarsen
from facsimile.faces.corpora.synthetic import shown_by
from facsimile.measure import use
from facsimile.measure.agreement import Yardstick, measure
from facsimile.measure.bootstrap import draw_people
from facsimile.measure.cells import agreement_table
from facsimile.measure.overall import overall_table
from facsimile.measure.planted import findings, places, verdict
from facsimile.measure.scores import position, scores
from facsimile.measure.specificity import specificity_table
from facsimile.measure.table import Study

FRAME = (275, 224)
EDGES = np.linspace(0, 224, 7).astype(int)


# The exact region


def test_a_clear_change_is_its_own_region():
    change = np.zeros(FRAME, np.float32)
    change[100:150, 50:90] = 2 * VISIBLE
    change[110:140, 60:80] = 40
    found = references(change)
    assert (found["exact"] == (change == 40)).all()
    assert (found["visible"] == (change > 0)).all()
    assert found["change"] is change


def test_changes_are_averaged_by_what_faces_show(atlas):
    shown = ["anger", "anger", "fear"]
    landmarks = np.repeat(np.random.default_rng(1).uniform(50, 170, (1, 68, 2)), 3, axis=0)
    evidence = np.stack([np.full((16, 16), level, np.float16) for level in (2, 4, 9)])
    changes = planted(evidence, shown, landmarks, atlas)
    assert tuple(changes) == EXPRESSIONS
    assert np.allclose(changes["anger"], 3)
    assert np.allclose(changes["fear"], 9)
    assert not changes["sadness"].any()


def test_a_source_says_what_it_shows():
    assert shown_by("003/fear/1") == "fear"


# Verdicts


def stripe(number, rows):
    """Return a region: an upright stripe, the sixth part of a band of rows."""
    region = np.zeros(FRAME, bool)
    region[rows, EDGES[number] : EDGES[number + 1]] = True
    return region


UPPER = {name: stripe(row, slice(40, 90)) for row, name in enumerate(EXPRESSIONS)}
LOWER = {name: stripe(row, slice(180, 230)) for row, name in enumerate(EXPRESSIONS)}


REPEATS, PEOPLE = 5, 4


def measured(own, other_name, other, strength, rng, missing=(), trainings=2):
    """Return a condition's references, and the agreement of trainings that show its regions."""
    maps = {("exact", name): region for name, region in own.items()}
    maps |= {("visible", name): region for name, region in own.items()}
    maps |= {("change", name): region + 0.1 for name, region in own.items()}
    maps |= {(other_name, name): region for name, region in other.items()}
    orders = np.stack([np.arange(55 * 56), np.arange(55 * 56)[::-1]])
    repeats, faces = {}, {}
    people = np.array([f"c/{number}" for number in range(PEOPLE)])
    person, repeat = np.tile(people, trainings), np.repeat(np.arange(trainings), PEOPLE)
    for name, region in own.items():
        noise = rng.random((trainings, *FRAME))
        repeats[name] = noise + strength * region if name not in missing else noise * np.nan
        shown = coarsen(repeats[name])[repeat] + 0.1 * rng.random((len(person), *COARSE))
        faces[name] = CarriedFaces(
            person, person, np.ones(len(person), bool), repeat, 0 * repeat, np.float32(shown)
        )
    heatmaps = {name: images.mean(axis=0) for name, images in repeats.items()}
    weights = draw_people(
        pd.DataFrame({"id": people, "corpus": "c", "subject": [*map(str, range(PEOPLE))]}), 10, 1
    )
    found = measure(heatmaps, repeats, {}, faces, weights, Yardstick(maps, orders), 1)
    return maps, found


def judged(conditions, accuracy=0.95):
    """Return the findings on conditions: name to references and agreement."""
    made = {}
    for name, (maps, found) in conditions.items():
        study = Study.of({("lime", "net"): found}, maps, {}, {}, (None, None), 1)
        made[name] = [make(study) for make in (agreement_table, overall_table, specificity_table)]
    tables = (dict(zip(made, part, strict=True)) for part in zip(*made.values(), strict=True))
    each = pd.DataFrame({"network": "net", "repeat": range(2), "accuracy": accuracy})
    each["accuracy"] += [0.02, -0.02]
    used = pd.DataFrame([["net", "lime", 0.5, 0.4, 0.6]], columns=use.COLUMNS)
    return findings(*tables, dict.fromkeys(made, each), dict.fromkeys(made, used))


def both(rng, strength):
    return {
        "upper": measured(UPPER, "lower", LOWER, strength, rng, trainings=REPEATS),
        "lower": measured(LOWER, "upper", UPPER, strength, rng, trainings=REPEATS),
    }


def compared(conditions):
    return places({(name, "lime", "net"): one for name, (_, one) in conditions.items()}, 1)


@pytest.mark.slow
def test_evidence_that_is_shown_is_found_specific_and_in_place(rng):
    conditions = both(rng, strength=2)
    found = judged(conditions)
    assert found["condition"].tolist() == ["upper", "lower"]
    assert found["learned"].all() and (found[["found", "specific"]] == "yes").all(axis=None)
    assert np.allclose(found["auroc"], 1) and np.allclose(found["p"], 2 / 720)
    assert np.allclose(found["accuracy"], 0.95) and np.allclose(found["accuracy_lowest"], 0.93)
    assert (found["interval"] == "people and trainings").all()
    assert (found["n_repeats"] == REPEATS).all()
    assert (found["elsewhere"] < 0.52).all()
    (pair,) = compared(conditions).to_dict("records")
    assert (pair["condition"], pair["other"], pair["expressions"]) == ("upper", "lower", 6)
    assert pair["p"] == pair["p_min"] == pytest.approx(2 / 252)
    assert pair["low"] > 0.3
    assert pair["difference"] == pytest.approx(pair["own"] - pair["swapped"])


def test_noise_is_neither_found_nor_specific(rng):
    found = judged({"upper": measured(UPPER, "lower", LOWER, 0, rng)}, accuracy=0.2).iloc[0]
    assert not found["learned"]
    assert found["found"] == "no"
    assert abs(found["auroc"] - 0.5) < 0.05


def test_the_mean_auroc_is_that_of_the_maps_of_each_training(rng):
    maps, one = measured(UPPER, "lower", LOWER, 0.5, rng)
    found = judged({"upper": (maps, one)}).iloc[0]
    columns = [list(maps).index(("exact", name)) for name in EXPRESSIONS]
    each = one.value[position("auroc")][:, range(6), columns].mean(axis=0)
    assert found["auroc"] == pytest.approx(each.mean())
    assert found["lowest"] == pytest.approx(each.min())
    assert found["low"] < found["auroc"] < found["high"]


def test_heatmaps_that_are_missing_are_counted_and_said(rng):
    maps, one = measured(UPPER, "lower", LOWER, 2, rng, missing=EXPRESSIONS[:4])
    found = judged({"upper": (maps, one)}).iloc[0]
    assert found["expressions"] == 2
    assert found["reason"] == "fewer than three expressions with a score"
    assert found["specific"] == "open" and np.isnan(found["p"])
    pair = compared({"upper": (maps, one), "lower": measured(LOWER, "upper", UPPER, 2, rng)})
    assert pair["expressions"].tolist() == [2]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.91, 1, "yes"), (0.8, 0.89, "no"), (0.8, 1, "open"), (np.nan, np.nan, "open")],
)
def test_a_verdict_is_read_off_an_interval(low, high, words):
    assert verdict(low, high, 0.9) == words


# In place


def trainings(auroc, other):
    """Return what ``places`` reads of an agreement: AUROC, (repeats, 2), own and swapped."""
    value = np.full((len(scores()), len(auroc), 6, 12), np.nan)
    value[position("auroc")] = np.repeat(auroc, 6, axis=1)[:, None, :]
    references = [(name, expression) for name in ("exact", other) for expression in EXPRESSIONS]
    return SimpleNamespace(value=value, axes=lambda: ([], list(EXPRESSIONS), references))


def test_the_exchange_of_trainings_is_scipys_permutation_test(rng):
    one, other = rng.normal(0.5, 0.1, (5, 2)), rng.normal(0.55, 0.1, (4, 2))
    pair = {("a", "lime", "net"): trainings(one, "b"), ("b", "lime", "net"): trainings(other, "a")}
    (found,) = places(pair, 1).to_dict("records")
    groups = one[:, 0] - one[:, 1], other[:, 1] - other[:, 0]
    expected = stats.permutation_test(groups, lambda a, b: a.mean() - b.mean())
    assert found["p"] == pytest.approx(expected.pvalue)
    assert found["difference"] == pytest.approx(expected.statistic / 2)
    assert (found["p"] <= 0.05) == (not found["low"] <= 0 <= found["high"])
    assert found["n_repeats"] == 4


def test_few_trainings_give_no_small_p():
    one = np.tile([0.9, 0.4], (3, 1))
    pair = {("a", "lime", "net"): trainings(one, "b"), ("b", "lime", "net"): trainings(one, "a")}
    (found,) = places(pair, 1).to_dict("records")
    assert found["p"] == found["p_min"] == pytest.approx(0.1)
    assert np.isnan(found["low"])


def test_conditions_that_are_not_held_against_each_other_are_left_out():
    one = np.tile([0.9, 0.4], (3, 1))
    pair = {("a", "lime", "net"): trainings(one, "c"), ("b", "lime", "net"): trainings(one, "a")}
    pair[("a", "lime", "other")] = trainings(one, "b")
    assert places(pair, 1).empty
    nothing = {("a", "lime", "net"): trainings(one * np.nan, "b"),
               ("b", "lime", "net"): trainings(one, "a")}  # fmt: skip
    (found,) = places(nothing, 1).to_dict("records")
    assert found["reason"] == "no expression with a score in all repeats"
    assert np.isnan(found["p"])
