"""Corpora as people bring them: the right value, or one sentence; nothing wrong in silence."""

import os
import resource
import unicodedata
from contextlib import suppress
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.atlas.heatmaps import persons
from facsimile.errors import UserError
from facsimile.faces import dataset, images
from facsimile.faces.corpora import corpus_of
from facsimile.faces.duplicates import people
from facsimile.faces.folds import assign_folds, check_folds
from facsimile.faces.labels import name_of
from facsimile.faces.reading import CorpusFiles, read_corpus, read_face
from facsimile.faces.records import Excluded, Picture, Record, UnreadableImage
from facsimile.faces.subjects import Subjects, key
from facsimile.measure.intervals import draw_people
from facsimile.networks.classification import half_width, with_people
from made_up_files import deep_png, written

HEADER = "path,subject,expression\n"


def items_of(kind, path, **options):
    """Return all that a corpus of a kind yields."""
    return list(corpus_of({"kind": kind, "path": str(path), **options}).records())


def read(kind, path, **options):
    """Return (subject, expression) of records, and reasons, by source."""
    items = items_of(kind, path, **options)
    kept = {one.source: (one.subject, one.expression) for one in items if isinstance(one, Record)}
    return kept, {one.source: one.reason for one in items if isinstance(one, Excluded)}


@pytest.fixture
def table(tmp_path):
    """Return a function that reads a table: records and reasons, by source."""

    def table(content, **options):
        written(tmp_path, {"faces.csv": content})
        return read("csv", tmp_path / "faces.csv", **options)

    return table


# Labels and rows

AN_IMAGE = {"Image/aligned/train_00001_aligned.jpg": None}
LIST = "EmoLabel/list_patition_label.txt"


def test_a_list_with_a_further_column_is_refused(tmp_path):
    root = written(tmp_path, AN_IMAGE | {LIST: "train_00001.jpg 3 1\n"})
    with pytest.raises(UserError, match=r"'train_00001.jpg 3 1', of 3 columns: expected is a name"):
        read("raf_db", root)


def test_a_list_counted_from_another_number_is_refused(tmp_path):
    root = written(tmp_path, AN_IMAGE | {LIST: "train_00001.jpg 0\n"})
    with pytest.raises(UserError, match=r"number 0, .* 1 \(surprise\) to 7 \(neutral\) only"):
        read("raf_db", root)


def test_a_list_that_contradicts_itself_has_no_label(tmp_path):
    lines = "train_00001.jpg 3\ntrain_00001.jpg 4\ntrain_00002.jpg 1\ntrain_00002.jpg 1\n"
    further = {"Image/aligned/train_00002_aligned.jpg": None}
    kept, left = read("raf_db", written(tmp_path, AN_IMAGE | further | {LIST: lines}))
    assert [expression for _, expression in kept.values()] == ["surprise"]
    assert list(left.values()) == ["listed again with another expression"]


def test_a_table_of_names_that_contradicts_itself_has_no_label(tmp_path):
    labels = "Name,Expression\nAD_1.jpg,joy\nAD_1,fear\nAD_2,joy\nAD_2.jpg,happy\n"
    root = written(tmp_path, {"labels.csv": labels, "AD_1.jpg": None, "ad_2.jpg": None})
    kept, left = read("wsefep", root)
    assert kept == {"ad_2.jpg": ("AD", "happiness")}
    assert left["AD_1.jpg"] == "listed again with another expression"


def test_numbers_of_ferplus_are_no_numbers_of_fer2013(tmp_path):
    rows = "".join(f"{number},0 0,Training\n" for number in range(8))
    root = written(tmp_path, {"fer.csv": "emotion,pixels,Usage\n" + rows})
    with pytest.raises(UserError, match=r"number 7, .* 0 \(anger\) to 6 \(neutral\) only"):
        read("fer2013", root / "fer.csv")
    order = ["neutral", "happy", "surprise", "sad", "anger", "disgust", "fear", "contempt"]
    kept, left = read("fer2013", root / "fer.csv", order=order)
    assert [expression for _, expression in kept.values()] == [
        "happiness", "surprise", "sadness", "anger", "disgust", "fear",
    ]  # fmt: skip
    assert list(left.values()) == ["not studied: neutral", "not studied: contempt"]


SEVEN = ["surprise", "fear", "disgust", "happiness", "sadness", "anger", "neutral"]


