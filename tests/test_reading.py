"""Corpora read: each image is kept, or left out with its reason."""

import hashlib
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from facsimile.errors import UserError
from facsimile.faces import dataset, detection, reading
from facsimile.faces.alignment import align
from facsimile.faces.detection import find_face
from facsimile.faces.reading import CorpusFiles, read_corpus, read_face
from facsimile.faces.records import Excluded, Picture, Record, UnreadableImage


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
    def find(pixels, within=None):
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


@pytest.mark.parametrize(
    ("box", "becomes"),
    [
        (None, "the large one"),
        ((10, 10, 150, 150), "the small one"),
        ((10, 200, 170, 256), "no face found in its box"),
        ((900, 900, 1200, 1200), "several faces found, and its box is not of this image"),
        ((0.1, 0.1, 0.4, 0.6), "several faces found, and its box is not of this image"),
    ],
)
def test_of_several_faces_the_one_in_the_box_of_the_row_is_read(
    drawn_face, small_face, box, becomes
):
    scene = np.full((256, 440, 3), 90, np.uint8)
    scene[:160, :160] = small_face.image
    scene[:, 184:] = drawn_face.image
    result = read_face("ours", record("a.png", lambda: Picture(scene, box=box)))
    if isinstance(result, Excluded):
        assert result.reason == becomes
    else:
        assert becomes == ("the small one" if result.row["left"] < 160 else "the large one")


def test_a_box_of_another_image_does_not_cost_its_only_face(drawn_face):
    picture = Picture(drawn_face.image, box=(900, 900, 1200, 1200))
    assert read_face("ours", record("a.png", lambda: picture)).row["faces_found"] == 1
