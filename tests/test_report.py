"""The page of a study: the right numbers, whatever there is of it, nothing fetched."""

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import jinja2
import numpy as np
import pandas as pd
import pytest
import yaml

import made_up
import made_up_page
from facsimile import EXPRESSIONS
from facsimile.show import report as pages
from facsimile.show.audit import audit_cells
from facsimile.show.facts import Facts
from facsimile.show.learned import MARK
from facsimile.show.measures import Measures
from facsimile.show.published import with_published
from facsimile.show.report import Report, read_pictures, render
from made_up import EXPLAINERS, NETWORKS, REFERENCES
from made_up_page import Page, pictures
from made_up_tables import REASON

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def report():
    return made_up_page.report(ROOT, maps=None)


@pytest.fixture(scope="module")
def html(report):
    return render(report)


@pytest.fixture
def external(report):
    """Return the report of heatmaps made elsewhere."""
    nothing = ["untrained", "shuffled", "chance", "p", "p_min", "q"]
    measures = Measures(
        **{
            name: table[table["explainer"] == "lime"].assign(explainer="external")
            for name, table in vars(report.measures).items()
            if name not in ("ceilings", "contrasts")
        },
        contrasts=report.measures.contrasts.iloc[:0],
    )
    for table in (measures.agreement, measures.overall):
        table[nothing] = np.nan
    settings = report.settings | {"explainers": {"external": {}}, "corpora": {}}
    shown = pictures("heatmaps", "references", "agreement", "likeness", explainer=["external"])
    return Report(settings, Facts.of(settings, ROOT), measures, shown)


def test_the_page_loads_nothing(html):
    page = Page(html)
    assert all(source.startswith("data:image/webp;base64,") for source in page.loaded)
    assert not {"link", "iframe", "object"} & set(page.tags)
    assert not re.search(r"url\(|@import|<script[^>]* src=|\bfetch\(|\bimport\b *[({\"']", html)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy.startswith("default-src 'none'; img-src data:;"), (
        "and the browser holds it to that"
    )


def test_the_page_says_all_there_is(html):
    text = Page(html).text
    for words in (
        *NETWORKS,
        *EXPRESSIONS,
        *REFERENCES,
        "no face found",
        "seed: 7",
        "941 samples",
        "Up to 37 test faces",
        "some 29 SLIC superpixels",
        "0.812 [0.772, 0.852]",
        "321 bootstrap draws",
        "reach 0.200 with random weights and 0.180 with shuffled labels (better than these; "
        "p = 0.010, q = 0.040)",
        "are not shown to fit their own expression's reference otherwise than the others'",
        "Less the face that all expressions share (exploratory), they (without vgg16) fit their",
        "vgg16 less weinet, the same architecture",
        "No W*d of family, networks: no two alike.",
        "balanced accuracy of naming it from where the middle of the eyes' outer corners lies",
        "lime with ekman (primary)",
        "lime with gaze (exploratory)",
        f"<b>bold</b> {MARK}",
        "10 with random weights (untrained) and 10 trained on shuffled labels",
    ):
        assert words in text, words


def test_the_page_shows_every_figure_of_every_explainer_once(report, html):
    shown = re.findall(r'<figure id="([^"]+)"', html)
    wanted = [one for one, _ in report.pictures if one.kind.section]
    assert len(shown) == len(set(shown)) == len(wanted)
    for explainer in EXPLAINERS:
        assert f"figure-heatmaps-{explainer}" in shown
        assert f"figure-dendrograms-{explainer}" in shown
        for reference in REFERENCES:
            assert f"figure-specificity-{explainer}-{reference}" in shown
    assert all(image["alt"] for image in Page(html).images)


