"""The proof on planted evidence: exact regions, the ceiling, and verdicts on synthetic maps."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy import stats

from facsimile import EXPRESSIONS
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.evidence import VISIBLE, planted, references
from facsimile.explain.ceiling import explain_perfectly
from facsimile.faces.corpora.embedded import shown_by
from facsimile.measure.agreement import Yardstick, measure
from facsimile.measure.planted import findings, flip_signs, places
from facsimile.measure.scores import Maps, region_scores
from facsimile.measure.table import Study, agreement_table, specificity_table
from facsimile.show.planted import limits, render

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


# The ceiling


def test_evidence_that_fills_superpixels_is_painted_as_it_is(rng):
    labels = np.repeat(np.repeat(np.arange(16).reshape(4, 4), 4, 0), 4, 1).astype(np.uint8)
    evidence = rng.integers(0, 20, (3, 16)).astype(np.float32)[:, labels]
    faces = pd.DataFrame({"id": list("abc"), "fold": 0, "seed": 1})
    superpixels = np.stack([labels] * 3)
    made = explain_perfectly(faces, evidence, superpixels)
    assert np.allclose(list(made.maps(2, superpixels)), evidence)


def test_the_ceiling_is_the_least_squares_fit(rng):
    labels = rng.integers(0, 5, (16, 16)).astype(np.uint8)
    evidence = rng.random((1, 32, 32))
    faces = pd.DataFrame({"id": ["a"], "fold": [0], "seed": [1]})
    made = explain_perfectly(faces, evidence, labels[None])
    small = evidence[0].reshape(16, 2, 16, 2).mean(axis=(1, 3))
    one_hot = (labels.ravel()[:, None] == np.arange(5)).astype(float)
    expected = np.linalg.lstsq(one_hot, small.ravel(), rcond=None)[0]
    assert np.allclose(made.coefficients[0, :, 0], expected, rtol=1e-5)


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
    baselines = {"noise": rng.random(FRAME)}
    study = Study.of({("slic/lime", "net"): measured}, EXPRESSIONS, maps, baselines)
    return agreement_table(study), specificity_table(study)


def noisy(regions, rng, strength):
    return {
        name: rng.random(FRAME) + strength * region.astype(float)
        for name, region in regions.items()
    }


def judged(rng, strength, accuracy=0.95):
    """Return the tables and verdicts of two plantings found with some strength."""
    upper = tables(UPPER, "lower", LOWER, noisy(UPPER, rng, strength), rng)
    lower = tables(LOWER, "upper", UPPER, noisy(LOWER, rng, strength), rng)
    agreement, specificity = (
        dict(zip(("upper", "lower"), pair, strict=True)) for pair in zip(upper, lower, strict=True)
    )
    scores = pd.DataFrame({"network": ["net"], "accuracy": [accuracy]})
    return agreement, findings(agreement, specificity, dict.fromkeys(agreement, scores))


def test_evidence_that_is_shown_is_found_and_specific(rng):
    agreement, found = judged(rng, strength=2)
    assert found["planting"].tolist() == ["upper", "lower"]
    assert found[["learned", "found", "specific"]].all(axis=None)
    assert np.allclose(found["auroc"], 1) and np.allclose(found["p"], 1 / 720)
    assert (found["elsewhere"] < 0.52).all()
    pair = places(agreement).iloc[0]
    assert (pair["planting"], pair["other"], pair["expressions"]) == ("upper", "lower", 6)
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


# The page


def test_the_page_says_what_was_found(rng):
    png = io.BytesIO()
    Image.new("RGB", (8, 8)).save(png, "PNG")
    agreement, found = judged(rng, strength=2)
    settings = {
        "corpora": {name: {"units": name, "shuffle_labels": False} for name in ("upper", "lower")}
    }
    figures = {(name, "net"): png.getvalue() for name in ("upper", "lower")}
    page = render(found, places(agreement), figures, png.getvalue(), settings)
    assert page.count("the evidence is found") == 2
    assert "net, hidden by black: found in upper, lower; specific in upper, lower." in page
    assert "upper and lower" in page and "0.016" in page
    settings["corpora"]["upper"]["shuffle_labels"] = True
    page = render(found, places(agreement), figures, png.getvalue(), settings)
    assert "MORE than there is to find" in page


def test_limits_have_a_panel_for_each_network_and_planting(rng):
    _, found = judged(rng, strength=2)
    other = found.assign(network="other", auroc=0.4, superpixels="fine")
    figure = limits(pd.concat([found, other]))
    titles = [panel.get_title() for panel in figure.axes]
    assert titles == [
        f"{planting}, {network}\naccuracy 0.95"
        for network in ("net", "other")
        for planting in ("upper", "lower")
    ]
    rows = figure.axes[0].get_yticklabels()
    assert [row.get_text() for row in rows] == ["lime, SLIC", "lime, fine SLIC"]
    marks = [panel.lines[2].get_xydata().tolist() for panel in figure.axes]
    assert marks[0] == [[pytest.approx(1.0), 0]] and marks[3] == [[pytest.approx(0.4), 1]]
