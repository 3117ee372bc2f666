"""Folds by person, images that are there twice, and the account of all."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.accounting import account
from facsimile.faces.duplicates import find_duplicates, people
from facsimile.faces.folds import assign_folds

# Folds


@st.composite
def studies(draw):
    """Draw faces of two corpora whose subjects share names, and a number of folds."""
    people = draw(st.integers(2, 9))
    rows = [(draw(st.integers(0, people - 1)), name) for name in EXPRESSIONS for _ in range(2)]
    rows += draw(
        st.lists(st.tuples(st.integers(0, people - 1), st.sampled_from(EXPRESSIONS)), max_size=40)
    )
    faces = pd.DataFrame(rows, columns=["subject", "expression"])
    faces.insert(0, "corpus", np.where(faces["subject"] % 2, "a", "b"))
    faces["subject"] //= 2
    faces.insert(0, "id", [f"{corpus}/{n}" for n, corpus in enumerate(faces["corpus"])])
    # Some images are there twice, under one label.
    images = draw(st.lists(st.integers(0, 19), min_size=len(faces), max_size=len(faces)))
    faces = faces.assign(row=range(len(faces)), sha256=list(map(str, images)))
    faces["sha256"] += faces["expression"]
    return faces, draw(st.integers(2, 5))


def assigned(study, seed=1):
    faces, folds = study
    try:
        return assign_folds(faces, folds, seed)
    except UserError:
        assume(False)


@pytest.mark.filterwarnings("ignore:The least populated class")
@settings(max_examples=60)
@given(studies())
def test_each_person_has_one_fold_and_each_fold_a_face(study):
    faces = assigned(study)
    assert (
        len(faces[["corpus", "subject", "fold"]].drop_duplicates())
        == faces.groupby(["corpus", "subject"]).ngroups
    )
    assert set(faces["fold"]) == set(range(study[1]))
    assert len(faces[["sha256", "fold"]].drop_duplicates()) == faces["sha256"].nunique()
    assert faces.drop(columns=["person", "fold"]).equals(study[0])


@pytest.mark.filterwarnings("ignore:The least populated class")
@settings(max_examples=30)
@given(studies(), st.randoms(use_true_random=False))
def test_folds_do_not_depend_on_the_order_of_the_faces(study, random):
    order = list(range(len(study[0])))
    random.shuffle(order)
    shuffled = assigned((study[0].iloc[order], study[1]))
    assert shuffled["id"].tolist() == study[0]["id"].iloc[order].tolist()
    assert shuffled.sort_index().equals(assigned(study))


def balanced_study(people):
    rows = [(str(who), name) for who in range(people) for name in EXPRESSIONS]
    faces = pd.DataFrame(rows, columns=["subject", "expression"])
    numbers = range(len(faces))
    names = [f"a/{n}" for n in numbers]
    return faces.assign(corpus="a", id=names, row=numbers, sha256=list(map(str, numbers)))


def test_expressions_are_balanced_over_the_folds():
    faces = assign_folds(balanced_study(15), 5, seed=1)
    assert (faces.groupby(["fold", "expression"]).size() == 3).all()


def test_another_seed_gives_other_folds():
    first, second = (assign_folds(balanced_study(15), 5, seed)["fold"] for seed in (1, 2))
    assert (first != second).any()


def test_rows_with_the_same_index_have_folds_of_their_own():
    faces = balanced_study(6)
    alike = faces.set_axis([0] * len(faces))
    expected = assign_folds(faces, 3, 1)["fold"].tolist()
    assert assign_folds(alike, 3, 1)["fold"].tolist() == expected


def test_folds_that_cannot_be_made_are_refused():
    with pytest.raises(UserError, match="5 folds need at least 5 different subjects, found 4"):
        assign_folds(balanced_study(4), 5, 1)
    faces = balanced_study(4)
    with pytest.raises(UserError, match="3 folds need at least 3 different subjects, found 1"):
        assign_folds(faces.assign(sha256=faces["expression"]), 3, 1)
    faces = balanced_study(6)
    with pytest.raises(UserError, match="No corpus has a face of fear"):
        assign_folds(faces[faces["expression"] != "fear"], 3, 1)
    sparse = faces.iloc[::7]
    with pytest.raises(UserError, match="3 folds need at least 3 faces of an expression, found 1"):
        assign_folds(sparse, 3, 1)


# Duplicates and accounting


def shared(rows):
    names = ["id", "corpus", "subject", "expression", "sha256"]
    return pd.DataFrame(rows, columns=names)


def test_subjects_who_share_an_image_are_one_person_however_far_apart():
    faces = shared(
        [
            ("a/1", "a", "s", "fear", "x"),
            ("a/2", "a", "t", "fear", "x"),
            ("a/3", "a", "t", "anger", "y"),
            ("b/1", "b", "s", "anger", "y"),
            ("b/2", "b", "u", "anger", "z"),
        ]
    )
    assert people(faces).tolist() == ["a/s"] * 4 + ["b/u"]
    assert people(faces.iloc[::-1]).tolist() == ["b/u"] + ["a/s"] * 4


def test_without_duplicates_each_subject_is_a_person():
    faces = balanced_study(4)
    assert (people(faces) == faces["corpus"] + "/" + faces["subject"]).all()


def test_duplicates_are_listed_with_what_they_go_by():
    faces = shared(
        [
            ("a/1", "a", "s", "fear", "x"),
            ("a/2", "a", "s", "fear", "x"),
            ("a/3", "a", "s", "fear", "y"),
            ("b/4", "b", "s", "anger", "y"),
            ("b/5", "b", "s", "anger", "z"),
        ]
    )
    found = find_duplicates(faces).set_index("id")
    assert found.index.tolist() == ["a/1", "a/2", "a/3", "b/4"]
    assert found["subjects"].tolist() == [1, 1, 2, 2]
    assert found["expressions"].tolist() == [1, 1, 2, 2]
    assert find_duplicates(faces.iloc[[0, 2]]).empty


def test_every_image_is_accounted_for():
    faces = shared([("a/1", "a", "s", "fear", "x"), ("a/2", "a", "s", "fear", "y")])
    excluded = pd.DataFrame(
        [("a", "s", "fear"), ("a", "s", "fear"), ("b", "", "neutral")],
        columns=["corpus", "subject", "expression"],
    )
    table = account(faces, excluded)
    assert table.to_dict("split")["data"] == [
        ["a", "s", "fear", 4, 2, 2],
        ["b", "", "neutral", 1, 0, 1],
    ]
    assert table["read"].sum() == len(faces) + len(excluded)
