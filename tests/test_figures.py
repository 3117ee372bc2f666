"""Figures of classification, likeness and trust: the right marks at the right places."""

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import linkage

from facsimile import EXPRESSIONS
from facsimile.show.classification import confusion, training_curves
from facsimile.show.likeness import START, correlation_matrix, dendrogram, dendrogram_sheet
from facsimile.show.style import save
from facsimile.show.trust import trust_plot

NETWORKS = ("weinet", "vgg16", "songnet")


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


def test_training_curves_draw_one_line_a_fold(tmp_path):
    history = pd.DataFrame(
        [
            {"network": f"n{n}", "fold": f, "epoch": e, "loss": 1 / e, "accuracy": 1 - 1 / e}
            for n in range(7)
            for f in range(3)
            for e in (1, 2)
        ]
    )
    figure = training_curves(history)
    save(figure, tmp_path / "training.png")
    drawn = [len(panel.lines) for panel in figure.axes if panel.get_visible()]
    assert drawn == [3] * 14


def test_dendrogram_reads_distance_and_colours_the_start(tmp_path):
    names = ["a", "b", "c"]
    tree = linkage([0.1, 0.8, 0.6], "average")
    start = {"a": "imagenet", "b": "random"}
    figure = dendrogram(names, tree, "fear", start)
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


def test_correlation_matrix_follows_the_order_given():
    pairs = [("a", "a", 1.0), ("a", "b", 0.25), ("b", "a", 0.25), ("b", "b", 1.0)]
    likeness = pd.DataFrame(pairs, columns=["network", "other", "correlation"])
    axes = correlation_matrix(likeness, ["b", "a"]).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["b", "a"]
    assert [text.get_text() for text in axes.texts] == ["1.00", "0.25", "0.25", "1.00"]


def test_support_stands_at_its_join(tmp_path):
    tree = linkage([0.1, 0.8, 0.6], "average")
    figure = dendrogram(["a", "b", "c"], tree, "all", {}, np.array([0.93, 1.0]))
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
