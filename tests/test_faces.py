"""From pictures to aligned faces, and from faces to folds."""

import hashlib
from functools import partial
from types import SimpleNamespace

import dlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces import dataset, detection, reading
from facsimile.faces.accounting import account
from facsimile.faces.alignment import (
    BROWS,
    JAW,
    LEFT_EYE,
    RIGHT_EYE,
    STABLE,
    STRAY,
    align,
    frame,
)
from facsimile.faces.detection import find_face
from facsimile.faces.duplicates import find_duplicates, people
from facsimile.faces.folds import assign_folds
from facsimile.faces.images import resize
from facsimile.faces.leakage import COLUMNS, FEATURES, leakage
from facsimile.faces.reading import CorpusFiles, read_corpus, read_face
from facsimile.faces.records import Excluded, Picture, Record, UnreadableImage

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
    assert found.box_from != "detector"
    assert error(found.landmarks, drawn_face.landmarks - (left, top)) < 0.2


def test_a_large_photograph_gives_landmarks_in_its_own_pixels(drawn_face):
    large = np.asarray(Image.fromarray(drawn_face.image).resize((1536, 1536)))
    found = find_face(large)
    assert error(found.landmarks, drawn_face.landmarks * 6) < 0.1
    assert within(found.box, drawn_face.landmarks * 6) > 0.8


class Detector:
    """A detector that finds a face only in images of one height, doubled so often."""

    def __init__(self, box, height, doublings, hint=None):
        self.box, self.sees, self.hint = dlib.rectangle(*box), (height, doublings), hint

    def __call__(self, pixels, doublings):
        return [self.box] if (len(pixels), doublings) == self.sees else []

    def run(self, pixels, doublings, threshold):
        assert threshold < 0
        boxes = [dlib.rectangle(*self.hint)] if self.hint else []
        return boxes, [-0.4] * len(boxes), [0] * len(boxes)


@pytest.mark.parametrize(
    ("box_from", "height", "doublings", "margin"),
    [
        ("detector", 200, 0, 0),
        ("detector", 200, 1, 0),
        ("padded", 320, 1, 60),
        ("upsampled", 320, 2, 60),
    ],
)
def test_a_face_is_looked_for_step_by_step(monkeypatch, box_from, height, doublings, margin):
    box = (margin + 10, margin + 20, margin + 150, margin + 160)
    monkeypatch.setattr(detection, "_detector", lambda: Detector(box, height, doublings))
    found = find_face(np.zeros((200, 200, 3), np.uint8))
    assert (found.box, found.box_from, found.faces_found) == ((10, 20, 150, 160), box_from, 1)
    assert np.abs(found.landmarks.mean(0) - (80, 90)).max() < 40


def test_a_large_image_is_not_upsampled(monkeypatch):
    size = detection.SMALL_SIDE + 1
    padded = size + 2 * int(detection.PADDING * size)
    monkeypatch.setattr(detection, "_detector", lambda: Detector((9, 9, 99, 99), padded, 2))
    assert find_face(np.zeros((size, size, 3), np.uint8)) is None


@pytest.mark.parametrize(
    ("hint", "found"), [((70, 70, 250, 250), True), ((70, 70, 100, 100), False), (None, False)]
)
def test_the_whole_image_is_the_box_where_a_face_seems_to_fill_it(monkeypatch, hint, found):
    monkeypatch.setattr(detection, "_detector", lambda: Detector((0, 0, 9, 9), 0, 0, hint))
    face = find_face(np.zeros((200, 180, 3), np.uint8))
    if not found:
        assert face is None
        return
    assert (face.box, face.box_from, face.faces_found) == ((0, 0, 179, 199), "whole image", 0)
    assert within(face.box, face.landmarks) > 0.8


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
@given(degrees=st.floats(-20, 20), alignment=st.sampled_from(["rigid", "paper"]))
def test_a_turned_face_comes_out_like_the_upright_one(drawn_face, degrees, alignment):
    upright = align(*turned(drawn_face, 0), alignment)
    level = align(*turned(drawn_face, degrees), alignment)
    assert level.roll - upright.roll == pytest.approx(degrees, abs=0.5)
    assert np.abs(level.landmarks - upright.landmarks).max() < 1.5  # the cut is in whole pixels
    assert np.corrcoef(level.pixels.ravel(), upright.pixels.ravel())[0, 1] > 0.95


