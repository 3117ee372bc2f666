"""People, under whatever names: one person is one to folds and to intervals."""

import unicodedata
from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facsimile import EXPRESSIONS
from facsimile.atlas.heatmaps import persons
from facsimile.errors import UserError
from facsimile.faces import dataset
from facsimile.faces.duplicates import people
from facsimile.faces.folds import assign_folds, check_folds
from facsimile.faces.subjects import Subjects, key
from facsimile.measure.bootstrap import draw_people
from facsimile.networks.classification import half_width, with_people
from made_up_files import HEADER, read, written


def test_the_group_that_matched_is_the_subject(tmp_path):
    written(tmp_path, {"fear/S12_a.png": None, "fear/P7_a.png": None, "fear/P_a.png": None})
    kept, left = read("folder", tmp_path, subject=r"S(\d+)_|P(\d*)_")
    assert [subject for subject, _ in kept.values()] == ["7", "12"]
    assert left == {"fear/P_a.png": "no subject in the path"}


@pytest.mark.parametrize(
    "names",
    [
        ["1", "1.0", "01", " 1", "1.00"],
        ["Anna", "anna", "ANNA ", "anna\t"],
        [unicodedata.normalize(form, "José") for form in ("NFC", "NFD")],
        ["jaffe/01", "jaffe/1"],
    ],
)
def test_one_subject_has_one_name_and_one_warning(names, caplog):
    subjects = Subjects("mine")
    assert {subjects.name(name) for name in names} == {names[0]}
    subjects.warn()
    (warning,) = caplog.messages
    assert "In corpus 'mine' these names are the same subject" in warning
    assert all(repr(name) in warning for name in names)


@pytest.mark.parametrize("names", [["1", "10"], ["12345678901234567890", "12345678901234567891"]])
def test_different_numbers_are_different_subjects(names):
    subjects = Subjects("mine")
    assert [subjects.name(name) for name in names] == names


def test_words_for_nobody_that_name_a_subject_are_said(table, caplog):
    table(HEADER + "a.png,NaN,fear\nb.png,NA,fear\nc.png,anna,anger\n")
    assert "names subjects 'NA' and 'NaN', each of whom counts as one person" in caplog.text
    caplog.clear()
    table(HEADER + "a.png,Nana,fear\n")
    assert not caplog.text


def test_names_that_look_alike_are_said_and_kept_apart(caplog):
    subjects = Subjects("mine")
    assert [subjects.name(name) for name in ("S1", "S01", "S2")] == ["S1", "S01", "S2"]
    subjects.warn()
    assert caplog.messages == [
        "In corpus 'mine' these names look alike, and count as different subjects: 'S1' and 'S01'."
    ]


@given(st.text(max_size=8))
def test_a_key_is_its_own_key(name):
    assert key(key(name)) == key(name)
    assert key(unicodedata.normalize("NFD", name)) == key(name)


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        ([("a", "fear"), ("a", "fear"), ("b", "anger")], "shows one expression only, such as 'a'"),
        ([("a", "fear"), ("b", "fear"), ("c", "anger")], "subject of its own for each face"),
        ([("a", "fear"), ("a", "anger"), ("b", "anger")], ""),
    ],
)
def test_names_that_are_no_people_are_said(caplog, shown, message):
    subjects = Subjects("mine")
    for one in shown:
        subjects.show(*one)
    subjects.warn()
    assert message in caplog.text
    assert bool(message) == bool(caplog.messages)


def faces_of(rows):
    """Return faces of (corpus, subject, expression), each an image of its own."""
    faces = pd.DataFrame(rows, columns=["corpus", "subject", "expression"])
    numbers = [str(number) for number in range(len(faces))]
    return faces.assign(id=numbers, row=range(len(faces)), sha256=numbers)


def test_corpora_can_share_their_people():
    faces = faces_of([("a", "KA", "fear"), ("b", "ka", "fear"), ("c", "KA", "fear")])
    shared = faces.assign(people=["lab", "lab", "c"])
    assert people(faces).tolist() == ["a/KA", "b/ka", "c/KA"]
    assert people(shared).tolist() == ["a/KA", "a/KA", "c/KA"]
    assert dataset.pool([faces, shared.assign(id=list("xyz"))])["people"].tolist() == [
        *["a", "b", "c"], *["lab", "lab", "c"],
    ]  # fmt: skip


def study_of(*corpora):
    rows = product(corpora, "0123", EXPRESSIONS)
    return faces_of(list(rows))


