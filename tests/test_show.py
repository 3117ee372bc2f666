"""The page of a study: the right numbers, whatever there is of it, nothing fetched."""

import re
from dataclasses import replace
from html.parser import HTMLParser
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
from facsimile.measure.null import NullLevel
from facsimile.show import report as pages
from facsimile.show.audit import audit_cells
from facsimile.show.differences import contrast_sentences
from facsimile.show.faces import Faces
from facsimile.show.factors import tests_cells as cells_of_tests
from facsimile.show.facts import Facts
from facsimile.show.learned import MARK
from facsimile.show.measures import Measures, context, resampled
from facsimile.show.null import Null, null_cells
from facsimile.show.pair_tables import shown
from facsimile.show.pairs import pairs
from facsimile.show.published import with_published
from facsimile.show.report import Report, read_pictures, render
from facsimile.show.summary import accuracy_sentence, glance, primary_sentences
from facsimile.show.tables import primary
from facsimile.show.validation import render as render_validation
from facsimile.show.wording import listed, p_cell, p_told, ranged, verdict
from made_up import EXPLAINERS, NETWORKS, REFERENCES
from made_up_page import PAGED, pictures
from made_up_tables import REASON, findings, likeness_tests, places

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def settings():
    return made_up.settings(ROOT)


@pytest.fixture
def measures():
    return made_up_page.measures()


@pytest.fixture
def report(measures, settings):
    return Report(
        settings=settings,
        facts=Facts.of(settings, ROOT),
        measures=measures,
        pictures=pictures(*PAGED),
        faces=Faces(**made_up.faces()),
        classification=made_up.classification(),
        trust=made_up.trust(),
    )


@pytest.fixture
def external(measures, settings):
    """Return the report of heatmaps made elsewhere."""
    nothing = ["untrained", "shuffled", "chance", "p", "p_min", "q"]
    measures = Measures(
        **{
            name: table[table["explainer"] == "lime"].assign(explainer="external")
            for name, table in vars(measures).items()
            if name not in ("ceilings", "contrasts")
        },
        contrasts=measures.contrasts.iloc[:0],
    )
    for table in (measures.agreement, measures.overall):
        table[nothing] = np.nan
    settings = settings | {"explainers": {"external": {}}, "corpora": {}}
    shown = pictures("heatmaps", "references", "agreement", "likeness", explainer=["external"])
    return Report(settings, Facts.of(settings, ROOT), measures, shown)


def changed(report, **values):
    return Report(**{**vars(report), **values})


class Page(HTMLParser):
    """Collect what a page names, loads and says."""

    def __init__(self, html):
        super().__init__()
        self.loaded, self.tags, self.texts, self.images = [], [], [], []
        self.feed(html)
        self.text = " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        if tag == "img":
            self.images.append(attrs)
        if tag != "a":
            self.loaded += [attrs[name] for name in ("src", "href", "srcset") if name in attrs]

    def handle_data(self, data):
        self.texts.append(data)


def test_the_page_loads_nothing(report):
    html = render(report)
    page = Page(html)
    assert all(source.startswith("data:image/webp;base64,") for source in page.loaded)
    assert not {"link", "iframe", "object"} & set(page.tags)
    assert not re.search(r"url\(|@import|<script[^>]* src=|\bfetch\(|\bimport\b *[({\"']", html)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy.startswith("default-src 'none'; img-src data:;"), (
        "and the browser holds it to that"
    )


def test_the_page_says_all_there_is(report):
    text = Page(render(report)).text
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


def test_the_page_shows_every_figure_of_every_explainer_once(report):
    html = render(report)
    shown = re.findall(r'<figure id="([^"]+)"', html)
    wanted = [one for one, _ in report.pictures if one.kind.section]
    assert len(shown) == len(set(shown)) == len(wanted)
    for explainer in EXPLAINERS:
        assert f"figure-heatmaps-{explainer}" in shown
        assert f"figure-dendrograms-{explainer}" in shown
        for reference in REFERENCES:
            assert f"figure-specificity-{explainer}-{reference}" in shown
    assert all(image["alt"] for image in Page(html).images)


def test_the_main_results_set_explainers_beside_each_other(report):
    first = render(report).partition("<h2>The results in numbers")[2].partition("<h2>")[0]
    text = Page(first).text
    header = re.search(r"<thead>.*?</thead>", first, re.DOTALL).group()
    assert re.findall(r'scope="col">([^<]+)<', header) == list(EXPLAINERS)
    assert "lime_grey is lime with baseline grey instead of black." in text
    assert "AUROC with ekman, primary: lime_grey agrees better than lime" in text
    assert "exploratory: lime_grey" not in text, "differences of other scores stand further down"
    assert "nothing that a network has met" in text