@settings(max_examples=12)
@given(degrees=st.floats(-20, 20))
def test_eyes_are_level_and_landmarks_inside(drawn_face, degrees):
    face = align(*turned(drawn_face, degrees), "paper")
    across = face.landmarks[RIGHT_EYE].mean(0) - face.landmarks[LEFT_EYE].mean(0)
    assert across[0] > 0
    assert across[1] == pytest.approx(0, abs=1e-9)
    assert face.landmarks.min() >= 0
    assert face.landmarks.max() <= 223
    assert face.pixels.shape == (224, 224)
    assert face.pixels.dtype == np.uint8


@pytest.mark.parametrize("alignment", ["rigid", "paper"])
@pytest.mark.parametrize("degrees", [-20, 0, 20])
@pytest.mark.parametrize("landmark", [8, 30, 36, 45, 48, 54])
def test_landmarks_stay_on_their_features(drawn_face, landmark, degrees, alignment):
    image, landmarks = turned(drawn_face, degrees)
    landmarks[landmark] = landmarks[landmark].round()
    x, y = landmarks[landmark].astype(int)
    spot = np.zeros_like(image)
    spot[y - 2 : y + 3, x - 2 : x + 3] = 255
    face = align(spot, landmarks, alignment)
    rows, columns = np.indices(face.pixels.shape)
    centre = [np.average(places, weights=face.pixels) for places in (columns, rows)]
    assert np.linalg.norm(centre - face.landmarks[landmark]) < 0.3


def test_colour_becomes_grey_by_its_brightness(drawn_face):
    face = align(drawn_face.image, drawn_face.landmarks)
    grey = np.asarray(Image.fromarray(drawn_face.image).convert("L"))
    again = align(np.repeat(grey[:, :, None], 3, 2), drawn_face.landmarks)
    assert np.abs(face.pixels.astype(int) - again.pixels).max() <= 1


@pytest.mark.parametrize("alignment", ["rigid", "paper"])
def test_landmarks_without_an_upright_face_give_none(drawn_face, alignment):
    assert align(drawn_face.image, np.full((68, 2), 100.0), alignment) is None
    upside_down = 255 - drawn_face.landmarks
    assert align(drawn_face.image, upside_down, alignment) is None


def test_brows_lids_mouth_and_jaw_do_not_move_a_rigid_crop(drawn_face):
    moving = [n for n in range(68) if n not in STABLE]
    moved = drawn_face.landmarks.copy()
    moved[moving] += np.random.default_rng(1).normal(0, 6, (len(moving), 2))
    rigid, paper = (
        [frame(points, alignment) for points in (drawn_face.landmarks, moved)]
        for alignment in ("rigid", "paper")
    )
    for part in ("roll", "left", "top", "side"):
        assert getattr(rigid[0], part) == getattr(rigid[1], part)
    assert paper[0].side != paper[1].side


def test_a_rigid_crop_strays_about_its_place_by_the_image_s_name(drawn_face):
    framings = [frame(drawn_face.landmarks, "rigid", str(n)) for n in range(400)]
    placed = np.array([one.place(drawn_face.landmarks) for one in framings])
    stable, wanted = placed[:, list(STABLE)], np.array(list(STABLE.values()))
    assert np.abs(stable.mean((0, 1)) - wanted.mean(0)).max() < 4 * STRAY / 20
    assert stable.mean(1).std(0) == pytest.approx(STRAY, rel=0.15)
    assert np.ptp([one.roll for one in framings]) < 1e-9
    again = frame(drawn_face.landmarks, "rigid", "7")
    assert (again.left, again.side) == (framings[7].left, framings[7].side)
    paper = [frame(drawn_face.landmarks, "paper", name) for name in "78"]
    assert paper[0].left == paper[1].left


