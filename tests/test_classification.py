"""Scores of predictions: means over folds and repeats, and whether a network has learned."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    precision_score,
    recall_score,
)

from facsimile import EXPRESSIONS
from facsimile.networks.classification import (
    BOUNDED,
    SCORES,
    classification,
    influence,
    with_people,
)


def table_of(*folds):
    """Return predictions, pairs of true and predicted in each fold; a person a face."""
    rows = [(fold, *pair) for fold, pairs in enumerate(folds) for pair in pairs]
    table = pd.DataFrame(rows, columns=["fold", "expression", "predicted"])
    return table.assign(repeat=0, person=range(len(table)))


def test_scores_are_the_mean_over_folds():
    folds = (
        [("anger", "anger"), ("fear", "anger"), ("fear", "fear"), ("sadness", "sadness")],
        [("anger", "fear"), ("fear", "fear")],
    )
    row = classification(table_of(*folds)).iloc[0]
    scores = [
        [
            score(*zip(*fold, strict=True), **options)
            for score, options in (
                (accuracy_score, {}),
                (balanced_accuracy_score, {}),
                (precision_score, {"average": "macro", "zero_division": 0}),
                (recall_score, {"average": "macro", "zero_division": 0}),
                (f1_score, {"average": "macro", "zero_division": 0}),
            )
        ]
        for fold in folds
    ]
    names = list(SCORES)
    assert row[names].tolist() == pytest.approx(np.mean(scores, axis=0).tolist())
    spread = [f"{name}_std" for name in names]
    assert row[spread].tolist() == pytest.approx(np.std(scores, axis=0, ddof=1).tolist())
    assert (row["repeats"], row["folds"], row["faces"]) == (1, 2, 6)


def test_each_fold_of_each_repeat_is_scored_by_itself():
    right = table_of([("anger", "anger")], [("fear", "fear")])
    half = table_of([("anger", "anger")], [("fear", "anger")]).assign(repeat=1)
    row = classification(pd.concat([right, half])).iloc[0]
    assert row["accuracy"] == 0.75 and row["accuracy_std"] == 0.5
    assert (row["repeats"], row["folds"], row["faces"]) == (2, 2, 4)


def test_absent_expressions_and_a_single_fold_make_no_noise():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        row = classification(table_of([("anger", "fear"), ("anger", "anger")])).iloc[0]
    assert row["recall"] == pytest.approx(0.25)  # anger one half, fear (predicted, absent) none
    assert row["balanced_accuracy"] == pytest.approx(0.5)
    assert np.isnan(row["accuracy_std"])


def made(skill, people=60, repeats=3, seed=0, spread=0.0):
    """Return predictions of six faces of each person: right with some probability.

    ``spread`` is the standard deviation of that probability over people and over repeats.
    """
    rng = np.random.default_rng(seed)
    person, expression = (part.ravel() for part in np.mgrid[0:people, 0:6])
    of_person = rng.normal(0, spread, people)[person]
    tables = []
    for repeat in range(repeats):
        share = np.clip(skill + of_person + rng.normal(0, spread), 0, 1)
        right = rng.random(len(person)) < share
        guess = np.where(right, expression, (expression + rng.integers(1, 6, len(person))) % 6)
        names = {"expression": np.take(EXPRESSIONS, expression), "person": person}
        tables.append(pd.DataFrame(names).assign(predicted=np.take(EXPRESSIONS, guess),
                                                 repeat=repeat, fold=person % 3))  # fmt: skip
    return pd.concat(tables)


def test_a_network_that_guesses_has_not_learned():
    guesses, knows = (classification(made(skill)).iloc[0] for skill in (1 / 6, 0.8))
    assert not guesses["learned"] and knows["learned"]
    assert guesses["chance"] == knows["chance"] == pytest.approx(1 / 6)
    assert knows["accuracy_low"] < knows["accuracy"] < knows["accuracy_high"]


def test_naming_the_most_frequent_expression_is_no_learning():
    faces = made(0.5, repeats=1)
    faces = faces[(faces["expression"] == "anger") | (faces["person"] < 6)]
    row = classification(faces.assign(predicted="anger")).iloc[0]
    assert row["accuracy"] == pytest.approx(row["chance"], abs=0.05) and row["chance"] > 0.6
    assert not row["learned"]


def test_a_single_person_has_no_interval():
    row = classification(made(0.9, people=1, repeats=1)).iloc[0]
    assert np.isnan(row["accuracy_low"]) and not row["learned"]


def test_who_is_on_a_face_is_known_by_corpus_and_subject():
    faces = pd.DataFrame({"id": ["a/1", "a/2", "b/1"], "corpus": ["a", "a", "b"]})
    named = with_people(faces[["id"]], faces.assign(subject=["x", "", "x"]))
    assert named["person"].tolist() == ["a/x", "a/2", "b/x"]


@pytest.mark.parametrize("score", BOUNDED)
def test_a_face_moves_a_score_as_leaving_it_out_does(score):
    faces = made(0.6, people=200, repeats=1)
    faces = faces[(faces["expression"] != "fear") | (faces["person"] < 80)]
    labels, predicted = faces["expression"].to_numpy(), faces["predicted"].to_numpy()
    compute = {
        "accuracy": accuracy_score,
        "balanced_accuracy": balanced_accuracy_score,
        "f1": lambda *pair: f1_score(*pair, average="macro"),
    }[score]
    moves = influence(*(pd.Series(part) for part in (labels, predicted)), score)
    assert abs(moves.sum()) < 1e-9
    whole = compute(labels, predicted)
    for face in (0, 5, 100, 777):
        without = compute(np.delete(labels, face), np.delete(predicted, face))
        assert moves[face] == pytest.approx((whole - without) * len(labels), rel=0.03, abs=2e-3)


@pytest.mark.slow
@pytest.mark.parametrize(("repeats", "spread"), [(1, 0.0), (3, 0.1)])
def test_intervals_cover_the_truth(repeats, spread):
    # Expressions are as frequent and as hard as each other: all three scores have one truth.
    rows = pd.concat(
        classification(made(0.6, 40, repeats, seed, spread).assign(fold=0)) for seed in range(200)
    )
    for score in BOUNDED:
        covered = (rows[f"{score}_low"] < 0.6) & (rows[f"{score}_high"] > 0.6)
        assert 0.92 <= covered.mean() <= 0.98, score