def pairs_of(measures):
    return list(pairs(measures.agreement, measures.overall, measures.specificity))


def test_the_main_results_at_a_glance(measures):
    table = glance(pairs_of(measures), made_up.trust())
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
    assert [name.partition(":")[0] for name in glance(pairs_of(measures), None).index] == [
        *["AUROC with ekman"] * 4,
        *["Pearson's r with gaze, exploratory"] * 4,
    ]


def test_names_are_escaped(report):
    html = render(report)
    assert "<b>bold</b>" not in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html


def test_undefined_cells_are_dashes_with_their_reason(report):
    html = render(report)
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


def test_the_page_is_the_same_twice(report):
    assert render(report) == render(report)


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
    html = render(changed(report, pictures=[*report.pictures, sheet]))
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


def test_the_summary_names_networks_that_did_not_learn():
    table = made_up.classification()
    text = accuracy_sentence(table).replace("\N{NO-BREAK SPACE}", " ")
    assert "is vgg16: it recognises 94.6 % [90.6 %, 98.6 %]" in text
    assert "always naming the most frequent expression gives 16.7 %" in text
    assert text.endswith("Not shown to have learned: <b>bold</b> (19.0 % [15.0 %, 23.0 %]).")
    assert "All networks learned" in accuracy_sentence(table.iloc[:2])


def first_of(measures):
    """Return the primary result of the first explainer."""
    return primary_sentences(pairs_of(measures))[0]


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


def test_both_means_are_told_where_a_network_did_not_learn(measures, report):
    every = measures.overall[measures.overall["network"] == "all"].assign(
        network="every", n_networks=3, left_out="", value=0.321, low=0.3, high=0.35, p=np.nan,
        q=np.nan, p_min=np.nan,
    )  # fmt: skip
    told = replace(measures, overall=pd.concat([measures.overall, every], ignore_index=True))
    text = first_of(told)
    assert "; with those that did not learn, over 3 networks, it is 0.321 [0.300, 0.350]" in text
    assert "every" not in text
    rows = glance(pairs_of(told), None)
    line = "AUROC with ekman: mean with networks that did not learn"
    assert rows.loc[line, "lime"] == "0.321 [0.300, 0.350]"
    networks = shown(pairs_of(told)[0])
    assert list(networks["networks"].index)[-2:] == ["all", "every"]
    assert "all is the mean over networks that learned, every that" in networks["networks_caption"]
    assert "0.321" in Page(render(changed(report, measures=told))).text


def test_a_contrast_names_networks_that_did_not_learn(measures):
    marked = measures.marked(lambda name: f"{name} {MARK}" if name == "weinet" else name)
    told = contrast_sentences(marked.contrasts)["primary"][0]
    assert f"over 2 networks without weinet {MARK} and vgg16;" in told


def test_published_accuracies_stand_beside_those_of_the_same_architecture(report, tmp_path):
    table = made_up.classification()
    networks = {"weinet": {"architecture": "weinet"}, "<b>bold</b>": {"architecture": "timm/x"},
                "vgg16": {"checkpoint": "vgg16.onnx"}}  # fmt: skip
    path = str(ROOT / "resources" / "published_accuracies.csv")
    found = with_published(table, networks, path)
    assert found["published_accuracy"].isna().tolist() == [False, True, True]
    cells = pages.classification_cells(found)
    assert cells["accuracy, published"].tolist() == ["0.801", *["\N{EN DASH}"] * 2]
    assert cells.loc["weinet", "macro F1, published"] == "0.780"
    assert "Published: what the paper" in render(changed(report, classification=found))
    others = {name: {"architecture": "small"} for name in table["network"]}
    assert with_published(table, others, path).equals(table)
    assert "Published: what the paper" not in render(report)
    assert with_published(None, {}, path) is None


