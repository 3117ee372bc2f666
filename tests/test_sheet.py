"""The sheet to explore: outlines, pictures and words of its cells."""

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import made_up_page
from facsimile.explain.explanations import Explanations
from facsimile.show.outlines import densest, outline
from facsimile.show.painting import data_uri, edges_of, painted, resized, shrunk, weighed
from facsimile.show.pictures import signed, spread
from facsimile.show.report import render
from facsimile.show.sheet import Sheet
from made_up_tables import NETWORKS, faith

ROOT = Path(__file__).parents[1]
SHAPE = (275, 224)


@pytest.fixture(scope="module")
def report():
    return made_up_page.report(ROOT)


@pytest.fixture(scope="module")
def sheet(report):
    return Sheet(report.maps, report.measures, report.trust, report.faith, str)


def test_an_outline_goes_around_its_region():
    region = np.zeros(SHAPE, bool)
    region[100:150, 40:90] = True
    path = outline(region)
    points = np.array(
        [[float(x) for x in pair.split()] for pair in re.findall(r"[\d.]+ [\d.]+", path)]
    )
    assert path.startswith("M")
    assert path.endswith("Z")
    np.testing.assert_allclose(points.min(axis=0), (40, 100), atol=1)
    np.testing.assert_allclose(points.max(axis=0), (90, 150), atol=1)


def test_regions_at_the_edge_and_with_holes_have_closed_outlines():
    region = np.ones(SHAPE, bool)
    region[100:120, 100:120] = False
    assert outline(region).count("M") == outline(region).count("Z") == 2
    assert outline(np.zeros(SHAPE, bool)) == ""


def test_the_densest_region_is_the_smallest_that_holds_half():
    density = np.zeros((10, 10))
    density[0, :4] = (4, 3, 2, 1)
    assert densest(density).sum() == 2, "4 alone holds less than half of 10"
    assert densest(density)[0, :2].all()
    assert densest(density + 7).sum() == 2, "what lies everywhere does not count"


def test_a_painted_map_shows_the_face_where_nothing_is_found():
    face = np.tile(np.linspace(0, 255, 224), (275, 1))
    nothing, map_ = np.zeros(SHAPE), np.zeros(SHAPE)
    map_[100, 100] = 3.0
    bare, hot = painted(nothing, face), painted(map_, face)
    assert np.ptp(bare, axis=2).max() < 1e-9, "grey"
    assert np.ptp(hot[100, 100]) > 0.3, "coloured"
    np.testing.assert_allclose(np.delete(bare, 100, axis=0), np.delete(hot, 100, axis=0))
    np.testing.assert_allclose(painted(np.full(SHAPE, np.nan), face), bare)


def test_weights_for_are_orange_and_against_are_blue():
    face = np.full((4, 4), 0.5)
    weights = np.zeros((4, 4))
    weights[0, 0], weights[3, 3] = 2, -2
    shown = weighed(face, weights, None)
    red, _, blue = shown[0, 0]
    assert red > blue
    red, _, blue = shown[3, 3]
    assert blue > red
    assert np.ptp(shown[1, 1]) < 1e-9


def test_pictures_keep_labels_and_means():
    labels = np.array([[0, 1], [2, 3]])
    assert resized(labels, 4).tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3], [2, 2, 3, 3]]
    assert edges_of(labels, 8).any()
    small = shrunk(np.arange(16.0).reshape(4, 4), 2, 2)
    np.testing.assert_allclose(small, [[2.5, 4.5], [10.5, 12.5]], rtol=1e-6)
    assert shrunk(np.zeros((4, 4, 3)), 2, 2).shape == (2, 2, 3)
    uri = data_uri(np.full((6, 5), 0.5))
    assert uri == data_uri(np.full((6, 5), 0.5)), "the same bytes twice"
    with Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))) as picture:
        assert picture.size == (5, 6)


def test_faces_are_spread_over_the_ranks_of_their_fit():
    fits = np.linspace(1, 0, 11)
    assert fits[spread(fits, 6)].round(1).tolist() == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert spread(np.array([0.5, 0.1]), 6).tolist() == [1, 0]
    assert spread(np.full(3, np.nan), 6).tolist() == [0, 1, 2]


