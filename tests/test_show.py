"""Tables, their figures, the report: the same bytes twice, the right numbers, nothing fetched."""

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
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.accounting import account as account_for
from facsimile.show import figures, tables
from facsimile.show.agreement import agreement_plot, pretraining_plot, specificity_plot
from facsimile.show.measures import Measures, context, summary, unit
from facsimile.show.report import (
    FIGURES,
    Report,
    accuracy_sentence,
    read_figures,
    render,
    render_external,
)
from facsimile.show.style import save
from facsimile.show.words import method

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "config/config.yaml"
CAPTIONS = sorted((ROOT / "workflow/report").glob("*.rst"))
SHAPE = (275, 224)
NETWORKS = ("weinet", "vgg16", "<b>bold</b>")
SCORES = ("iou", "precision", "recall", "f1")
SETTINGS = {
    "lime": {"samples": 941},
    "hidden_by": "black",
    "kernel_shap": {"samples": 512},
    "superpixels": {"kind": "slic", "n_segments": 29},
}
WILDCARDS = {"expression": "fear", "explainer": "lime"}
REASON = "no face of this expression was explained"


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.fixture
def mean_face():
    return np.linspace(0, 255, SHAPE[0] * SHAPE[1], dtype=np.float32).reshape(SHAPE)


@pytest.fixture
def heatmaps(rng):
    names = [(network, expression) for network in NETWORKS for expression in EXPRESSIONS]
    return {name: rng.random(SHAPE, dtype=np.float32) for name in names}


@pytest.fixture
def agreement(rng):
    """Return the tidy table, undefined for vgg16 on fear."""
    rows = [
        {"explainer": "lime", "network": n, "expression": e, "reference": "ekman", "score": s}
        for n in NETWORKS
        for e in EXPRESSIONS
        for s in SCORES
    ]
    table = pd.DataFrame(rows).assign(
        value=rng.random(len(rows)), fold_std=0.01, threshold=0.4, n_faces=12, n_subjects=6,
        chance=0.2, baseline=0.45, p=0.03, q=0.04, reason="", interval="subjects",
    )  # fmt: skip
    table["fold_mean"] = table["value"] - 0.001
    missing = (table["network"] == "vgg16") & (table["expression"] == "fear")
    table.loc[missing, ["value", "fold_mean", "threshold", "chance", "p", "q"]] = np.nan
    table.loc[missing, "reason"] = REASON
    return table


@pytest.fixture
def specificity():
    rows = [
        {"explainer": "lime", "network": n, "reference": "ekman", "score": s, "value": 0.41}
        for s in SCORES
        for n in (*NETWORKS, "all")
    ]
    return pd.DataFrame(rows).assign(
        low=0.31, high=0.51, others=0.4, specificity=0.01, specificity_low=-0.02,
        specificity_high=0.04, p=0.375, n_networks=3, reason="",
    )  # fmt: skip