def test_the_main_results_set_explainers_beside_each_other(html):
    first = html.partition("<h2>The results in numbers")[2].partition("<h2>")[0]
    text = Page(first).text
    header = re.search(r"<thead>.*?</thead>", first, re.DOTALL).group()
    assert re.findall(r'scope="col">([^<]+)<', header) == list(EXPLAINERS)
    assert "lime_grey is lime with baseline grey instead of black." in text
    assert "AUROC with ekman, primary: lime_grey agrees better than lime" in text
    assert "exploratory: lime_grey" not in text, "differences of other scores stand further down"
    assert "nothing that a network has met" in text


def test_names_are_escaped(html):
    assert "<b>bold</b>" not in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html


def test_undefined_cells_are_dashes_with_their_reason(report, html):
    rows = re.findall(r'<th scope="row">vgg16</th>((?:<td>[^<]*</td>){7})</tr>', html)
    # The first is of what the network learned.
    cells = re.findall(r"<td>([^<]*)</td>", rows[1])
    wanted = "explainer == 'lime' and network == 'vgg16' and score == 'auroc'"
    values = report.measures.agreement.query(wanted)["value"]
    assert cells == [
        "\N{EN DASH}" if np.isnan(value) else f"{value:.3f}\N{UPWARDS ARROW}" for value in values
    ] + ["\N{EN DASH}"]
    assert f"{REASON.capitalize()}: vgg16 on fear." in html
    assert not re.search(r"\bnan\b", re.sub(r"base64,[^\"]*", "", html).lower())


def test_the_page_is_the_same_twice(report, html):
    assert render(report) == html


def test_what_is_not_there_is_left_out(external):
    html = render(external)
    titles = re.findall(r"<h2>([^<]+)</h2>", html)
    assert titles == [
        "The results in numbers", "Where networks look", "Where people look", "Agreement",
        "Pre-training", "Likeness", "Settings", "Software", "References",
    ]  # fmt: skip
    text = Page(html).text
    assert "Nothing is known of the faces" in text
    assert "bootstrap draws" not in text
    assert "No networks that know nothing were measured" in text
    assert "know nothing of expressions reach" not in text
    assert MARK not in text
    assert "on the outline of the canonical face" in text


def test_a_figure_of_a_new_section_brings_the_section(report):
    (sheet,) = pictures("sensitivity")
    html = render(replace(report, pictures=[*report.pictures, sheet]))
    assert "<h2>Sensitivity</h2>" in html
    assert 'id="figure-sensitivity"' in html


def test_adding_a_section_is_adding_a_file(report, tmp_path, monkeypatch):
    (tmp_path / "sections").mkdir()
    added = '{% set title, order = "New", 2.5 %}<p>Of {{ facts.folds }} folds.</p>'
    (tmp_path / "sections" / "new.html.j2").write_text(added)
    monkeypatch.setattr(pages, "TEMPLATES", [*pages.TEMPLATES, tmp_path])
    html = render(report)
    titles = re.findall(r"<h2>([^<]+)</h2>", html)
    assert titles[titles.index("Classification") + 1] == "New"
    assert "<p>Of 5 folds.</p>" in html


def test_pictures_are_read_in_the_order_of_the_manifest(tmp_path):
    names = ("heatmaps/lime.png", "faces.png", "likeness/lime/dendrogram/fear.png")
    for name in names:
        path = tmp_path / "figures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    found = read_pictures([str(tmp_path / "figures" / name) for name in names])
    assert [(one.label, data) for one, data in found] == [
        ("faces and landmarks", b"faces.png"),
        ("lime", b"heatmaps/lime.png"),
    ], "single dendrograms are on no page"


def test_published_accuracies_stand_beside_those_of_the_same_architecture(report, html):
    table = made_up.classification()
    networks = {"weinet": {"architecture": "weinet"}, "<b>bold</b>": {"architecture": "timm/x"},
                "vgg16": {"checkpoint": "vgg16.onnx"}}  # fmt: skip
    path = str(ROOT / "resources" / "published_accuracies.csv")
    found = with_published(table, networks, path)
    assert found["published_accuracy"].isna().tolist() == [False, True, True]
    cells = pages.classification_cells(found)
    assert cells["accuracy, published"].tolist() == ["0.801", *["\N{EN DASH}"] * 2]
    assert cells.loc["weinet", "macro F1, published"] == "0.780"
    assert "Published: what the paper" in render(replace(report, classification=found))
    others = {name: {"architecture": "small"} for name in table["network"]}
    assert with_published(table, others, path).equals(table)
    assert "Published: what the paper" not in html
    assert with_published(None, {}, path) is None