def explained(**changes):
    """Return one face with three superpixels and made-up weights."""
    weights = np.zeros((1, 3, 6))
    weights[0, :, 0], weights[0, :, 1] = (0.4, -0.2, 0.1), (0.1, 0.0, 0.3)
    none = np.full((1, 6), np.nan)
    arrays = {
        "id": np.array(["a"]), "repeat": np.zeros(1, int), "fold": np.zeros(1, int),
        "seed": np.zeros(1, int), "superpixels": np.array([3]), "coefficients": weights,
        "standard_error": weights, "map": np.empty((1, 0, 0)), "intercept": none, "r2": none,
        "split_half": none, "effective_samples": np.ones(1), "samples": np.ones(1),
    }  # fmt: skip
    return Explanations(**(arrays | changes))


def test_weights_have_their_signs_and_agree_with_what_is_carried():
    cuts = np.array([[[0, 1], [2, 2]]])
    for contrast in (False, True):
        weights = signed(explained(), 0, cuts, contrast)
        (kept,) = explained().maps(0, cuts, contrast)
        np.testing.assert_allclose(np.maximum(weights, 0), kept, atol=1e-7)
    assert signed(explained(), 0, cuts)[0, 1] == -0.2
    assert signed(explained(), 0, cuts, contrast=True)[1, 1] == pytest.approx(-0.2)
    pixels = np.arange(4.0).reshape(1, 2, 2)
    assert (signed(explained(map=pixels), 0, None) == pixels[0]).all()


def test_a_cell_says_what_its_row_says(report, sheet):
    keys = {"explainer": "lime", "network": "weinet", "expression": "fear", "score": "iou"}
    table = report.measures.agreement
    row = table[(table[list(keys)] == pd.Series(keys)).all(axis=1)].iloc[0]
    cell = sheet.readings["lime"]["ekman"]["iou"]["weinet"]["fear"]
    assert cell["value"] == f"{row['value']:.2f}"
    assert cell["range"] == f"{row['low']:.2f} to {row['high']:.2f}"
    assert cell["levels"] == ["0.20", "0.18", "0.45"]
    assert cell["verdict"] == "more"
    assert f"IoU {row['value']:.3f}" in cell["said"]
    assert "(better than these)" in cell["said"]


def test_places_on_the_axis_keep_the_order_of_numbers(sheet):
    for networks in sheet.readings["lime"]["ekman"].values():
        for cells in networks.values():
            for cell in cells.values():
                value, low, high, untrained, shuffled, rival = cell["at"]
                if value is None:
                    continue
                assert 0 <= low <= value <= high <= 1
                assert 0 <= shuffled <= untrained <= rival <= 1


def test_an_undefined_cell_has_its_reason_and_no_place(sheet):
    cell = sheet.readings["lime"]["ekman"]["auroc"]["vgg16"]["fear"]
    assert cell["at"][0] is None
    assert cell["value"] == "\N{EN DASH}"
    assert "no face of this expression was explained" in cell["said"]


def test_primary_choices_come_first(sheet):
    start = sheet.context()["start"]
    assert start == {"explainer": "lime", "reference": "ekman", "score": "auroc"}
    assert next(iter(sheet.scores["gaze"])) == "pearson"


def test_names_cannot_break_out_of_the_data(report):
    html = render(report)
    data = re.search(r'<script type="application/json" id="sheet-data">(.*?)</script>', html, re.S)
    assert "<" not in data.group(1)
    assert "<b>bold</b>" not in html


def test_a_study_without_pictures_of_faces_has_a_sheet(report):
    bare = made_up_page.report(ROOT, maps=replace(report.maps, cells={}), trust=None)
    html = render(bare)
    assert 'id="sheet"' in html
    assert "data-cells" not in re.sub(r"<script type=\"module\">.*?</script>", "", html, flags=re.S)


def test_an_opened_cell_says_how_far_it_can_be_believed(report):
    table = faith()
    told = Sheet(report.maps, report.measures, report.trust, table, str).fits()
    for _, row in table[table["explainer"] == "lime"].iterrows():
        for said in told["lime"][row["network"]].values():
            assert "median R² of the surrogate" in said
            assert f"May heatmaps of this network be read? {row['read'].capitalize()}" in said
            assert row["reason"] in said
            assert f"faithfulness 0.50 with {row['baseline_own']} and 0.30 with" in said
    without = Sheet(report.maps, report.measures, report.trust, None, str).fits()
    assert "be read" not in without["lime"][NETWORKS[0]]["anger"]