@pytest.mark.parametrize("alignment", ["rigid", "paper"])
def test_a_crop_shows_the_face_from_forehead_to_chin(drawn_face, alignment):
    for name in "abcdef":
        face = align(drawn_face.image, drawn_face.landmarks, alignment, name)
        brow, chin = face.landmarks[BROWS, 1].min(), face.landmarks[JAW, 1].max()
        assert 0.15 < brow / (chin - brow) < 0.4
        assert chin < 224


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
def read(tmp_path_factory):
    """Return a function that reads a corpus and returns what it wrote."""

    def read(items, alignment="rigid", processes=1):
        folder = tmp_path_factory.mktemp("corpus")
        files = CorpusFiles(
            *(folder / name for name in ("faces.csv", "faces.npy", "landmarks.npy", "excluded.csv"))
        )
        try:
            read_corpus("ours", items, files, alignment, processes)
        except UserError:
            assert not list(folder.iterdir())
            raise
        assert len(list(folder.iterdir())) == 4
        return SimpleNamespace(
            faces=dataset.read(files.table),
            pixels=np.load(files.pixels, mmap_mode="r"),
            landmarks=np.load(files.landmarks, mmap_mode="r"),
            excluded=dataset.read(files.excluded),
            files=files,
        )

    return read


@pytest.fixture(scope="module")
def corpus(read, items):
    return read(items)


def test_every_image_is_kept_or_left_out_with_its_reason(corpus, items):
    assert len(corpus.faces) + len(corpus.excluded) == len(items)
    assert corpus.excluded.to_dict("list") == {
        "source": ["listed.png", "blank.png", "text.png"],
        "reason": ["listed twice", "no face found", "not an image"],
        "subject": ["", "someone", "someone"],
        "expression": ["", "happiness", "happiness"],
    }


def test_a_kept_face_has_its_row_pixels_and_landmarks(corpus, drawn_face):
    (row,) = corpus.faces.to_dict("records")
    assert row["id"] == "ours/face.png"
    assert (row["corpus"], row["subject"], row["expression"]) == ("ours", "someone", "happiness")
    assert row["faces_found"] == 1
    assert row["box_from"] == "detector"
    assert row["sha256"] == hashlib.sha256(drawn_face.image.tobytes()).hexdigest()
    assert 0 < row["landmark_error"] < 0.1
    assert len(row["sha256"]) == 64
    assert row["left"] < row["right"]
    assert row["top"] < row["bottom"]
    assert corpus.pixels.shape == (1, 224, 224)
    assert corpus.landmarks.shape == (1, 68, 2)
    assert corpus.landmarks.dtype == np.float32


def test_a_further_column_does_not_replace_ours(corpus):
    (row,) = corpus.faces.to_dict("records")
    assert row["age"] == 33
    assert row["roll_given"] == "theirs"
    assert abs(row["roll"]) < 10


@pytest.mark.parametrize("alignment", ["rigid", "paper"])
def test_a_face_is_cut_as_asked(read, items, drawn_face, alignment):
    corpus, found = read(items, alignment), find_face(drawn_face.image)
    face = align(drawn_face.image, found.landmarks, alignment, "face.png")
    np.testing.assert_array_equal(corpus.pixels[0], face.pixels)
    np.testing.assert_allclose(corpus.landmarks[0], face.landmarks, rtol=1e-6)
    assert corpus.faces["roll"][0] == pytest.approx(face.roll)


def test_half_a_face_is_left_out(monkeypatch, drawn_face):
    def find(pixels):
        return detection.Detection((0, 0, 99, 99), drawn_face.landmarks, "detector", 1)

    monkeypatch.setattr(reading, "find_face", find)
    middle = int(drawn_face.landmarks[30, 0])
    whole, half = drawn_face.image, drawn_face.image[:, :middle]
    assert read_face("ours", record("a", lambda: Picture(whole))).row["source"] == "a"
    left_out = read_face("ours", record("a", lambda: Picture(half)))
    assert left_out == Excluded("a", "landmarks outside the image", "someone", "happiness")


def test_without_exact_landmarks_their_error_is_empty(drawn_face):
    face = read_face("ours", record("a", lambda: Picture(drawn_face.image)))
    assert face.row["landmark_error"] is None


def test_two_processes_write_the_same_bytes(read, drawn_face, small_face):
    records = [
        record(name, partial(Picture, face.image))
        for name, face in (("b", drawn_face), ("a", small_face), ("c", drawn_face))
    ]
    one, two = (read(records, processes=processes) for processes in (1, 2))
    assert two.faces["source"].tolist() == ["b", "a", "c"]
    for name in ("table", "pixels", "landmarks", "excluded"):
        first, second = (getattr(corpus.files, name).read_bytes() for corpus in (one, two))
        assert first == second


def test_a_corpus_without_a_usable_face_says_what_became_of_it(read, items):
    left_out = [items[0], items[2], items[2]]
    with pytest.raises(UserError, match=r"'ours' has no usable face \(no face found: 2; listed"):
        read(left_out)
    with pytest.raises(UserError, match="it is empty"):
        read([])


