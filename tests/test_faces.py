"""From pictures to aligned faces, and from faces to folds."""

from functools import partial

import dlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces import pool
from facsimile.faces.alignment import LEFT_EYE, RIGHT_EYE, align
from facsimile.faces.corpora import Excluded, Record
from facsimile.faces.corpora.records import Picture
from facsimile.faces.detection import find_face
from facsimile.faces.folds import assign_folds
from facsimile.faces.images import UnreadableImage
from facsimile.faces.reading import read_corpus, read_face

# Detection


def within(box, landmarks):
    """Return the share of landmarks inside a box (left, top, right, bottom)."""
    return ((landmarks >= box[:2]) & (landmarks <= box[2:])).all(axis=1).mean()


def error(landmarks, exact):
    """Return the mean distance to exact landmarks over that between the outer eye corners."""
    distances = np.linalg.norm(landmarks - exact, axis=1)
    return distances.mean() / np.linalg.norm(exact[45] - exact[36])


def test_a_face_is_found_with_its_landmarks(drawn_face):
    found = find_face(drawn_face.image)
    assert found.faces_found == 1
    assert error(found.landmarks, drawn_face.landmarks) < 0.1
    assert within(found.box, drawn_face.landmarks) > 0.8


def test_of_several_faces_the_largest_is_taken(drawn_face, small_face):
    scene = np.full((256, 440, 3), 90, np.uint8)
    scene[:160, :160] = small_face.image
    scene[:, 184:] = drawn_face.image
    found = find_face(scene)
    assert found.faces_found == 2
    assert error(found.landmarks, drawn_face.landmarks + (184, 0)) < 0.1


def test_a_tight_crop_is_found_once_its_borders_are_continued(drawn_face):
    left, top = drawn_face.landmarks.min(0).astype(int) + 6
    right, bottom = drawn_face.landmarks.max(0).astype(int) - 6
    crop = np.ascontiguousarray(drawn_face.image[top:bottom, left:right])
    assert not dlib.get_frontal_face_detector()(crop, 1)
    found = find_face(crop)
    assert error(found.landmarks, drawn_face.landmarks - (left, top)) < 0.2


def test_a_large_photograph_gives_landmarks_in_its_own_pixels(drawn_face):
    large = np.asarray(Image.fromarray(drawn_face.image).resize((1536, 1536)))
    found = find_face(large)
    assert error(found.landmarks, drawn_face.landmarks * 6) < 0.1
    assert within(found.box, drawn_face.landmarks * 6) > 0.8


@pytest.mark.parametrize("shape", [(200, 200, 3), (1, 1, 3), (3, 500, 3)])
def test_no_face_is_found_where_there_is_none(shape):
    assert find_face(np.full(shape, 128, np.uint8)) is None


# Alignment


def turned(face, degrees):
    """Return image and exact landmarks of a face turned clockwise on a larger canvas."""
    canvas = np.pad(face.image, ((64, 64), (64, 64), (0, 0)), mode="edge")
    centre = np.array([canvas.shape[1], canvas.shape[0]]) / 2
    image = Image.fromarray(canvas).rotate(-degrees, Image.Resampling.BICUBIC)
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    # Landmarks are pixel centres; the picture turns about a corner between pixels.
    return np.asarray(image), (face.landmarks + 64.5 - centre) @ turn + centre - 0.5


@settings(max_examples=12)
@given(degrees=st.floats(-20, 20))
def test_a_turned_face_comes_out_like_the_upright_one(drawn_face, degrees):
    upright, level = align(*turned(drawn_face, 0)), align(*turned(drawn_face, degrees))
    assert level.roll - upright.roll == pytest.approx(degrees, abs=0.5)
    assert np.abs(level.landmarks - upright.landmarks).max() < 1.5  # the cut is in whole pixels
    assert np.corrcoef(level.pixels.ravel(), upright.pixels.ravel())[0, 1] > 0.95