def test_labels_from_one_to_seven_do_not_fit_an_order_of_seven(table):
    rows = HEADER + "".join(f"{number}.png,s,{number}\n" for number in range(1, 8))
    with pytest.raises(UserError, match=r"number 7, .* order that counts from 1 begins with none"):
        table(rows, order=SEVEN)
    kept, _ = table(rows, order=["none", *SEVEN])
    assert kept["1.png"] == ("s", "surprise")


def test_labels_that_never_are_the_first_are_said(table, caplog):
    table(HEADER + "a.png,s,1\nb.png,s,6\n", order=SEVEN)
    assert "is 0, which stands for surprise: if they are counted from 1" in caplog.text
    caplog.clear()
    table(HEADER + "a.png,s,0\nb.png,s,6\n", order=SEVEN)
    table(HEADER + "a.png,s,1\nb.png,s,7\n", order=["none", *SEVEN])
    assert not caplog.text


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("a.png,s,anger\n./a.png,s,fear\n", "expression"),
        ("a.png,s,anger\na.png,s,neutral\n", "expression"),
        ("a.png,s,anger\na.png,t,anger\na.png,s,anger\n", "subject"),
    ],
)
def test_rows_that_contradict_each_other_are_left_out(table, rows, what):
    kept, left = table(HEADER + rows)
    assert (kept, left) == ({}, {"a.png": f"listed again with another {what}"})


def test_two_boxes_of_one_image_contradict_each_other(table):
    rows = "path,subject,expression,face_x,id\na.png,s,fear,1,1\na.png,s,fear,9,2\n"
    assert table(rows) == ({}, {"a.png": "listed again with another box"})
    kept, _ = table(rows.replace("9", "1"))
    assert kept == {"a.png": ("s", "fear")}


def test_a_row_that_says_nothing_does_not_cost_a_good_one(tmp_path):
    rows = "a.png,,anger\na.png,s,\na.png,s,anger\n"
    items = items_of("csv", written(tmp_path, {"t.csv": HEADER + rows}) / "t.csv")
    assert [getattr(one, "reason", "") for one in items] == [
        "no subject given",
        "no expression given",
        "",
    ]


def test_folders_called_by_numbers_are_read_with_an_order(tmp_path):
    root = written(tmp_path, {f"{number}/{number}.png": None for number in range(1, 8)})
    kept, left = read("folder", root, order=["none", *SEVEN])
    assert [expression for _, expression in kept.values()] == SEVEN[:-1]
    assert left == {"7/7.png": "not studied: neutral"}
    with pytest.raises(UserError, match=r"'7/7.png' is the number 7"):
        read("folder", root, order=SEVEN)
    assert set(read("folder", root)[1].values()) == {
        f"unknown expression '{number}'" for number in range(1, 8)
    }


@pytest.mark.parametrize("cell", ["-1", "99", "1.5"])
def test_a_number_among_words_costs_its_row(table, cell):
    kept, left = table(f"{HEADER}a.png,s,{cell}\nb.png,s,fear\n")
    assert (list(kept), left) == (["b.png"], {"a.png": f"unknown expression '{cell}'"})


def test_a_number_that_is_no_place_costs_its_row(table):
    kept, left = table(f"{HEADER}a.png,s,-1\nb.png,s,0\n", order=SEVEN)
    assert (list(kept), left) == (["b.png"], {"a.png": "unknown expression '-1'"})


def test_a_field_that_is_a_whole_file_costs_its_row(table):
    rows = f"a.png,s,anger,{'x' * 200_000}\nb.png,s,fear,\n"
    kept, left = table(HEADER.replace("\n", ",note\n") + rows)
    assert kept == {"b.png": ("s", "fear")}
    assert left == {"a.png": "a field of more than 131,072 characters"}


def test_quotes_that_do_not_pair_cost_their_row(table):
    kept, left = table(HEADER + 'a.png,s,"an"ger\nb.png,s,fear\n')
    assert kept == {"b.png": ("s", "fear")}
    assert left == {"row 1": "quotes that do not pair"}


LABELS = st.sampled_from(["anger", "Happy", "joy", "neutral", "bored", "", "7", "-1"])
ROWS = st.lists(
    st.tuples(st.sampled_from(["a.png", "./a.png", "b.png", ""]), st.sampled_from("st "), LABELS),
    min_size=1,
    max_size=6,
)