@pytest.mark.parametrize("processes", [1, 2])
def test_a_fault_found_on_the_way_leaves_nothing_behind(read, processes):
    def found():
        yield Excluded("a", "listed twice")
        raise UserError("The table cannot be read.")

    with pytest.raises(UserError, match="cannot be read"):
        read(found(), processes=processes)


def test_images_are_asked_for_as_they_are_read(monkeypatch, read, drawn_face):
    monkeypatch.setattr(reading, "AT_ONCE", 4)
    asked, most = [], []

    def found():
        for number in range(20):
            asked.append(number)
            yield Excluded(str(number), "listed twice")
        yield record("a", partial(Picture, drawn_face.image))

    def one_by_one(corpus, item, alignment, view):
        most.append(len(asked) - len(most))
        return read_face(corpus, item, alignment, view)

    monkeypatch.setattr(reading, "read_face", one_by_one)
    assert len(read(found()).excluded) == 20
    assert max(most) <= 4


def test_subjects_are_names(read, drawn_face):
    names, load = ["007", "NA", "1e3"], partial(Picture, drawn_face.image)
    items = [Record(name, name, "fear", load) for name in names]
    assert read(items).faces["subject"].tolist() == names


# The pool


def table(corpus, count):
    return pd.DataFrame(
        {
            "id": [f"{corpus}/{n}" for n in range(count)],
            "corpus": corpus,
            "subject": [str(n % 7) for n in range(count)],
            "expression": [EXPRESSIONS[n % 6] for n in range(count)],
            "sha256": [f"{corpus}{n}" for n in range(count)],
            "age": 33,
        }
    )


def test_the_pool_keeps_order_and_place():
    faces = dataset.pool([table("b", 3), table("a", 2)])
    assert faces["id"].tolist() == ["b/0", "b/1", "b/2", "a/0", "a/1"]
    assert faces["row"].tolist() == [0, 1, 2, 0, 1]
    assert faces.index.tolist() == list(range(5))
    assert list(faces) == ["id", "corpus", "row", "subject", "expression", "sha256", "people"]


def test_a_face_in_the_pool_twice_is_an_error():
    with pytest.raises(UserError, match="'a/0' is there twice"):
        dataset.pool([table("a", 2), table("a", 2)])


def test_arrays_are_gathered_in_the_order_of_the_faces(tmp_path):
    arrays = {"a": np.arange(10), "b": np.arange(100, 104)}
    for name, numbers in arrays.items():
        np.save(tmp_path / f"{name}.npy", np.repeat(numbers[:, None], 2, axis=1))
    faces = dataset.pool([table("a", 10), table("b", 4)]).iloc[[12, 3, 10, 0, 13]]
    behind = {"b": tmp_path / "b.npy", "a": tmp_path / "a.npy"}
    expected = [[102, 102], [3, 3], [100, 100], [0, 0], [103, 103]]
    assert dataset.gather(faces, behind).tolist() == expected
    rows = dataset.Rows(faces, behind)
    assert (len(rows), rows.shape) == (5, (5, 2))
    assert rows[1:3].tolist() == expected[1:3]
    assert rows[np.array([4, 0])].tolist() == [expected[4], expected[0]]


def test_faces_of_a_corpus_without_a_file_are_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(3))
    with pytest.raises(KeyError, match="b"):
        dataset.Rows(dataset.pool([table("b", 3)]), {"a": tmp_path / "a.npy"})


def test_faces_on_disk_are_resized_as_those_in_memory(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 255, (300, 40, 40), np.uint8)
    np.save(tmp_path / "a.npy", pixels)
    rows = dataset.Rows(dataset.pool([table("a", 300)]), {"a": tmp_path / "a.npy"})
    assert (resize(rows, 24) == resize(pixels, 24)).all()
    assert resize(rows, 40) is rows


def test_a_sample_has_so_many_of_each_expression_in_the_pools_order():
    faces = dataset.pool([table("a", 60)])
    drawn = dataset.sample(faces, 4, seed=1)
    assert drawn["expression"].value_counts().to_dict() == dict.fromkeys(EXPRESSIONS, 4)
    assert drawn.index.is_monotonic_increasing
    assert dataset.sample(faces, 99, seed=1).equals(faces)