@pytest.fixture
def pretraining():
    rows = [
        {"explainer": "lime", "comparison": "twins", "pretrained": "vgg16", "scratch": "weinet",
         "expression": e, "reference": "ekman", "score": "iou", "confounded": False}
        for e in (*EXPRESSIONS, "all")
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(difference=0.123, low=0.1, high=0.15, p=0.004)


@pytest.fixture
def likeness_tests():
    shared = {"explainer": "lime", "n_networks": 12, "permutations": 9999}
    rows = [
        {"test": "PERMANOVA", "expression": "all", "factor": "pre-training", "statistic": 26.8,
         "p": 0.0024, "q": 0.005, "reason": ""},
        {"test": "PERMANOVA", "expression": "fear", "factor": "pre-training", "statistic": 11.4,
         "p": 0.0023, "q": 0.005, "reason": ""},
        {"test": "PERMANOVA", "expression": "all", "factor": "family", "reason": "no two alike"},
        {"test": "Mantel", "expression": "anger", "other": "fear", "statistic": 0.55, "p": 0.01,
         "q": 0.02, "reason": ""},
    ]  # fmt: skip
    return pd.DataFrame([shared | row for row in rows])


@pytest.fixture
def measures(agreement, specificity, pretraining, likeness_tests):
    return Measures(["ekman"], agreement, specificity, pretraining, likeness_tests)


@pytest.fixture
def classification():
    table = pd.DataFrame({"network": NETWORKS, "accuracy": [0.8123, 0.9456, 0.5]})
    table = table.assign(precision=0.7, recall=0.6, f1=0.65, folds=5, faces=120)
    return table.assign(accuracy_std=0.0111, precision_std=0.02, recall_std=0.02, f1_std=np.nan)


@pytest.fixture
def report(measures, classification):
    picture = io.BytesIO()
    Image.new("L", (320, 160)).save(picture, "png")
    names = {"corpus": "drawn", "subject": list("aabbcc"), "expression": EXPRESSIONS}
    faces = pd.DataFrame(names | {"box_from": "detector"})
    excluded = pd.DataFrame({"corpus": ["drawn", "wild"], "source": "x", "reason": "no face found"})
    excluded = excluded.assign(subject="a", expression="fear")
    shared = {"sha256": "x", "id": ["drawn/1", "drawn/2"], "subjects": 2, "expressions": 1}
    return Report(
        settings={"study": {"folds": 5, "seed": 7}, "networks": dict.fromkeys(NETWORKS, "a & b")},
        faces=faces,
        excluded=excluded,
        accounting=account_for(faces, excluded),
        duplicates=pd.DataFrame(shared),
        classification=classification,
        measures=measures,
        trust=pd.DataFrame(
            [
                {
                    "explainer": "lime",
                    "network": name,
                    "expression": "fear",
                    "r2": 0.7,
                    "split_half": 0.9,
                    "standard_error": 0.2,
                    "poor_fit": 0.25,
                    "effective_samples": 900.0,
                    "samples": 941.0,
                }
                for name in NETWORKS
            ]
        ),
        figures={"trust": picture.getvalue()},
        heatmaps={"lime": picture.getvalue()},
        methods={"lime": method("lime", SETTINGS)},
        folds=5,
        faces_per_expression=37,
    )


class Page(HTMLParser):
    """Collect what a page names, loads and says."""

    def __init__(self, html):
        super().__init__()
        self.loaded, self.tags, self.texts, self.open = [], [], [], []
        self.images = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        if tag == "img":
            self.images.append(attrs)
        if tag != "a":
            self.loaded += [attrs[name] for name in ("src", "href", "srcset") if name in attrs]

    def handle_data(self, data):
        self.texts.append(data)


# Figures


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_the_same_figure_has_the_same_bytes(suffix, tmp_path, agreement, mean_face):
    masks = dict.fromkeys(EXPRESSIONS, mean_face > 99)
    landmarks = np.full((68, 2), 50.0)
    for draw in (
        lambda: agreement_plot(agreement),
        lambda: figures.masks_sheet(masks, mean_face, landmarks),
    ):
        figure = draw()
        paths = [tmp_path / f"{number}.{suffix}" for number in range(3)]
        save(figure, paths[0])
        save(figure, paths[1])
        save(draw(), paths[2])
        first, again, anew = (path.read_bytes() for path in paths)
        assert first == again == anew


def test_an_unknown_format_is_refused_and_leaves_nothing(tmp_path, agreement):
    with pytest.raises(UserError, match=r"'\.bmp'.*\.png"):
        save(agreement_plot(agreement), tmp_path / "a.bmp")
    assert not list(tmp_path.iterdir())


def test_heatmap_sheet_has_a_panel_for_every_network_and_expression(heatmaps, mean_face, tmp_path):
    heatmaps["vgg16", "fear"] = np.full(SHAPE, np.nan, np.float32)
    heatmaps["vgg16", "anger"] = np.zeros(SHAPE, np.float32)
    figure = figures.heatmap_sheet(heatmaps, mean_face)
    save(figure, tmp_path / "sheet.png")
    panels = figure.axes[: len(EXPRESSIONS) * len(NETWORKS)]
    images = np.reshape([len(panel.images) for panel in panels], (6, len(NETWORKS)))
    assert images[EXPRESSIONS.index("fear"), 1] == 1, "an undefined map shows the face alone"
    assert (images == 2).sum() == images.size - 1
    said = [text.get_text() for text in panels[2 * len(NETWORKS) + 1].texts]
    assert said == ["no face\nexplained"]


@given(st.floats(1e-6, 1e6), st.integers(0, 99))
def test_stretching_keeps_zero_and_order_and_ends_at_one(scale, seed):
    heatmap = np.random.default_rng(seed).random((5, 4)).astype(np.float32)
    heatmap[0, 0] = 0
    stretched = figures.stretch(heatmap * np.float32(scale))
    assert stretched[0, 0] == 0
    assert stretched.max() == 1
    np.testing.assert_allclose(stretched, heatmap / heatmap.max(), rtol=1e-5)


def test_faces_sheet_spreads_over_the_faces_and_survives_a_missing_expression():
    names = ["anger"] * 30 + ["fear"] * 2
    faces = np.arange(32, dtype=np.uint8)[:, None, None] * np.ones((32, 8, 8), np.uint8)
    figure = figures.faces_sheet(faces, names, np.zeros((32, 68, 2)), columns=4)
    shown = [panel.images[0].get_array()[0, 0] for panel in figure.axes if panel.images]
    assert shown == [0, 10, 19, 29, 30, 31]


# Tables


@pytest.mark.parametrize("score", SCORES)
def test_wide_numbers_are_the_tidy_ones(agreement, score):
    shuffled = agreement.sample(frac=1, random_state=0)
    table = tables.wide(shuffled, score)
    assert list(table.columns) == [*EXPRESSIONS, "mean"]
    for row in agreement[agreement["score"] == score].itertuples():
        np.testing.assert_equal(table.loc[row.network, row.expression], row.value)
    assert table["mean"].isna().tolist() == [name == "vgg16" for name in table.index]
    weinet = agreement[(agreement["network"] == "weinet") & (agreement["score"] == score)]
    assert table.loc["weinet", "mean"] == pytest.approx(weinet["value"].mean())


def test_a_cell_given_twice_is_an_error(agreement):
    with pytest.raises(ValueError, match="duplicate"):
        tables.wide(pd.concat([agreement, agreement]))


@pytest.fixture
def account():
    """Return an accounting: of corpus b nothing was kept."""
    rows = [
        ("a", "s", "fear", 3, 2, 1),
        ("a", "t", "anger", 5, 5, 0),
        ("a", "u", "anger", 1, 0, 1),
        ("a", "", "neutral", 2, 0, 2),
        ("b", "s", "", 4, 0, 4),
    ]
    names = ["corpus", "subject", "expression", "read", "kept", "excluded"]
    return pd.DataFrame(rows, columns=names)


def test_accounting_adds_up_and_keeps_a_corpus_without_faces(account):
    faces = pd.DataFrame({"corpus": "a", "box_from": ["padded", "detector", "detector"]})
    table = tables.accounting(account, faces)
    assert table.to_dict("split")["data"] == [[11, 7, 4, 2, 1, 2], [4, 0, 4, 0, 0, 0]]
    assert list(table) == ["read", "kept", "excluded", "subjects", "padded", "detector"]


def test_faces_are_accounted_for_by_expression(account):
    table = tables.by_expression(account)
    assert list(table) == [*EXPRESSIONS, "others"]
    assert table.loc["a", ["anger", "fear", "others"]].tolist() == ["5 of 6", "2 of 3", "0 of 2"]
    assert table.loc["b", ["anger", "others"]].tolist() == ["0 of 0", "0 of 4"]


def test_faces_are_accounted_for_by_subject(account):
    table = tables.by_subject(account)
    assert table.loc["a"].tolist() == [3, 1, 0, 2, 5]
    assert table.loc["b"].tolist() == [1, 1, 0, 0, 0]


def test_images_that_are_there_twice_are_counted_by_what_they_go_by():
    duplicates = pd.DataFrame(
        {"sha256": list("xxyyyzz"), "subjects": [1, 1, 3, 3, 3, 1, 1], "expressions": 1}
    )
    table = tables.shared_images(duplicates)
    assert table.to_dict("split")["data"] == [
        ["one subject", "one expression", 2, 4],
        ["several subjects", "one expression", 1, 3],
    ]
    assert tables.shared_images(duplicates.iloc[:0]).empty


def test_exclusions_are_counted_by_reason():
    excluded = pd.DataFrame({"corpus": ["a", "b", "b"], "source": "x", "reason": list("yzz")})
    assert tables.exclusions(excluded).to_dict("split")["data"] == [["b", "z", 2], ["a", "y", 1]]


def test_landmark_errors_are_given_only_where_known():
    faces = pd.DataFrame({"corpus": list("aaab"), "landmark_error": [0.1, 0.2, 0.3, np.nan]})
    table = tables.landmark_errors(faces)
    assert table.loc["a"].tolist() == pytest.approx([3, 0.15, 0.2, 0.25])
    assert list(table.index) == ["a"]
    assert tables.landmark_errors(faces.drop(columns="landmark_error")).empty
    assert tables.landmark_errors(faces.assign(landmark_error=None)).empty


# The report


def test_the_page_loads_nothing(report):
    html = render(report)
    page = Page(html)
    assert page.images
    assert all(source.startswith("data:image/png;base64,") for source in page.loaded)
    assert not {"script", "link", "iframe", "object"} & set(page.tags)
    assert not re.search(r"url\(|@import", html)


def test_the_page_says_all_there_is(report):
    text = " ".join(" ".join(Page(render(report)).texts).split())
    for name in (
        *NETWORKS,
        *EXPRESSIONS,
        "no face found",
        "seed: 7",
        "941 samples",
        "37 test faces",
    ):
        assert name in text, name
    assert "29 SLIC superpixels" in text
    assert "0.812 ± 0.011" in text
    assert "where chance gives 0.200 and the best baseline 0.450" in text
    assert "not shown to be specific to their expression (p = 0.375" in text
    assert "vgg16 less weinet, the same architecture" in text
    assert "No PERMANOVA of family: no two alike." in text


def test_names_are_escaped(report):
    html = render(report)
    assert "<b>bold</b>" not in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html


def test_undefined_cells_are_dashes_with_their_reason(report):
    html = render(report)
    row = re.search(r'<th scope="row">vgg16</th>((?:<td>[^<]*</td>){7})', html).group(1)
    cells = re.findall(r"<td>([^<]*)</td>", row)
    iou = report.measures.agreement.query("network == 'vgg16' and score == 'iou'")["value"]
    assert cells == [
        "\N{EN DASH}" if np.isnan(value) else f"{value:.3f}" for value in [*iou, np.nan]
    ]
    assert f"{REASON.capitalize()}: vgg16 on fear." in html
    assert "nan" not in re.sub(r"base64,[^\"]*", "", html).lower()


def test_pictures_can_be_read_aloud(report):
    html = render(report)
    assert '<html lang="en">' in html
    assert all(image["alt"] for image in Page(html).images)


def test_the_page_is_the_same_twice(report):
    assert render(report) == render(report)


def test_an_unknown_figure_is_refused(report):
    with pytest.raises(UserError, match=r"'heatmap'.*'heatmaps'"):
        render(Report(**{**vars(report), "figures": {"heatmap": b""}}))


@pytest.mark.parametrize("kind", ["slic", "grid", "parts"])
def test_every_explainer_has_words(kind):
    settings = SETTINGS | {"superpixels": {"kind": kind, "n_segments": 29}}
    schema = yaml.safe_load((ROOT / "config/schema.yaml").read_text())
    said = {
        name: method(name, settings) for name in schema["properties"]["explainers"]["items"]["enum"]
    }
    assert len(set(said.values())) == len(said)


def test_the_summary_quotes_the_tables(classification, agreement, specificity):
    accuracy = accuracy_sentence(classification)
    (overlap,) = summary(agreement, specificity)
    iou = agreement[agreement["score"] == "iou"]
    assert "vgg16" in accuracy
    assert "94.6" in accuracy
    assert f"mean IoU is {iou['value'].mean():.3f}" in overlap
    assert "With the other expressions' reference it is 0.400" in overlap


def test_the_summary_says_when_heatmaps_are_specific(agreement, specificity):
    (overlap,) = summary(agreement, specificity.assign(p=0.01))
    assert "the heatmaps are specific to their expression" in overlap


def test_the_summary_of_nothing_defined(agreement, specificity):
    (overlap,) = summary(agreement.assign(value=np.nan), specificity)
    assert "no agreement could be computed" in overlap


def test_each_reference_has_its_own_tables(report, measures):
    both = {
        name: pd.concat([getattr(measures, name), getattr(measures, name).assign(reference="gaze")])
        for name in ("agreement", "specificity")
    }
    two = Measures(**{**vars(measures), **both, "references": ["ekman", "gaze"]})
    html = render(Report(**{**vars(report), "measures": two}))
    assert html.count("reference: ekman.") == html.count("reference: gaze.") == 2


def test_networks_that_start_alike_are_said_to(measures):
    alike = Measures(**{**vars(measures), "pretraining": measures.pretraining.iloc[:0]})
    assert "All networks of this study start alike" in context(alike)["pretraining"]


def test_a_confounded_comparison_is_called_so(measures):
    between = measures.pretraining.assign(
        comparison="between architectures", confounded=True, pretrained="8 networks"
    )
    said = context(Measures(**{**vars(measures), "pretraining": between}))["pretraining"]
    assert "confounds pre-training with architecture" in said


def test_the_noise_ceiling_is_shown_where_there_are_human_maps(report, measures):
    ceiling = pd.DataFrame(
        [
            {"expression": e, "between": b, "r": 0.5, "reliability": 0.667, "ceiling": 0.816,
             "participants": 94, "rows": 188, "left_out": 40}
            for e in EXPRESSIONS
            for b in ("halves", "faces")
        ]
    )  # fmt: skip
    human = Measures(**{**vars(measures), "ceiling": ceiling})
    html = render(Report(**{**vars(report), "measures": human}))
    assert "40 rows of the data have empty cells and are left out" in html
    assert "0.816" in html


def test_the_page_on_heatmaps_made_elsewhere(measures, report):
    bare = measures.agreement.assign(n_faces=0, n_subjects=0)
    external = Measures(**{**vars(measures), "agreement": bare, "supported": False})
    html = render_external(external, {"heatmaps": report.figures["trust"]}, {"a": 1})
    text = " ".join(" ".join(Page(html).texts).split())
    assert "intervals are over networks only" in text
    assert "A heatmap is the mean of" not in text
    assert "bootstrap draws" not in text


@pytest.mark.parametrize(
    ("intervals", "words"),
    [
        (["subjects", ""], "of a network, over subjects; of all, over networks."),
        (["faces", "subjects"], "of a network, over subjects or faces; of all, over networks."),
        (["no faces: no interval"], "of all, over networks only."),
    ],
)
def test_the_page_says_what_intervals_are_over(intervals, words):
    assert unit(pd.Series(intervals)) == words


def test_figures_are_read_by_their_names(tmp_path):
    for name in ("a.png", "b.png", "c.png"):
        (tmp_path / name).write_bytes(name.encode())
    files = {
        "faces": str(tmp_path / "a.png"),
        "agreements": [str(tmp_path / "b.png"), str(tmp_path / "c.png")],
    }
    found = read_figures(files, ["ekman", "human"])
    assert found == {"faces": b"a.png", "agreement-ekman": b"b.png", "agreement-human": b"c.png"}
    assert "faces" in FIGURES


# Wide tables


def test_wide_tables_end_with_chance_and_the_best_baseline(agreement):
    table = tables.all_wide(agreement)
    assert list(table.columns[:4]) == ["explainer", "reference", "score", "network"]
    assert len(table) == len(SCORES) * (len(NETWORKS) + 2)
    rows = table[table["score"] == "iou"].set_index("network")
    assert rows.loc["chance", "mean"] == pytest.approx(0.2)
    assert rows.loc["best baseline", "anger"] == pytest.approx(0.45)


def test_latex_tables_are_whole_and_escaped(agreement):
    text = tables.latex(agreement.replace({"weinet": "my_net"}))
    assert text.count(r"\begin{tabular}") == text.count(r"\end{tabular}") == 1
    assert r"my\_net" in text
    assert text.count(r"\\") == len(NETWORKS) + 3
    value = agreement.query("network == 'weinet' and expression == 'anger' and score == 'iou'")
    assert f"{value['value'].item():.3f}" in text
    assert "--" in text, "undefined cells are dashes"


# Figures of measures


def test_agreement_plot_shows_levels_and_stars(agreement):
    figure = agreement_plot(agreement)
    said = [text.get_text().strip() for text in figure.axes[0].texts]
    assert said == ["chance", "baseline"]
    stars = [text for text in figure.axes[1].texts if text.get_text().endswith("*")]
    assert len(stars) == 6 * len(NETWORKS) - 1


def test_specificity_plot_frames_own_pairs(specificity, tmp_path):
    rows = [
        {"heatmap": one, "drawn_for": other, "score": score, "value": 0.3 + 0.1 * (one == other)}
        for score in ("iou", "auroc")
        for one in EXPRESSIONS
        for other in EXPRESSIONS
    ]
    table = pd.concat([specificity, specificity.assign(score="auroc")])
    table = table[table["score"].isin(["iou", "auroc"])]
    figure = specificity_plot(table, pd.DataFrame(rows))
    save(figure, tmp_path / "specificity.png")
    assert len(figure.axes) == 4
    assert len(figure.axes[0].patches) == 6


def test_pretraining_plot_draws_differences_or_says_there_are_none(pretraining, tmp_path):
    figure = pretraining_plot(pretraining)
    save(figure, tmp_path / "pretraining.png")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == [f"vgg16 less weinet, {name}" for name in (*EXPRESSIONS, "all")]
    nothing = pretraining_plot(pretraining.iloc[:0])
    assert "start alike" in nothing.axes[0].texts[0].get_text()


# Captions of Snakemake's own report


@pytest.mark.skipif(not CONFIG.exists(), reason="config/config.yaml is not there")
@pytest.mark.parametrize("path", CAPTIONS, ids=lambda path: path.stem)
def test_captions_quote_keys_that_are_in_the_config(path):
    snakemake = SimpleNamespace(config=yaml.safe_load(CONFIG.read_text()), wildcards=WILDCARDS)
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    caption = environment.from_string(path.read_text()).render(snakemake=snakemake)
    assert caption.strip()
    assert "{" not in caption
