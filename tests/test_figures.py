"""Figures: the right marks at the right places, and the same bytes twice."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import linkage

import made_up
from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.show import on_faces
from facsimile.show.agreement import (
    agreement_plot,
    contrasts_plot,
    pretraining_plot,
    specificity_plot,
)
from facsimile.show.classification import confusion, training_curves
from facsimile.show.likeness import START, correlation_matrix, dendrogram_sheet
from facsimile.show.planted import did_not_learn, limits, use
from facsimile.show.style import save
from facsimile.show.trust import trust_plot
from made_up import SHAPE

NETWORKS = ("weinet", "vgg16", "songnet")


def one(table, reference="ekman"):
    """Return the rows of one explainer and, where there are several, one reference."""
    rows = table[table["explainer"] == "lime"]
    return rows[rows["reference"] == reference] if "reference" in rows else rows


@pytest.fixture
def drawn():
    """Return what draws the agreement of one explainer and reference."""
    return lambda: agreement_plot(one(made_up.agreement()), one(made_up.overall()), "auroc")


@pytest.fixture
def mean_face():
    return np.linspace(0, 255, SHAPE[0] * SHAPE[1], dtype=np.float32).reshape(SHAPE)


@pytest.fixture
def heatmaps():
    rng = np.random.default_rng(3)
    names = [(network, expression) for network in NETWORKS for expression in EXPRESSIONS]
    return {name: rng.random(SHAPE, dtype=np.float32) for name in names}


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_the_same_figure_has_the_same_bytes(suffix, tmp_path, drawn, mean_face):
    masks = dict.fromkeys(EXPRESSIONS, mean_face > 99)
    landmarks = np.full((68, 2), 50.0)
    for draw in (
        drawn,
        lambda: on_faces.masks_sheet(masks, mean_face, landmarks),
    ):
        figure = draw()
        paths = [tmp_path / f"{number}.{suffix}" for number in range(3)]
        save(figure, paths[0])
        save(figure, paths[1])
        save(draw(), paths[2])
        first, again, anew = (path.read_bytes() for path in paths)
        assert first == again == anew


def test_an_unknown_format_is_refused_and_leaves_nothing(tmp_path, drawn):
    with pytest.raises(UserError, match=r"'\.bmp'.*\.png"):
        save(drawn(), tmp_path / "a.bmp")
    assert not list(tmp_path.iterdir())


def test_heatmap_sheet_has_a_panel_for_every_network_and_expression(heatmaps, mean_face, tmp_path):
    heatmaps["vgg16", "fear"] = np.full(SHAPE, np.nan, np.float32)
    heatmaps["vgg16", "anger"] = np.zeros(SHAPE, np.float32)
    figure = on_faces.heatmap_sheet(heatmaps, mean_face)
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
    stretched = on_faces.stretch(heatmap * np.float32(scale))
    assert stretched[0, 0] == 0
    assert stretched.max() == 1
    np.testing.assert_allclose(stretched, heatmap / heatmap.max(), rtol=1e-5)


def test_faces_sheet_spreads_over_the_faces_and_survives_a_missing_expression():
    names = ["anger"] * 30 + ["fear"] * 2
    faces = np.arange(32, dtype=np.uint8)[:, None, None] * np.ones((32, 8, 8), np.uint8)
    figure = on_faces.faces_sheet(faces, names, np.zeros((32, 68, 2)), columns=4)
    shown = [panel.images[0].get_array()[0, 0] for panel in figure.axes if panel.images]
    assert shown == [0, 10, 19, 29, 30, 31]


def test_agreement_plot_shows_levels_and_arrows(drawn):
    figure = drawn()
    said = [text.get_text().strip() for text in figure.axes[0].texts]
    assert said == ["untrained", "shuffled", "rival"]
    arrows = [
        text for text in figure.axes[1].texts if text.get_text().endswith("\N{UPWARDS ARROW}")
    ]
    assert len(arrows) == 6 * len(NETWORKS) - 1


def test_cells_under_both_levels_point_down_and_those_that_cannot_be_told_not_at_all():
    agreement, overall = one(made_up.agreement()), one(made_up.overall())
    worse = agreement_plot(agreement.assign(untrained=1.0, shuffled=1.0), overall, "auroc")
    said = [text.get_text() for text in worse.axes[1].texts]
    assert sum(text.endswith("\N{DOWNWARDS ARROW}") for text in said) == 17
    for changes in ({"untrained": 1.0}, {"p_min": 0.1}, {"q": 0.06}):
        figure = agreement_plot(agreement.assign(**changes), overall, "auroc")
        said = "".join(text.get_text() for text in figure.axes[1].texts)
        assert not {"\N{UPWARDS ARROW}", "\N{DOWNWARDS ARROW}"} & set(said), changes


def dots(panel):
    """Return which dots of a forest are full."""
    return [colour.tolist() != [1, 1, 1, 1] for colour in panel.collections[-1].get_facecolors()]


def test_specificity_plot_frames_own_pairs_and_ends_with_the_common_face_removed(tmp_path):
    figure = specificity_plot(one(made_up.specificity()), one(made_up.cross_expression()))
    save(figure, tmp_path / "specificity.png")
    assert len(figure.axes) == 6, "IoU and AUROC, a matrix and a forest each; and one forest"
    assert len(figure.axes[0].patches) == 6
    assert dots(figure.axes[1]) == [False] * 4, "q is not under .05"
    assert dots(figure.axes[5]) == [True] * 4
    assert "removed" in figure.axes[5].get_title("left")


def test_pretraining_plot_draws_differences_or_says_there_are_none(tmp_path):
    pretraining = one(made_up.pretraining())
    figure = pretraining_plot(pretraining, "auroc")
    save(figure, tmp_path / "pretraining.png")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == [f"vgg16 less weinet, {name}" for name in (*EXPRESSIONS, "all")]
    assert figure.axes[0].get_xlabel() == "difference in AUROC", "the primary score"
    nothing = pretraining_plot(pretraining.iloc[:0], "auroc")
    assert "start alike" in nothing.axes[0].texts[0].get_text()


def test_contrasts_plot_has_a_line_a_network_and_explainer_or_says_there_is_one_only():
    contrasts = made_up.contrasts()
    figure = contrasts_plot(contrasts, "auroc")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(labels) == 2 * 4
    assert labels[0] == "lime_grey less lime, weinet"
    assert [panel.get_title() for panel in figure.axes] == ["ekman", "gaze"]
    assert all(dots(figure.axes[0]))
    assert not any(dots(contrasts_plot(contrasts.assign(p_min=0.06), "auroc").axes[0]))
    nothing = contrasts_plot(contrasts.iloc[:0], "auroc")
    assert "one explainer only" in nothing.axes[0].texts[0].get_text()


def test_confusion_rows_add_up_to_one():
    true = ["anger", "anger", "anger", "fear"]
    guess = ["anger", "fear", "fear", "fear"]
    predictions = pd.DataFrame({"network": "weinet", "expression": true, "predicted": guess})
    figure = confusion(predictions)
    said = [text.get_text() for text in figure.axes[0].texts]
    assert said.count("0.33") == 1
    assert said.count("0.67") == 1
    assert said.count("1.00") == 1
    assert said.count("\N{EN DASH}") == 4 * 6, "expressions without a face have no shares"


def test_training_curves_draw_one_line_a_training(tmp_path):
    history = pd.DataFrame(
        [
            {
                "network": f"n{n}",
                "repeat": r,
                "fold": f,
                "epoch": e,
                "loss": 1 / e,
                "accuracy": 1 - 1 / e,
            }
            for n in range(7)
            for r in range(2)
            for f in range(3)
            for e in (1, 2)
        ]
    )
    figure = training_curves(history)
    save(figure, tmp_path / "training.png")
    drawn = [len(panel.lines) for panel in figure.axes if panel.get_visible()]
    assert drawn == [6] * 14


def test_dendrogram_reads_distance_and_colours_the_start(tmp_path):
    names = ["a", "b", "c"]
    tree = linkage([0.1, 0.8, 0.6], "average")
    start = {"a": "imagenet", "b": "random"}
    figure = dendrogram_sheet({"fear": (names, tree)}, start)
    save(figure, tmp_path / "tree.svg")
    axes = figure.axes[0]
    assert max(line.get_xdata().max() for line in axes.lines) == pytest.approx(0.7)
    colours = {label.get_text(): label.get_color() for label in axes.get_yticklabels()}
    assert colours["a"] == START["imagenet"]
    assert colours["b"] == START["random"]
    assert axes.get_title() == "fear"


def test_dendrogram_of_one_network_says_why_it_is_empty():
    trees = {"anger": (["a"], None), "fear": (["a", "b"], linkage([0.3], "average"))}
    figure = dendrogram_sheet(trees)
    assert "fewer than two" in figure.axes[0].texts[0].get_text()
    assert figure.axes[1].lines


def test_correlation_matrix_has_r_below_and_disattenuated_r_above_reliability():
    pairs = [
        ("a", "a", 1.0, 1.0),
        ("a", "b", 0.25, 0.5),
        ("b", "a", 0.25, 0.5),
        ("b", "b", 1.0, 1.0),
    ]
    likeness = pd.DataFrame(pairs, columns=["network", "other", "correlation", "disattenuated"])
    likeness["reliability"] = likeness["network"].map({"a": 0.9, "b": np.nan})
    axes = correlation_matrix(likeness, ["b", "a"]).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["b", "a"]
    assert [text.get_text() for text in axes.texts] == ["0.50", "0.25", "0.90", "\N{EN DASH}"]


def test_support_stands_at_its_join(tmp_path):
    tree = linkage([0.1, 0.8, 0.6], "average")
    figure = dendrogram_sheet({"all": (list("abc"), tree)}, {}, {"all": np.array([0.93, 1.0])})
    texts = {text.get_text(): text.xy[0] for text in figure.axes[0].texts}
    assert texts == {"93": pytest.approx(0.1), "100": pytest.approx(0.7)}


def test_trust_is_drawn_with_and_without_surrogates(tmp_path):
    rows = [
        {
            "explainer": explainer,
            "network": n,
            "expression": e,
            "r2": r2,
            "r2_low": r2 - 0.1,
            "r2_high": r2 + 0.1,
            "split_half": 0.8,
            "split_half_low": 0.7,
            "split_half_high": 0.9,
        }
        for explainer, r2 in (("lime", 0.6), ("grad_cam", np.nan))
        for n in NETWORKS
        for e in EXPRESSIONS
    ]
    table = pd.DataFrame(rows)
    figure = trust_plot(table)
    save(figure, tmp_path / "trust.png")
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list(NETWORKS)
    none = trust_plot(table[table["explainer"] == "grad_cam"])
    save(none, tmp_path / "none.png")
    assert "no explainer fits a surrogate" in [text.get_text() for text in none.axes[0].texts]


def test_limits_have_a_panel_for_each_condition_and_network(tmp_path):
    findings = made_up.findings()
    names = {name: f"{name} in words" for name in made_up.EXPLAINERS}
    figure = limits(findings, names)
    save(figure, tmp_path / "limits.png")
    assert len(figure.axes) == 4
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list(names.values())
    assert figure.axes[1].get_title() == "brows, weinet \N{DAGGER}\naccuracy 0.17"
    assert figure.axes[0].get_title() == "mouth, weinet\naccuracy 0.97"


def test_what_networks_use_has_the_same_panels(tmp_path):
    names = {name: f"{name} in words" for name in made_up.EXPLAINERS}
    figure = use(made_up.findings(), names)
    save(figure, tmp_path / "use.png")
    assert len(figure.axes) == 4 and figure.axes[0].get_title() == "mouth, weinet\naccuracy 0.97"
    (dots,) = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert set(dots.get_xdata()) == {0.52} and len(dots.get_xdata()) == len(names)


def test_a_network_that_did_not_learn_is_said_to_below_its_heatmaps():
    findings = made_up.findings()
    assert did_not_learn(findings[findings["condition"] == "mouth"]) == ""
    remark = did_not_learn(findings[findings["condition"] == "brows"])
    assert remark == "\N{DAGGER} did not learn: accuracy 0.17"