def test_namesakes_of_two_corpora_are_said(caplog):
    assign_folds(study_of("a", "b"), 2, 1)
    assert "Corpora a and b have subjects of the same names, such as '0'" in caplog.text
    caplog.clear()
    faces = study_of("a", "b")
    elsewhere = faces["corpus"] == "b"
    assign_folds(
        faces.assign(subject=faces["subject"].mask(elsewhere, "0" + faces["subject"])), 2, 1
    )
    assert "Corpora a and b have subjects of the same names, such as '0'" in caplog.text
    caplog.clear()
    folds = assign_folds(study_of("a", "b").assign(people="lab"), 2, 1)
    assert not caplog.text
    assert folds.groupby("subject")["fold"].nunique().max() == 1


def test_an_image_with_two_labels_in_two_corpora_is_refused():
    faces = study_of("a", "b")
    here = [faces.index[(faces["corpus"] == c) & (faces["expression"] == e)][0]
            for c, e in (("a", "anger"), ("b", "fear"))]  # fmt: skip
    first, second = here
    faces.loc[second, "sha256"] = faces.loc[first, "sha256"]
    with pytest.raises(UserError) as caught:
        assign_folds(faces, 2, 1)
    ids = sorted(faces.loc[here, "id"])
    assert str(caught.value).startswith("Corpora disagree on what 1 of their images show")
    assert all(f"'{one}'" in str(caught.value) for one in ids)
    faces.loc[second, "expression"] = "anger"
    assign_folds(faces, 2, 1)


def test_who_is_one_person_to_folds_is_one_to_intervals(tmp_path):
    table = assign_folds(study_of("a", "b").assign(people="lab"), 2, 1)
    table.to_csv(tmp_path / "repeat0.csv", index=False)
    faces = dataset.read(tmp_path / "repeat0.csv")
    assert persons(faces).nunique() == 4 < persons(faces.drop(columns="person")).nunique()
    answers = faces[["id", "expression", "fold"]].assign(
        repeat=0, predicted=["fear", "anger"] * (len(faces) // 2)
    )
    assert with_people(answers, faces)["person"].nunique() == 4
    assert len(draw_people(faces, 10, 1)) == 4
    apart = with_people(answers, faces.drop(columns="person"))
    # Half as many people for as many faces tell less.
    assert half_width(with_people(answers, faces), "accuracy") > half_width(apart, "accuracy")


def test_a_training_side_without_an_expression_is_refused(caplog):
    faces = study_of("a", "b")
    fear, rare = faces["expression"] == "fear", faces["corpus"] + faces["subject"]
    folds = assign_folds(faces[~fear | (rare == "b0")], 2, 1)
    fold = folds.query("subject == '0' and corpus == 'b'")["fold"].iloc[0]
    with pytest.raises(UserError) as caught:
        check_folds(folds, repeat=3)
    assert f"The training side of fold {fold} of repeat 3 has no face of fear" in str(caught.value)
    assert "all 1 of them, of 1 person in corpus 'b'" in str(caught.value)
    assert str(caught.value).endswith("Bring faces of fear by other people.")
    check_folds(folds, trained=False)
    assert f"test side of fold {1 - fold} of repeat 3 has no face of fear" in caplog.text
    caplog.clear()
    folds = assign_folds(faces[~fear | (faces["subject"] == "0")], 2, 1)
    together = folds["subject"] == "0"
    folds.loc[together, "fold"] = 0
    with pytest.raises(UserError, match=r"of 2 people in corpus 'a' and 'b'.*`study: seed`"):
        check_folds(folds)
    check_folds(assign_folds(study_of("a"), 2, 1))


@pytest.mark.parametrize("shared", ["subject", "image"])
def test_who_or_what_is_on_both_sides_of_a_fold_is_refused(shared):
    folds = assign_folds(study_of("a"), 2, 1)
    check_folds(folds)
    first, second = (folds.index[folds["fold"] == fold][0] for fold in (0, 1))
    column = {"subject": "subject", "image": "sha256"}[shared]
    folds.loc[second, column] = folds.loc[first, column]
    with pytest.raises(UserError, match=f"one {shared} is in the test sides of folds 0 and 1"):
        check_folds(folds)


def test_a_subject_of_two_corpora_that_share_their_people_is_on_one_side():
    folds = assign_folds(study_of("a", "b"), 2, 1).assign(people="lab")
    folds["fold"] = (folds["corpus"] == "b").astype(int)
    with pytest.raises(UserError, match="one subject is in the test sides"):
        check_folds(folds)