def test_published_accuracies_are_the_published_ones(shared):
    theirs = pd.read_csv(shared / "published" / "classification.csv").set_index("architecture")
    ours = pd.read_csv(ROOT / "resources" / "published_accuracies.csv").set_index("architecture")
    theirs = theirs.rename(columns={"recall": "balanced_accuracy"}).loc[ours.index]
    assert ours[["accuracy", "balanced_accuracy", "f1"]].equals(
        theirs[["accuracy", "balanced_accuracy", "f1"]]
    )
    assert len(ours) == len(theirs) == 12


def test_the_page_says_how_finished_networks_do_otherwise(report, html):
    tries = pd.DataFrame(
        {
            "crop": ["0.1", "0.1", "aligned"],
            "colour": "grey",
            "scaling": ["[0, 1]", "[-1, 1]", "[0, 1]"],
            "classes": ["as given", "as given", "CK+"],
            "balanced_accuracy": [0.4, 0.52, 0.3],
            "difference": [0.0, 0.12, -0.1],
            "low": [0.0, 0.05, -0.2],
            "high": [0.0, 0.19, 0.0],
            "clear": [False, True, False],
        }
    )
    cells = audit_cells({("theirs", "photos"): tries, ("theirs", "few"): tries.iloc[:0]})
    row = cells.loc["theirs, photos"]
    assert row["as its row says"] == "box with a margin of 0.1, grey, [0, 1]"
    assert row["best otherwise"] == "box with a margin of 0.1, grey, [-1, 1]"
    assert row["better by"] == "+0.120 [+0.050, +0.190]"
    assert row["clearly better"] == "1 of 2 tries"
    assert cells.loc["theirs, few", "balanced accuracy"] == "\N{EN DASH}"
    assert audit_cells({}) is None
    text = Page(render(replace(report, audits=cells))).text
    assert "theirs, photos" in text and "as its row says" in text
    assert "as its row says" not in Page(html).text


def test_each_reference_and_explainer_has_tables_of_its_own(html):
    for explainer in EXPLAINERS:
        for reference in REFERENCES:
            assert html.count(f"Explainer: {explainer}; reference: {reference} (") == 4


def test_the_noise_ceiling_is_shown_where_there_is_one(report):
    ceiling = pd.DataFrame(
        [
            {"expression": e, "between": b, "r": 0.5, "reliability": 0.667, "ceiling": 0.816,
             "participants": 94, "rows": 188, "left_out": 40}
            for e in EXPRESSIONS
            for b in ("halves", "faces")
        ]
    )  # fmt: skip
    measures = replace(report.measures, ceilings={"gaze": ceiling})
    html = render(replace(report, measures=measures))
    assert "How well the maps of gaze agree with themselves" in html
    assert "40 rows of the data have empty cells and are left out" in html
    assert "0.816" in html


def test_the_page_says_whether_heatmaps_may_be_read(report, html):
    page = Page(render(replace(report, faith=made_up.faith())))
    assert "May the heatmaps be read?" in page.text
    assert "the network did not learn" in page.text
    assert "0.700" in page.text, "r among trainings"
    assert "the network did not learn" not in Page(html).text


@pytest.mark.parametrize("path", sorted((ROOT / "workflow/report").glob("*.rst")), ids=str)
def test_captions_quote_keys_that_are_in_the_config(path):
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    caption = environment.from_string(path.read_text()).render(
        snakemake=SimpleNamespace(config=config)
    )
    assert caption.strip()
    assert "{" not in caption