@given(ROWS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_face_has_a_label_that_its_rows_do_not_all_give(tmp_path, rows):
    text = HEADER + "".join(f"{path},{subject},{label}\n" for path, subject, label in rows)
    path = written(tmp_path, {"t.csv": text}) / "t.csv"
    try:
        items = items_of("csv", path)
    except UserError as error:
        assert "say what numbers stand for" in str(error)
        return
    filled = [row for row in rows if any(map(str.strip, row))]
    assert len(items) == len(filled)
    kept = [one for one in items if isinstance(one, Record)]
    assert len({one.source for one in kept}) == len(kept)
    for one in kept:
        said = {
            (who.strip(), name_of(label))
            for where, who, label in rows
            if os.path.normpath(where) == one.source and who.strip() and label
        }
        assert said == {(one.subject, one.expression)}


NAMED = st.lists(st.tuples(st.sampled_from(["AD_1", "ad_1.JPG", "BE_1", "CE_9", ""]), LABELS))


@given(NAMED, st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_image_of_a_list_has_a_label_that_it_does_not_always_give(tmp_path, rows, further):
    text = "name,expression\n" + "".join(f"{name},{label},\n" for name, label in rows)
    odd = "AD_1,fear,x\n" if further else ""
    root = written(tmp_path, {"labels.csv": text + odd, "AD_1.jpg": None, "be_1.png": None})
    items = items_of("wsefep", root)
    said: dict[str, set[str]] = {}
    for name, label in rows:
        said.setdefault(name.upper().removesuffix(".JPG"), set()).add(name_of(label))
    kept = {Path(one.source).stem.upper(): one for one in items if isinstance(one, Record)}
    for name, one in kept.items():
        assert said[name] == {one.expression}
    unnamed = sum(not name and bool(label) for name, label in rows)
    assert len(items) == 2 + ("CE_9" in said) + unnamed + further


def test_the_same_pixels_with_two_labels_are_left_out(tmp_path, small_face):
    image = Image.fromarray(small_face.image)
    other = Image.fromarray(np.ascontiguousarray(small_face.image[:, ::-1]))
    (tmp_path / "in").mkdir()
    for name, one in {"a": image, "b": image, "c": image, "d": other, "e": other}.items():
        one.save(tmp_path / "in" / f"{name}.png")
    labels = {"a": "anger", "b": "fear", "c": "anger", "d": "fear", "e": "fear"}
    rows = "".join(f"in/{name}.png,s,{label}\n" for name, label in labels.items())
    written(tmp_path, {"t.csv": HEADER + rows})
    names = ("faces.csv", "faces.npy", "landmarks.npy", "excluded.csv")
    into = CorpusFiles(*(tmp_path / name for name in names))
    read_corpus("mine", corpus_of({"kind": "csv", "path": tmp_path / "t.csv"}).records(), into)
    faces, excluded = dataset.read(into.table), dataset.read(into.excluded)
    assert faces["source"].tolist() == ["in/d.png", "in/e.png"]
    assert excluded["source"].tolist() == ["in/a.png", "in/b.png", "in/c.png"]
    assert set(excluded["reason"]) == {"same pixels as an image with another expression"}
    assert excluded["expression"].tolist() == ["anger", "fear", "anger"]
    pixels = np.load(into.pixels)
    assert len(pixels) == len(np.load(into.landmarks)) == 2
    assert {one.name for one in tmp_path.iterdir()} == {"in", "t.csv", *names}


def test_a_row_of_names_with_a_further_field_is_left_out(tmp_path):
    labels = 'name,expression\nAD_1,joy,fear\nAD_2,"a"b\n,fear\nAD_3,fear\n'
    root = written(tmp_path, {"labels.csv": labels, "AD_1.jpg": None, "AD_3.jpg": None})
    assert read("wsefep", root) == (
        {"AD_3.jpg": ("AD", "fear")},
        {
            "AD_1": "more fields than columns",
            "row 2": "quotes that do not pair",
            "row 3": "no name given",
            "AD_1.jpg": "no label in the table",
        },
    )


FRAME, LABEL = "cohn-kanade-images/S005/001/{}.png", "Emotion/S005/001/{}_emotion.txt"


@pytest.mark.parametrize(
    ("frame", "label", "reason"),
    [
        ("S010_001_00000011", "S005_001_00000011", f"name is not of the form {FRAME}"),
        ("S005_002_00000011", "S005_001_00000011", f"name is not of the form {FRAME}"),
        ("S005_001_00000011", "S010_001_00000011", "label file is not of the last frame"),
        ("S005_001_00000005", "S005_001_00000011", "label file is not of the last frame"),
    ],
    ids=["subject", "sequence", "label", "apex"],
)
def test_a_frame_or_label_that_lies_in_another_s_folder_is_left_out(tmp_path, frame, label, reason):
    written(tmp_path, {FRAME.format(frame): None, LABEL.format(label): "3"})
    kept, left = read("ck_plus", tmp_path)
    assert (kept, left[FRAME.format(frame)]) == ({}, reason.format("S005_001_00000011"))


def test_a_label_without_frames_has_a_row(tmp_path):
    name = "S005_001_00000011"
    files = {
        FRAME.format(name): None,
        LABEL.format(name).upper().replace("EMOTION/", "Emotion/"): "3",
    }
    written(tmp_path, files | {"Emotion/S006/002/S006_002_00000009_emotion.txt": "3"})
    kept, left = read("ck_plus", tmp_path)
    assert kept == {FRAME.format(name): ("S005", "disgust")}
    assert left == {"Emotion/S006/002/S006_002_00000009_emotion.txt": "frames not found"}


@pytest.mark.parametrize("votes", ["nan,6", "-9,6", "inf,6", ",6", "0,6"])
def test_votes_that_are_no_counts_name_no_expression(tmp_path, votes):
    line = f"Training,a.png,{votes},0,0,0,0,0,0,0,0\n"
    pixels = f"emotion,pixels,Usage\n0,{' '.join(['7'] * 2304)},Training\n"
    written(tmp_path, {"fer2013new.csv": VOTES.partition("\n")[0] + "\n" + line})
    kept, left = read("ferplus", written(tmp_path, {"fer2013.csv": pixels}))
    if votes == "0,6":
        assert kept == {"00000": ("00000", "happiness")}
    else:
        assert (kept, left) == ({}, {"00000": "votes are not numbers"})


@pytest.mark.parametrize(
    ("column", "what"),
    [("x1", "box"), ("bbox_x", "box"), ("facial_landmarks", "box"), ("Face_Width", "box"),
     ("age", "age"), ("Gender", "Gender"), ("id", "")],
)  # fmt: skip
def test_rows_of_an_image_that_differ_in_what_it_shows_contradict_each_other(table, column, what):
    kept, left = table(f"path,subject,expression,{column}\na.png,s,fear,1\na.png,s,fear,2\n")
    reason = f"listed again with another {what}" if what else "listed twice"
    assert (len(kept), left) == (0 if what else 1, {"a.png": reason})


def test_columns_that_differ_in_case_alone_are_refused(table):
    with pytest.raises(UserError, match="has the columns 'expression' and 'Expression': which"):
        table("path,subject,expression,Expression\na.png,s,fear,anger\n")
    with pytest.raises(UserError, match="has the columns 'Path' and 'PATH': which of them"):
        table("Path,PATH,subject,expression\na.png,b.png,s,anger\n")


# Tables and paths


def test_a_quote_that_swallows_rows_is_said(table):
    header = "path,subject,expression,note\n"
    with pytest.raises(UserError, match=r"Line 4 of .* ends a cell that holds what look like rows"):
        table(header + 'a.png,s,fear,"x\nb.png,s,anger,x\nc.png,s,fear,y"\n')
    kept, _ = table(header + 'a.png,s,fear,"x\ny, z"\nb.png,s,anger,x\n')
    assert list(kept) == ["a.png", "b.png"]


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_is_named_with_how_to_save_it(table, start):
    with pytest.raises(UserError, match="is a workbook, whatever its name: save it as 'CSV UTF-8'"):
        table(start + bytes(60))


@pytest.mark.parametrize(
    ("path", "reason"),
    [("x" * 300 + ".png", "File name too long"), ("~\0", "a zero byte"), ("a\0.png", "a zero byte"),
     ("d", "no file, but a folder"), ("pipe.png", "no file, but a folder, pipe or device")],
)  # fmt: skip
def test_a_path_that_is_none_costs_its_row(tmp_path, path, reason):
    written(tmp_path, {"t.csv": f"{HEADER}{path},s,fear\n", "d/a.png": None})
    os.mkfifo(tmp_path / "pipe.png")
    (item,) = corpus_of({"kind": "csv", "path": tmp_path / "t.csv"}).records()
    face = read_face("mine", item)
    assert isinstance(face, Excluded)
    assert reason in face.reason
    assert list(corpus_of({"kind": "csv", "path": tmp_path / "t.csv"}).files())


@pytest.mark.parametrize(
    "content",
    [
        b"sep=;\npath;subject;expression\n\xc3\xa9.png;s;fear\n",
        "path,subject,expression\né.png,s,fear\n".encode("utf-16"),
        "path,subject,expression\né.png,s,fear\n".encode("utf-16-le"),
        b"path,subject,expression\n\xe9.png,s,fear\n",
        "path|subject|expression\né.png|s|fear\n".encode(),
        "Path,SUBJECT,Expression\né.png,s,fear\n".encode(),
        "path,subject,expression,,\né.png,s,fear,,\n,,,,\n".encode(),
        "path,subject,expression\né.png,s,fear,,,\n".encode(),
    ],
    ids=["sep", "UTF-16", "no mark", "cp1252", "bars", "case", "empty columns", "empty fields"],
)
def test_a_table_is_read_as_spreadsheets_write_it(tmp_path, content):
    written(tmp_path, {"é.png": None, "t.csv": content})
    (record,) = items_of("csv", tmp_path / "t.csv")
    assert (record.source, record.subject, record.expression) == ("é.png", "s", "fear")
    assert record.load().pixels.shape == (4, 4, 3)
    assert record.load().extra == {}


def test_another_encoding_than_utf8_is_said(table, caplog):
    table(b"path,subject,expression\n\xe9.png,s,fear\n")
    assert "is not UTF-8: read as Windows-1252" in caplog.text


def test_a_stray_cell_costs_its_row(table):
    kept, left = table("path,subject,expression,\na.png,s,fear,x\nb.png,s,fear,\n")
    assert (list(kept), left) == (["b.png"], {"a.png": "more fields than columns"})


@pytest.mark.parametrize(
    "path", ["in\\a.png", "{root}/in/a.png", "in/../in/a.png", "~/in/a.png", "../{name}/in/a.png"]
)
def test_a_path_that_stays_inside_is_read(tmp_path, table, monkeypatch, path):
    monkeypatch.setenv("HOME", str(tmp_path))
    written(tmp_path, {"in/a.png": None})
    path = path.format(root=tmp_path, name=tmp_path.name)
    assert table(f"{HEADER}{path},s,fear\n") == ({"in/a.png": ("s", "fear")}, {})


def test_an_absolute_path_through_a_link_stays_inside(tmp_path):
    written(tmp_path / "real", {"a.png": None, "t.csv": f"{HEADER}{tmp_path}/real/a.png,s,fear\n"})
    (tmp_path / "link").symlink_to("real")
    assert list(read("csv", tmp_path / "link" / "t.csv")[0]) == ["a.png"]


@pytest.mark.parametrize("forms", [("NFC", "NFD"), ("NFD", "NFC"), ("NFD", "NFD")])
def test_an_accent_is_found_however_it_is_written(tmp_path, forms):
    in_table, on_disk = (unicodedata.normalize(form, "José.png") for form in forms)
    written(tmp_path, {on_disk: None, "t.csv": f"{HEADER}{in_table},José,fear\n"})
    (record,) = items_of("csv", tmp_path / "t.csv")
    assert record.source == "José.png"
    assert record.load().pixels.shape == (4, 4, 3)


CELLS = st.text(st.sampled_from(list(',;|\t"\\ \n./~é\0a7')), max_size=4) | st.sampled_from(
    ["a.png", "anger", "fear", "7", "1"]
)


@given(st.lists(st.lists(CELLS, max_size=5), max_size=5), st.sampled_from(",;|\t"), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_is_read_or_one_sentence(tmp_path, rows, separator, order):
    text = "\n".join(separator.join(row) for row in [["path", "subject", "expression"], *rows])
    path = written(tmp_path, {"t.csv": text}) / "t.csv"
    try:
        items = items_of("csv", path, order=list(EXPRESSIONS) if order else [])
    except UserError as error:
        assert str(error)
        return
    kept = [one.source for one in items if isinstance(one, Record)]
    assert len(set(kept)) == len(kept)
    assert all(one.reason for one in items if isinstance(one, Excluded))


@given(st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_table_or_one_sentence(tmp_path, content):
    path = written(tmp_path, {"t.csv": content}) / "t.csv"
    with suppress(UserError):
        items_of("csv", path)


# Layouts as they are handed out


@pytest.mark.parametrize(
    ("kind", "name", "subject", "expression"),
    [
        ("jaffe", "ka.an1.39.tiff", "KA", "anger"),
        ("kdef", "af01/af01has.jpg", "F01", "happiness"),
        ("rafd", "rafd090_01_caucasian_female_angry_frontal.jpg", "01", "anger"),
        ("bu_4dfe", "f001/angry/020.jpg", "F001", "anger"),
        ("fega", "0_f_22_alessandra2_allegria_1.png", "alessandra2", "happiness"),
        ("fega", "0_f_22_jose\u0301_felicita\u0300_1.png", "jos\u00e9", "happiness"),
    ],
)
def test_names_in_lower_case_mean_the_same(tmp_path, kind, name, subject, expression):
    written(tmp_path, {name: None, f"._{Path(name).name}": ""})
    assert read(kind, tmp_path) == ({name: (subject, expression)}, {})


def test_ck_plus_in_lower_case_keeps_its_labels(tmp_path):
    name = "cohn-kanade-images/s005/001/s005_001_00000011.png"
    label = "Emotion/s005/001/s005_001_00000011_emotion.txt"
    hidden = "Emotion/s005/001/._s005_001_00000011_emotion.txt"
    written(tmp_path, {name: None, label: "3.0", hidden: "x"})
    assert read("ck_plus", tmp_path) == ({name: ("S005", "disgust")}, {})


def test_names_in_another_case_than_the_table_s_are_found_there(tmp_path):
    written(tmp_path / "w", {"ad_1.jpg": None, "labels.csv": "name,expression\nAD_1,joy\n"})
    assert read("wsefep", tmp_path / "w") == ({"ad_1.jpg": ("AD", "happiness")}, {})
    name = "Image/aligned/Train_00001_Aligned.JPG"
    for listed in ("train_00001.jpg", "train_00001_aligned.jpg"):
        written(tmp_path / "r", {name: None, LIST: f"{listed} 3\n"})
        assert read("raf_db", tmp_path / "r") == ({name: (name, "disgust")}, {})
    written(tmp_path / "a", {"images/1.JPG": None, "annotations/x.txt": ""})
    np.save(tmp_path / "a" / "annotations" / "1_EXP.npy", np.array("3"))
    assert read("affectnet", tmp_path / "a") == ({"images/1.JPG": ("images/1.JPG", "surprise")}, {})


@pytest.mark.parametrize(
    ("label", "expression"),
    [(np.array([3]), "surprise"), (np.array(b"3"), "surprise"), (np.array(3.0), "surprise"),
     (np.array([3, 4]), ""), (b"PK\x03\x04junk", ""),
     (b"\x93NUMPY\x01\x00\x10\x00" + b"(" * 16, "")],
)  # fmt: skip
def test_an_annotation_is_one_number_or_none(tmp_path, label, expression):
    written(tmp_path, {"images/1.jpg": None, "annotations/1_exp.npy": b""})
    if isinstance(label, bytes):
        written(tmp_path, {"annotations/1_exp.npy": label})
    else:
        np.save(tmp_path / "annotations" / "1_exp.npy", label)
    kept, left = read("affectnet", tmp_path)
    assert [one for _, one in kept.values()] == ([expression] if expression else [])
    assert list(left.values()) == ([] if expression else ["no expression given"])


def test_affectnet_s_table_may_name_people(table):
    rows = "subDirectory_filePath,Subject,expression\na.png,7,fear\nb.png,7,anger\n"
    assert table(rows)[0] == {"a.png": ("7", "fear"), "b.png": ("7", "anger")}


def test_a_row_of_the_benchmark_without_its_data_set_is_left_out(table):
    rows = "dataset,user_id,name,class\n,1,a.png,fear\nx,1,b.png,anger\n"
    assert table(rows) == ({"x/b.png": ("x/1", "anger")}, {"a.png": "no dataset given"})


FACTORS = ["age", "gender", "race", "perspective", "people", "id"]


def test_further_columns_of_the_benchmark_are_kept_beside_ours(tmp_path, small_face):
    rows = f"dataset,user_id,name,class,{','.join(FACTORS)}\nx,1,a.png,fear,030,F,NA,left,2,9\n"
    written(tmp_path, {"t.csv": rows})
    Image.fromarray(small_face.image).save(tmp_path / "a.png")
    names = ("faces.csv", "faces.npy", "landmarks.npy", "excluded.csv")
    into = CorpusFiles(*(tmp_path / name for name in names))
    read_corpus("mine", corpus_of({"kind": "csv", "path": tmp_path / "t.csv"}).records(), into)
    (face,) = dataset.read(into.table).to_dict("records")
    assert (face["subject"], face["id"], face["id_given"]) == ("x/1", "mine/x/a.png", 9)
    assert [face[one] for one in ("age", "gender", "perspective")] == [30, "F", "left"]
    # Which people these are is the configuration's to say: no column of the table's may.
    assert "people" not in face
    assert face["people_given"] == 2
    assert dataset.read_pool([into.table])["people"].tolist() == ["mine"]


def test_ck48_is_a_folder_of_words(tmp_path):
    written(tmp_path, {"anger/S010_004_00000017.png": None, "contempt/S138_008_00000007.png": None})
    kept, left = read("folder", tmp_path, subject="S\\d+")
    assert kept == {"anger/S010_004_00000017.png": ("S010", "anger")}
    assert list(left.values()) == ["not studied: contempt"]


def test_affectnet_as_it_is_handed_out(tmp_path):
    for number, label in {"1": "1", "2": "3", "3": "0", "4": "7", "5": "10"}.items():
        written(tmp_path, {f"images/{number}.jpg": None, f"annotations/{number}_lnd.npy": ""})
        np.save(tmp_path / "annotations" / f"{number}_exp.npy", np.array(label))
    written(tmp_path, {"images/6.jpg": None, "images/7.jpg": None, "annotations/7_exp.npy": "x"})
    np.save(tmp_path / "annotations" / "8_exp.npy", np.array(6))
    kept, left = read("affectnet", tmp_path)
    first, second = "images/1.jpg", "images/2.jpg"
    assert kept == {first: (first, "happiness"), second: (second, "surprise")}
    assert left == {
        "images/3.jpg": "not studied: neutral",
        "images/4.jpg": "not studied: contempt",
        "images/5.jpg": "not studied: no expression",
        "images/6.jpg": "no label in the table",
        "images/7.jpg": "no expression given",
        "8": "file not found",
    }


VOTES = (
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
    "Training,fer0.png,1,6,0,0,0,0,0,0,3,0\n"
    "Training,fer1.png,4,4,0,0,1,0,0,0,1,0\n"
    "Training,,0,0,0,0,0,0,0,0,0,10\n"
    "Training,fer3.png,x,0,0,0,0,0,0,0,0,0\n"
)


def test_votes_of_ferplus_name_the_expression_of_most(tmp_path):
    pixels = "emotion,pixels,Usage\n" + f"0,{' '.join(['7'] * 2304)},Training\n" * 4
    root = written(tmp_path, {"fer2013new.csv": VOTES, "fer2013.csv": pixels})
    kept, left = read("ferplus", root)
    assert kept == {"00000": ("00000", "happiness")}
    assert left == {
        "00001": "as many votes for neutral and happiness",
        "00002": "not studied: no expression",
        "00003": "votes are not numbers",
    }
    written(root, {"fer2013.csv": pixels + "0,7,PublicTest\n"})
    with pytest.raises(UserError, match="differ from row 5 on"):
        read("ferplus", root)


# Suffixes


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.jfif", "jpeg"), ("a.jpe", "jpeg"), ("a.pnm", "ppm"), ("a.tga", "tga"), ("a.PNG", "png"),
     ("a", "png"), ("a.Tif", "tiff")],
)  # fmt: skip
def test_every_suffix_that_is_read_counts(tmp_path, name, kind):
    (tmp_path / "fear").mkdir()
    Image.new("RGB", (9, 7), "red").save(tmp_path / "fear" / name, kind)
    (record,) = items_of("folder", tmp_path)
    assert record.load().pixels.shape == (7, 9, 3)


def test_an_image_that_is_not_read_has_a_row(tmp_path):
    names = [f"fear/a{suffix}" for suffix in (".EPS", ".exr", ".fits", ".heic", ".hif", ".orf")]
    written(tmp_path, dict.fromkeys(names, b"\0\0\0\x18ftyp"))
    written(tmp_path, {"fear/a.txt": "", "fear/LICENSE": ""})
    os.mkfifo(tmp_path / "fear" / "pipe")
    items = items_of("folder", tmp_path)
    assert [one.source for one in items] == names
    for record in items:
        with pytest.raises(Exception, match="not an image, or of a kind that is not read"):
            record.load()


def test_what_other_programs_would_draw_is_not_read(tmp_path):
    Image.new("RGB", (9, 7), "red").save(tmp_path / "a.png", "EPS")
    with pytest.raises(UnreadableImage, match="not an image, or of a kind that is not read"):
        images.read(tmp_path / "a.png")


# People


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


# Pixels


def grey(pixels):
    """Return the brightness of read pixels."""
    assert (pixels == pixels[..., :1]).all()
    return pixels[..., 0].tolist()


@pytest.mark.parametrize(
    ("values", "meaning", "expected"),
    [
        (np.array([[-128, -1, 0, 127]], np.int8), "minisblack", [0, 127, 128, 255]),
        (np.array([[-1000, 0, 1000]], np.int16), "minisblack", [0, 127, 255]),
        (np.array([[0, 2**30, 2**32 - 1]], np.uint32), "minisblack", [0, 63, 255]),
        (np.array([[0, 16384, 65535]], np.uint16), "minisblack", [0, 63, 255]),
        (np.array([[0, 16384, 65535]], np.uint16), "miniswhite", [255, 192, 0]),
        (np.array([[0, 100, 255]], np.uint8), "miniswhite", [255, 155, 0]),
        (np.array([[-1.0, 0.0, 1.0]], np.float32), "minisblack", [0, 127, 255]),
        (np.array([[0.0, 0.5, np.inf, np.nan]], np.float32), "minisblack", [0, 127, 255, 0]),
        (np.array([[[0] * 3, [2000] * 3, [4095] * 3]], np.uint16), "rgb", [0, 124, 255]),
    ],
    ids=[
        "int8",
        "int16",
        "uint32",
        "uint16",
        "white is 0",
        "bytes",
        "float",
        "infinite",
        "12 bits",
    ],
)
def test_samples_keep_their_order(tmp_path, values, meaning, expected):
    tifffile.imwrite(tmp_path / "a.tif", values, photometric=meaning)
    assert grey(images.read(tmp_path / "a.tif")) == [expected]


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("turn", [1, 3, 6, 8])
def test_a_tiff_is_turned_as_it_says(tmp_path, kind, turn):
    values = np.zeros((2, 4), kind)
    values[:, 0] = 255
    tags = [(274, "H", 1, turn, True)]
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="minisblack", extratags=tags)
    upright = np.rot90(values, {1: 0, 3: 2, 6: -1, 8: 1}[turn]).astype(float)
    assert grey(images.read(tmp_path / "a.tif")) == upright.tolist()


def test_planes_of_deep_colours_are_colours(tmp_path):
    planes = np.zeros((3, 5, 4), np.uint16)
    planes[0] = 4000
    tifffile.imwrite(tmp_path / "a.tif", planes, photometric="rgb", planarconfig="separate")
    assert (images.read(tmp_path / "a.tif") == [255, 0, 0]).all()


def test_deep_colours_whose_upper_bits_are_empty_are_left_out(tmp_path):
    values = np.linspace(0, 4095, 48).reshape(4, 4, 3)
    deep_png(tmp_path / "a.png", values * 16)
    assert images.read(tmp_path / "a.png").max() == 255
    deep_png(tmp_path / "a.png", values)
    with pytest.raises(UnreadableImage, match="16 bits a colour, of which the upper ones are empt"):
        images.read(tmp_path / "a.png")


def test_a_face_whose_contrast_collapsed_is_left_out(drawn_face):
    faint = (drawn_face.image // 16 + 60).astype(np.uint8)
    load = partial(Picture, faint)
    face = read_face("mine", Record("a", "s", "fear", load))
    assert isinstance(face, Excluded)
    assert face.reason in ("hardly any contrast", "no face found")


KINDS = {
    "a.jpg": {}, "a.png": {}, "a.gif": {}, "a.bmp": {}, "a.webp": {}, "a.tif": {}, "a.ppm": {},
    "a.tga": {}, "deep.tif": {"compression": "tiff_lzw"}, "a.jp2": {},
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.filterwarnings("ignore")
def test_two_hundred_damaged_files_are_each_read_or_left_out(tmp_path, small_face, name):
    image = Image.fromarray(small_face.image).resize((48, 48))
    if name.startswith("deep"):
        image = Image.fromarray(np.asarray(image.convert("L"), np.uint16) * 200)
    image.save(tmp_path / name, **KINDS[name])
    whole = (tmp_path / name).read_bytes()
    rng = np.random.default_rng(1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(200):
        content = bytearray(whole)
        for place in rng.integers(0, min(len(content), rng.choice([64, 9999])), rng.integers(1, 9)):
            content[place] = rng.integers(256)
        del content[rng.integers(len(content) // 2, 2 * len(content)) :]
        (tmp_path / name).write_bytes(content)
        try:
            assert images.read(tmp_path / name).shape[2] == 3
        except UnreadableImage as reason:
            assert str(reason)
            assert str(tmp_path) not in str(reason)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_500_000  # kB