def test_a_further_corpus_keeps_the_rank_of_the_first_ones_faces():
    alone = dataset.pool([table("a", 60)])
    both = dataset.pool([table("b", 60), table("a", 60)])
    of_both = dataset.sample(both, 5, seed=1)
    # Fewer of them are drawn, but none that would not be drawn alone.
    of_a = set(of_both.loc[of_both["corpus"] == "a", "id"])
    assert 0 < len(of_a) < 30
    assert of_a <= set(dataset.sample(alone, 5, seed=1)["id"])


def test_labels_are_places_in_the_order_of_the_study():
    assert dataset.labels(table("a", 8)).tolist() == [0, 1, 2, 3, 4, 5, 0, 1]


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


# Leakage


def cropped(tmp_path, shift, per_person=6, people=60):
    """Return faces and landmarks; the eyes of each expression lie ``shift`` standard errors off."""
    rng, count = np.random.default_rng(3), per_person * people
    shown = np.tile(range(6), count // 6 + 1)[:count]
    landmarks = np.zeros((count, 68, 2))
    landmarks[:, 36], landmarks[:, 45] = (60, 70), (160, 70)
    landmarks += rng.normal(0, 1, (count, 1, 2)) + shift * shown[:, None, None]
    landmarks += rng.normal(0, 1, (people, 1, 2)).repeat(per_person, 0)  # where a person's eyes lie
    landmarks[:, 45, 0] += rng.normal(0, 1, count)
    np.save(tmp_path / "a.npy", landmarks)
    rows = {"corpus": "a", "row": range(count), "expression": np.array(EXPRESSIONS)[shown]}
    subject = np.repeat(range(people), per_person).astype(str)
    faces = pd.DataFrame(rows).assign(subject=subject, sha256=[str(n) for n in range(count)])
    return faces, {"a": tmp_path / "a.npy"}


def test_a_crop_that_tells_the_label_is_found_out(tmp_path):
    table = leakage(*cropped(tmp_path, shift=1.0)).set_index("features")
    assert list(table.reset_index()[COLUMNS].columns) == COLUMNS
    assert list(table.index) == list(FEATURES)
    place, scale = table.loc["place"], table.loc["scale"]
    assert place["low"] > place["chance"] == pytest.approx(1 / 6)
    assert place["low"] < place["balanced_accuracy"] < place["high"]
    assert scale["low"] < 1 / 6 < scale["high"]
    assert table.loc["scale and place", "low"] > 1 / 6


def test_expressions_with_few_faces_are_not_asked_about(tmp_path):
    faces, paths = cropped(tmp_path, 0.0)
    rare = (faces["expression"] == "fear") & (faces["row"] > 60)
    assert leakage(faces[~rare], paths)["chance"].unique() == pytest.approx([1 / 5])
    few = leakage(faces.head(36), paths)
    assert few["features"].tolist() == list(FEATURES)
    assert few[["balanced_accuracy", "low", "high", "chance"]].isna().all(axis=None)


@pytest.mark.slow
def test_the_interval_of_leakage_covers_chance_where_there_is_none(tmp_path):
    """Few would, if people were not what is drawn: faces of one person lie alike."""
    covered = []
    for seed in range(100):
        faces, paths = cropped(tmp_path, 0.0, per_person=12, people=24)
        shuffled = np.random.default_rng(seed).permutation(faces["expression"])
        place = leakage(faces.assign(expression=shuffled), paths).set_index("features").loc["place"]
        covered.append(place["low"] <= place["chance"] <= place["high"])
    assert np.mean(covered) >= 0.85


def test_a_reader_gives_a_faces_rows_by_its_id(tmp_path):
    paths = {}
    for name in ("pixels", "landmarks"):
        for corpus in "ab":
            array = np.arange(6).reshape(3, 2) + 10 * (corpus == "b") + 100 * (name == "landmarks")
            np.save(tmp_path / f"{name}-{corpus}.npy", array)
        paths[name] = {corpus: tmp_path / f"{name}-{corpus}.npy" for corpus in "ab"}
    faces = pd.DataFrame({"id": ["b/2", "a/0"], "corpus": ["b", "a"], "row": [2, 0]})
    read_one = dataset.reader(faces, paths["pixels"], paths["landmarks"])
    assert [row.tolist() for row in read_one("b/2")] == [[14, 15], [114, 115]]
    assert [row.tolist() for row in read_one("a/0")] == [[0, 1], [100, 101]]