@settings(max_examples=12)
@given(degrees=st.floats(-20, 20))
def test_eyes_are_level_and_landmarks_inside(drawn_face, degrees):
    face = align(*turned(drawn_face, degrees))
    across = face.landmarks[RIGHT_EYE].mean(0) - face.landmarks[LEFT_EYE].mean(0)
    assert across[0] > 0
    assert across[1] == pytest.approx(0, abs=1e-9)
    assert face.landmarks.min() >= 0
    assert face.landmarks.max() <= 223
    assert face.pixels.shape == (224, 224)
    assert face.pixels.dtype == np.uint8


@pytest.mark.parametrize("degrees", [-20, 0, 20])
@pytest.mark.parametrize("landmark", [8, 30, 36, 45, 48, 54])
def test_landmarks_stay_on_their_features(drawn_face, landmark, degrees):
    image, landmarks = turned(drawn_face, degrees)
    landmarks[landmark] = landmarks[landmark].round()
    x, y = landmarks[landmark].astype(int)
    spot = np.zeros_like(image)
    spot[y - 2 : y + 3, x - 2 : x + 3] = 255
    face = align(spot, landmarks)
    rows, columns = np.indices(face.pixels.shape)
    centre = [np.average(places, weights=face.pixels) for places in (columns, rows)]
    assert np.linalg.norm(centre - face.landmarks[landmark]) < 0.3


def test_colour_becomes_grey_by_its_brightness(drawn_face):
    face = align(drawn_face.image, drawn_face.landmarks)
    grey = np.asarray(Image.fromarray(drawn_face.image).convert("L"))
    again = align(np.repeat(grey[:, :, None], 3, 2), drawn_face.landmarks)
    assert np.abs(face.pixels.astype(int) - again.pixels).max() <= 1


def test_landmarks_without_an_upright_face_give_none(drawn_face):
    assert align(drawn_face.image, np.full((68, 2), 100.0)) is None
    upside_down = 255 - drawn_face.landmarks
    assert align(drawn_face.image, upside_down) is None


# Reading


def unreadable():
    raise UnreadableImage("not an image")


def record(source, load, expression="happiness"):
    return Record(source, "someone", expression, load)


@pytest.fixture(scope="module")
def items(drawn_face):
    extra = {"age": "33", "roll": "theirs"}
    return [
        Excluded("listed.png", "listed twice"),
        record("face.png", lambda: Picture(drawn_face.image, drawn_face.landmarks, extra)),
        record("blank.png", lambda: Picture(np.zeros((64, 64, 3), np.uint8))),
        record("text.png", unreadable),
    ]


@pytest.fixture(scope="module")
def corpus(items):
    return read_corpus("ours", items)


def test_every_image_is_kept_or_left_out_with_its_reason(corpus, items):
    assert len(corpus.faces) + len(corpus.excluded) == len(items)
    assert corpus.excluded.to_dict("list") == {
        "source": ["listed.png", "blank.png", "text.png"],
        "reason": ["listed twice", "no face found", "not an image"],
    }


def test_a_kept_face_has_its_row_pixels_and_landmarks(corpus, drawn_face):
    (row,) = corpus.faces.to_dict("records")
    assert row["id"] == "ours/face.png"
    assert (row["corpus"], row["subject"], row["expression"]) == ("ours", "someone", "happiness")
    assert row["faces_found"] == 1
    assert 0 < row["landmark_error"] < 0.1
    assert len(row["sha256"]) == 64
    assert row["left"] < row["right"]
    assert row["top"] < row["bottom"]
    assert corpus.pixels.shape == (1, 224, 224)
    assert corpus.landmarks.shape == (1, 68, 2)
    assert corpus.landmarks.dtype == np.float32


def test_a_further_column_does_not_replace_ours(corpus):
    (row,) = corpus.faces.to_dict("records")
    assert row["age"] == "33"
    assert row["roll_given"] == "theirs"
    assert abs(row["roll"]) < 10


def test_without_exact_landmarks_their_error_is_empty(drawn_face):
    face = read_face("ours", record("a", lambda: Picture(drawn_face.image)))
    assert face.row["landmark_error"] is None


