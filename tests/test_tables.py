"""Tables as people read them: the numbers are those of the tidy ones."""

import numpy as np
import pandas as pd
import pytest

import made_up_tables as made_up
from facsimile import EXPRESSIONS
from facsimile.show import tables
from made_up_tables import NETWORKS, SCORES


@pytest.fixture
def agreement():
    """Return the tidy table of one explainer and one reference."""
    table = made_up.agreement()
    return table[(table["explainer"] == "lime") & (table["reference"] == "ekman")]


@pytest.mark.parametrize("score", SCORES["ekman"])
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
        tables.wide(pd.concat([agreement, agreement]), "iou")


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


def test_wide_tables_end_with_the_levels_that_networks_are_held_to(agreement):
    table = tables.all_wide(agreement, made_up.classification())
    assert list(table.columns[:5]) == ["explainer", "reference", "score", "role", "network"]
    assert len(table) == len(SCORES["ekman"]) * (len(NETWORKS) + 3)
    rows = table[table["score"] == "iou"].set_index("network")
    assert rows.loc["untrained", "mean"] == pytest.approx(0.2)
    assert rows.loc["shuffled labels", "mean"] == pytest.approx(0.18)
    assert rows.loc["best rival", "anger"] == pytest.approx(0.45)
    assert rows["learned"].tolist()[:3] == [True, True, False]
    assert tables.all_wide(agreement, None)["learned"].isna().all()


def test_the_primary_score_is_shown_first(agreement):
    assert tables.primary(agreement) == ("ekman", "auroc")
    assert tables.main_score(agreement, "auroc") == "auroc"
    assert tables.main_score(agreement, "pearson") == "iou", "that of its kind"
    assert tables.primary(agreement.assign(role="exploratory")) == ("", "")


def test_latex_tables_are_whole_and_escaped(agreement):
    text = tables.latex(agreement.replace({"weinet": "my_net"}), made_up.classification())
    assert text.count(r"\begin{tabular}") == text.count(r"\end{tabular}") == 1
    assert r"my\_net" in text
    assert text.count(r"\\") == len(NETWORKS) + 4
    assert "AUROC of lime heatmaps with ekman (primary)." in text
    assert r"<b>bold</b> $\dagger$ &" in text
    assert r"$\dagger$ marks networks that did not learn" in text
    value = agreement.query("network == 'weinet' and expression == 'anger' and score == 'auroc'")
    assert f"{value['value'].item():.3f}" in text
    assert "--" in text, "undefined cells are dashes"
