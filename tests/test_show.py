"""The page of a study: the right numbers, whatever there is of it, nothing fetched."""

import io
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import jinja2
import numpy as np
import pandas as pd
import pytest
import yaml
from PIL import Image

import made_up
from facsimile import EXPRESSIONS
from facsimile.show import report as pages
from facsimile.show.facts import Facts
from facsimile.show.manifest import drawings
from facsimile.show.measures import Measures, context, glance, resampled, sentence, verdicts
from facsimile.show.report import Faces, Report, accuracy_sentence, read_pictures, render
from facsimile.show.validation import render as render_validation
from made_up import EXPLAINERS, NETWORKS, REASON, REFERENCES

ROOT = Path(__file__).parents[1]
PAGED = ("faces", "networks", "explanations", "heatmaps", "references", "agreement", "likeness")
"""Stages whose figures are on the page of a study."""


def png():
    """Return a small picture."""
    picture = io.BytesIO()
    Image.new("L", (320, 160)).save(picture, "png")
    return picture.getvalue()


def pictures(*stages, **names):
    """Return all figures of some stages, each a small picture."""
    names = {"explainer": EXPLAINERS, "reference": REFERENCES, "expression": ["fear"], **names}
    return [(one, png()) for stage in stages for one in drawings(stage, **names)]


@pytest.fixture(scope="module")
def settings():
    return made_up.settings(ROOT)


@pytest.fixture
def agreement():
    return made_up.agreement()


@pytest.fixture
def measures(agreement):
    return Measures(
        agreement, made_up.specificity(), made_up.pretraining(), made_up.likeness_tests()
    )


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
    measures = Measures(
        **{
            name: table[table["explainer"] == "lime"].assign(explainer="external")
            for name, table in vars(measures).items()
            if name != "ceilings"
        }
    )
    settings = settings | {"explainers": {"external": {}}}
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
    assert all(source.startswith("data:image/png;base64,") for source in page.loaded)
    assert not {"script", "link", "iframe", "object"} & set(page.tags)
    assert not re.search(r"url\(|@import", html)


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
        "0.812 ± 0.011",
        "321 bootstrap draws",
        "where chance gives 0.200 and the best rival 0.450",
        "not shown to be specific to their expression (p = 0.375",
        "vgg16 less weinet, the same architecture",
        "No PERMANOVA of family: no two alike.",
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


def test_the_first_screen_sets_explainers_beside_each_other(report):
    first = render(report).partition("<h2>")[0]
    text = Page(first).text
    header = re.search(r"<thead>.*?</thead>", first, re.DOTALL).group()
    assert re.findall(r'scope="col">([^<]+)<', header) == list(EXPLAINERS)
    assert "lime_grey is lime with baseline grey instead of black." in text
    assert "nothing that a network has met" in text


def test_the_main_results_at_a_glance(agreement):
    table = glance(agreement, made_up.specificity(), made_up.trust())
    iou = agreement.query("explainer == 'lime_grey' and reference == 'ekman' and score == 'iou'")
    assert table.loc["IoU with ekman", "lime_grey"] == f"{iou['value'].mean():.3f} (p = 0.375)"
    assert table.loc["R² of the surrogate"].tolist() == ["0.400", "0.700", "\N{EN DASH}"]
    assert list(glance(agreement, made_up.specificity(), None).index) == [
        "IoU with ekman",
        "Pearson's r with gaze",
    ]


def test_names_are_escaped(report):
    html = render(report)
    assert "<b>bold</b>" not in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html


def test_undefined_cells_are_dashes_with_their_reason(report):
    html = render(report)
    row = re.search(r'<th scope="row">vgg16</th>((?:<td>[^<]*</td>){7})', html).group(1)
    cells = re.findall(r"<td>([^<]*)</td>", row)
    wanted = "explainer == 'lime' and network == 'vgg16' and score == 'iou'"
    iou = report.measures.agreement.query(wanted)["value"]
    assert cells == [
        "\N{EN DASH}" if np.isnan(value) else f"{value:.3f}" for value in [*iou, np.nan]
    ]
    assert f"{REASON.capitalize()}: vgg16 on fear." in html
    assert "nan" not in re.sub(r"base64,[^\"]*", "", html).lower()