def test_two_processes_read_the_same_in_the_same_order(drawn_face, small_face):
    records = [
        record(name, partial(Picture, face.image))
        for name, face in (("b", drawn_face), ("a", small_face), ("c", drawn_face))
    ]
    one, two = (read_corpus("ours", records, processes) for processes in (1, 2))
    assert two.faces["source"].tolist() == ["b", "a", "c"]
    pd.testing.assert_frame_equal(one.faces, two.faces)
    assert (one.pixels == two.pixels).all()


def test_a_corpus_without_a_usable_face_says_what_became_of_it(items):
    left_out = [items[0], items[2], items[2]]
    with pytest.raises(UserError, match=r"'ours' has no usable face \(no face found: 2; listed"):
        read_corpus("ours", left_out)
    with pytest.raises(UserError, match="it is empty"):
        read_corpus("ours", [])


# The pool


def table(corpus, count):
    return pd.DataFrame(
        {
            "id": [f"{corpus}/{n}" for n in range(count)],
            "corpus": corpus,
            "subject": [str(n % 7) for n in range(count)],
            "expression": [EXPRESSIONS[n % 6] for n in range(count)],
            "age": 33,
        }
    )


def test_the_pool_keeps_order_and_place():
    faces = pool.pool([table("b", 3), table("a", 2)])
    assert faces["id"].tolist() == ["b/0", "b/1", "b/2", "a/0", "a/1"]
    assert faces["row"].tolist() == [0, 1, 2, 0, 1]
    assert faces.index.tolist() == list(range(5))
    assert list(faces) == ["id", "corpus", "row", "subject", "expression"]


def test_a_face_in_the_pool_twice_is_an_error():
    with pytest.raises(UserError, match="'a/0' is there twice"):
        pool.pool([table("a", 2), table("a", 2)])


def test_arrays_are_gathered_in_the_order_of_the_faces(tmp_path):
    arrays = {"a": np.arange(10), "b": np.arange(100, 104)}
    for name, numbers in arrays.items():
        np.save(tmp_path / f"{name}.npy", np.repeat(numbers[:, None], 2, axis=1))
    faces = pool.pool([table("a", 10), table("b", 4)]).iloc[[12, 3, 10, 0, 13]]
    gathered = pool.gather(faces, ["a", "b"], [tmp_path / "a.npy", tmp_path / "b.npy"])
    assert gathered.tolist() == [[102, 102], [3, 3], [100, 100], [0, 0], [103, 103]]


def test_a_sample_has_so_many_of_each_expression_in_the_pools_order():
    faces = pool.pool([table("a", 60)])
    drawn = pool.sample(faces, 4, seed=1)
    assert drawn["expression"].value_counts().to_dict() == dict.fromkeys(EXPRESSIONS, 4)
    assert drawn.index.is_monotonic_increasing
    assert pool.sample(faces, 99, seed=1).equals(faces)


def test_a_further_corpus_keeps_the_rank_of_the_first_ones_faces():
    alone = pool.pool([table("a", 60)])
    both = pool.pool([table("b", 60), table("a", 60)])
    of_both = pool.sample(both, 5, seed=1)
    # Fewer of them are drawn, but none that would not be drawn alone.
    of_a = set(of_both.loc[of_both["corpus"] == "a", "id"])
    assert 0 < len(of_a) < 30
    assert of_a <= set(pool.sample(alone, 5, seed=1)["id"])


def test_labels_are_places_in_the_order_of_the_study():
    assert pool.labels(table("a", 8)).tolist() == [0, 1, 2, 3, 4, 5, 0, 1]


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
    return faces.assign(row=range(len(faces))), draw(st.integers(2, 5))


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
    assert faces.drop(columns="fold").equals(study[0])


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
    return faces.assign(corpus="a", id=[f"a/{n}" for n in range(len(faces))], row=range(len(faces)))


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
    faces = balanced_study(6)
    with pytest.raises(UserError, match="No corpus has a face of fear"):
        assign_folds(faces[faces["expression"] != "fear"], 3, 1)
    sparse = faces.iloc[::7]
    with pytest.raises(UserError, match="3 folds need at least 3 faces of an expression, found 1"):
        assign_folds(sparse, 3, 1)
