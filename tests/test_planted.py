"""The proof on planted evidence: exact regions, and verdicts on made-up maps."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from facsimile import EXPRESSIONS
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.evidence import VISIBLE, planted, references
from facsimile.faces.corpora.synthetic import shown_by
from facsimile.measure.agreement import Yardstick, measure
from facsimile.measure.planted import findings, flip_signs, places
from facsimile.measure.scoring import Maps, region_scores
from facsimile.measure.table import Study, agreement_table, specificity_table

FRAME = (275, 224)
EDGES = np.linspace(0, 224, 7).astype(int)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="module")
def atlas(root):
    return Atlas.of(read_landmarks(root / "resources" / "canonical_landmarks.csv"))


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


def tables(own, other_name, other, heatmaps, rng):
    """Return agreement and specificity of heatmaps, as the workflow tabulates them."""
    maps = {("exact", name): region for name, region in own.items()}
    maps |= {("visible", name): region for name, region in own.items()}
    maps |= {("change", name): region + 0.1 for name, region in own.items()}
    maps |= {(other_name, name): region for name, region in other.items()}
    orders = np.stack([np.arange(55 * 56), np.arange(55 * 56)[::-1]])
    measured = measure(heatmaps, {}, {}, None, Yardstick(maps, orders))
    rivals = {"noise": rng.random(FRAME)}
    study = Study.of({("lime", "net"): measured}, maps, rivals)
    return agreement_table(study), specificity_table(study)


def noisy(regions, rng, strength):
    return {
        name: rng.random(FRAME) + strength * region.astype(float)
        for name, region in regions.items()
    }


def judged(rng, strength, accuracy=0.95):
    """Return the tables and verdicts of two conditions found with some strength."""
    upper = tables(UPPER, "lower", LOWER, noisy(UPPER, rng, strength), rng)
    lower = tables(LOWER, "upper", UPPER, noisy(LOWER, rng, strength), rng)
    agreement, specificity = (
        dict(zip(("upper", "lower"), pair, strict=True)) for pair in zip(upper, lower, strict=True)
    )
    scores = pd.DataFrame({"network": ["net"], "accuracy": [accuracy]})
    return agreement, findings(agreement, specificity, dict.fromkeys(agreement, scores))


def test_evidence_that_is_shown_is_found_and_specific(rng):
    agreement, found = judged(rng, strength=2)
    assert found["condition"].tolist() == ["upper", "lower"]
    assert found[["learned", "found", "specific"]].all(axis=None)
    assert np.allclose(found["auroc"], 1) and np.allclose(found["p"], 1 / 720)
    assert (found["elsewhere"] < 0.52).all()
    pair = places(agreement).iloc[0]
    assert (pair["condition"], pair["other"], pair["expressions"]) == ("upper", "lower", 6)
    assert pair["p"] == pytest.approx(1 / 64)
    assert pair["difference"] == pytest.approx(pair["own"] - pair["swapped"])


def test_noise_is_neither_found_nor_specific(rng):
    _, found = judged(rng, strength=0, accuracy=0.2)
    assert not found[["learned", "found"]].any(axis=None)
    assert (found["auroc"] - 0.5).abs().max() < 0.05


def test_the_mean_auroc_is_that_of_the_maps(rng):
    heatmaps = noisy(UPPER, rng, 0.5)
    table, specificity = tables(UPPER, "lower", LOWER, heatmaps, rng)
    scores = pd.DataFrame({"network": ["net"], "accuracy": [1.0]})
    found = findings({"upper": table}, {"upper": specificity}, {"upper": scores}).iloc[0]
    each = [
        region_scores(Maps.of(heatmaps[name][None]), UPPER[name].reshape(-1, 1))["auroc"].item()
        for name in EXPRESSIONS
    ]
    assert found["auroc"] == pytest.approx(np.mean(each))
    assert found["lowest"] == pytest.approx(min(each))


def test_heatmaps_that_are_missing_are_counted_and_said(rng):
    heatmaps = noisy(UPPER, rng, 2)
    heatmaps |= {name: np.full(FRAME, np.nan) for name in EXPRESSIONS[:4]}
    table, specificity = tables(UPPER, "lower", LOWER, heatmaps, rng)
    scores = pd.DataFrame({"network": ["net"], "accuracy": [0.3]})
    found = findings({"upper": table}, {"upper": specificity}, {"upper": scores}).iloc[0]
    assert found["expressions"] == 2
    assert found["reason"] == "fewer than three expressions with a score"
    assert not found["specific"] and np.isnan(found["p"])


def test_flipping_signs_is_scipys_permutation_test(rng):
    differences = rng.normal(0.4, 1, 6)
    expected = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", alternative="greater"
    )
    assert flip_signs(differences) == pytest.approx(expected.pvalue)