def test_the_page_is_the_same_twice(report):
    assert render(report) == render(report)


def test_what_is_not_there_is_left_out(external):
    html = render(external)
    titles = re.findall(r"<h2>([^<]+)</h2>", html)
    assert titles == [
        "Where networks look", "Where people look", "Agreement", "Pre-training", "Likeness",
        "Settings", "Software", "References",
    ]  # fmt: skip
    text = Page(html).text
    assert "Nothing is known of the faces" in text
    assert "bootstrap draws" not in text
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


def lime(table, reference="ekman"):
    return table[(table["explainer"] == "lime") & (table["reference"] == reference)]


def test_the_summary_quotes_the_tables(agreement):
    accuracy = accuracy_sentence(made_up.classification())
    overlap = sentence(lime(agreement), made_up.specificity())
    iou = lime(agreement).query("score == 'iou'")
    assert "vgg16" in accuracy
    assert "94.6" in accuracy
    assert f"mean IoU is {iou['value'].mean():.3f}" in overlap
    assert "With the other expressions' reference it is 0.400" in overlap


def test_the_summary_says_which_heatmaps_are_specific(agreement):
    specificity = made_up.specificity()
    grey = (specificity["explainer"] == "lime_grey") & (specificity["reference"] == "gaze")
    specificity.loc[grey, "p"] = 0.01
    black, other, _ = verdicts(agreement, specificity)
    assert black == (
        "Heatmaps by lime are not shown to be specific to their expression with ekman (p = 0.375), "
        "gaze (p = 0.375)."
    )
    assert "not shown to be specific to their expression with ekman" in other
    assert "; specific to their expression with gaze (p = 0.010)." in other
    assert "specific to their expression" in sentence(lime(agreement), specificity.assign(p=0.01))


def test_the_summary_of_nothing_defined(agreement):
    nothing = made_up.specificity().assign(p=np.nan)
    overlap = sentence(lime(agreement).assign(value=np.nan), nothing)
    assert "no agreement could be computed" in overlap
    assert "too few to be compared" in verdicts(agreement, nothing)[0]


def test_each_reference_and_explainer_has_tables_of_its_own(report):
    html = render(report)
    for explainer in EXPLAINERS:
        for reference in REFERENCES:
            assert html.count(f"Explainer: {explainer}; reference: {reference}.") == 2


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
        (["subjects", ""], "of a network, over subjects; of all, over networks."),
        (["faces", "subjects"], "of a network, over subjects or faces; of all, over networks."),
        (["no faces: no interval"], "of all, over networks only."),
    ],
)
def test_the_page_says_what_intervals_are_over(intervals, words):
    assert resampled(pd.Series(intervals)) == words


# The page of the validation


@pytest.fixture
def validated(settings):
    """Return the page of a validation of two conditions."""
    kept = {"kind": "synthetic", "units": "mouth", "shuffle_labels": False}
    settings = settings | {"corpora": {"mouth": kept, "shuffled": kept | {"shuffle_labels": True}}}
    names = {"condition": ["mouth", "shuffled"], "network": ["weinet", "weinet_hidden"]}
    return render_validation(
        made_up.findings(),
        made_up.places(),
        pictures("validation", **names),
        Facts.of(settings, ROOT),
        settings,
    )


def test_the_page_of_the_validation_has_a_verdict_for_each_condition(validated):
    text = Page(validated).text
    assert "mouth (weinet): accuracy 97.0 % on unseen people" in text.replace("\xa0", " ")
    assert "the evidence is found" in text
    assert "as it must be where labels mean nothing" in text
    for words in ("lime, slic29, black", "lime, slic29, grey", "grad cam"):
        assert words in text, words
    assert "mouth and brows" in text


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