def test_published_accuracies_are_the_published_ones(shared):
    theirs = pd.read_csv(shared / "published" / "classification.csv").set_index("architecture")
    ours = pd.read_csv(ROOT / "resources" / "published_accuracies.csv").set_index("architecture")
    theirs = theirs.rename(columns={"recall": "balanced_accuracy"}).loc[ours.index]
    assert ours[["accuracy", "balanced_accuracy", "f1"]].equals(
        theirs[["accuracy", "balanced_accuracy", "f1"]]
    )
    assert len(ours) == len(theirs) == 12


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
        assert words in first_of(Measures(**{**vars(measures), "overall": table})), changes


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
    told = first_of(Measures(**{**vars(measures), "overall": nothing}))
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
    table = shown(pairs_of(measures)[0])["networks"]
    assert table.loc["weinet", "rank"] == "1 [1, 2]"
    assert table.loc["vgg16", ["rank", "left out"]].tolist() == ["\N{EN DASH}", "fear"]
    assert table.loc["all", "left out"] == "vgg16"
    assert table.loc["weinet", "reliability"] == "0.800"
    assert table.loc["weinet", "p"] == "0.020 (\N{GREATER-THAN OR EQUAL TO} 0.007), q 0.030"


def test_scores_count_the_cells_that_have_a_verdict(measures):
    measures.agreement.loc[measures.agreement["network"] == "weinet", "p_min"] = 0.1
    table = shown(pairs_of(measures)[0])["scores"]
    assert table.loc["AUROC", "cells better than chance"] == "11 of 11"
    assert table.loc["AUROC", ["role", "worse"]].tolist() == ["primary", "0 of 11"]
    assert table.loc["IoU", "role"] == "exploratory"


def test_own_and_others_stand_beside_the_same_less_the_common_face(measures):
    table = shown(pairs_of(measures)[0])["own"]
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
    table, reasons = cells_of_tests(tests[tests["explainer"] == "lime"])
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


def test_the_page_says_how_finished_networks_do_otherwise(report):
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
    assert "as its row says" not in Page(render(report)).text


def test_each_reference_and_explainer_has_tables_of_its_own(report):
    html = render(report)
    for explainer in EXPLAINERS:
        for reference in REFERENCES:
            assert html.count(f"Explainer: {explainer}; reference: {reference} (") == 4


def test_networks_that_start_alike_are_said_to(measures):
    alike = Measures(**{**vars(measures), "pretraining": measures.pretraining.iloc[:0]})
    said = context(alike)["pretraining"]
    assert len(said) == len(EXPLAINERS)
    assert "all networks of this study start alike" in said[0]


def test_a_confounded_comparison_is_called_so(measures):
    between = measures.pretraining.assign(
        comparison="between architectures", confounded=True, pretrained="8 networks"
    )
    said = context(Measures(**{**vars(measures), "pretraining": between}))["pretraining"]
    assert all("confounds pre-training with architecture" in one for one in said)


def test_the_noise_ceiling_is_shown_where_there_is_one(report, measures):
    ceiling = pd.DataFrame(
        [
            {"expression": e, "between": b, "r": 0.5, "reliability": 0.667, "ceiling": 0.816,
             "participants": 94, "rows": 188, "left_out": 40}
            for e in EXPRESSIONS
            for b in ("halves", "faces")
        ]
    )  # fmt: skip
    human = Measures(**{**vars(measures), "ceilings": {"gaze": ceiling}})
    html = render(changed(report, measures=human))
    assert "How well the maps of gaze agree with themselves" in html
    assert "40 rows of the data have empty cells and are left out" in html
    assert "0.816" in html


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


# The page of the validation


def validation_of(settings, findings):
    """Return the page of a validation of two conditions."""
    drawn = {name: {"kind": "synthetic", "units": name} for name in ("mouth", "brows")}
    settings = settings | {"corpora": drawn}
    names = {"condition": ["mouth", "brows"], "network": ["weinet", "weinet_hidden"]}
    return render_validation(
        findings, places(), pictures("validation", **names), Facts.of(settings, ROOT), settings
    )


@pytest.fixture
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


# Snakemake's own report


@pytest.mark.parametrize("path", sorted((ROOT / "workflow/report").glob("*.rst")), ids=str)
def test_captions_quote_keys_that_are_in_the_config(path):
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    caption = environment.from_string(path.read_text()).render(
        snakemake=SimpleNamespace(config=config)
    )
    assert caption.strip()
    assert "{" not in caption


def test_the_page_says_whether_heatmaps_may_be_read(report):
    page = Page(render(changed(report, faith=made_up.faith())))
    assert "May the heatmaps be read?" in page.text
    assert "the network did not learn" in page.text
    assert "0.700" in page.text, "r among trainings"
    assert "the network did not learn" not in Page(render(report)).text
