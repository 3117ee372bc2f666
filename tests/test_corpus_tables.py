"""Tables and labels as people bring them: the right value, or one sentence."""

import os
import unicodedata
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces import dataset
from facsimile.faces.corpora import corpus_of
from facsimile.faces.labels import name_of
from facsimile.faces.layouts.boxes import box_of
from facsimile.faces.reading import CorpusFiles, read_corpus, read_face
from facsimile.faces.records import Excluded, Record, UnreadableImage
from made_up_files import HEADER, LIST, items_of, read, written

# Labels and rows

AN_IMAGE = {"Image/aligned/train_00001_aligned.jpg": None}


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


@pytest.mark.parametrize(
    ("column", "what"),
    [("x1", "box"), ("bbox_x", "box"), ("facial_landmarks", "box"), ("Face_Width", "box"),
     ("age", "age"), ("Gender", "Gender"), ("id", "")],
)  # fmt: skip
def test_rows_of_an_image_that_differ_in_what_it_shows_contradict_each_other(table, column, what):
    kept, left = table(f"path,subject,expression,{column}\na.png,s,fear,1\na.png,s,fear,2\n")
    reason = f"listed again with another {what}" if what else "listed twice"
    assert (len(kept), left) == (0 if what else 1, {"a.png": reason})


@pytest.mark.parametrize(
    ("cells", "box"),
    [
        ({"face_x": "3", "face_y": "4", "face_width": "20", "face_height": "30"}, (3, 4, 23, 34)),
        ({"left": "3", "top": "4", "right": "23", "bottom": "34"}, (3, 4, 23, 34)),
        ({"face_box_top": "4", "face_box_left": "3", "face_box_right": "23",
          "face_box_bottom": "34"}, (3, 4, 23, 34)),
        ({"x_min": "3", "y_min": "4", "x_max": "23", "y_max": "34"}, (3, 4, 23, 34)),
        ({"x1": "3", "y1": "4", "x2": "23", "y2": "34"}, (3, 4, 23, 34)),
        ({"x0": "3", "y0": "4", "x1": "23", "y1": "34"}, (3, 4, 23, 34)),
        ({"X": "3.5", "Y": "4", "W": "20", "H": "30"}, (3.5, 4, 23.5, 34)),
        ({"x": "3", "y": "4", "w": "", "h": "30"}, None),
        ({"x": "3", "y": "4"}, None),
        ({"bbox": "3 4 23 34"}, None),
        ({f"{axis}{i}": str(i + 5) for axis in "xy" for i in range(68)}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_columns_say_where_the_labelled_face_is(cells, box):
    assert box_of(cells) == box


@pytest.mark.parametrize(
    ("width", "reason"),
    [("-5", "has no area"), ("0", "has no area"), ("inf", "has no area"), ("wide", "no numbers")],
)
def test_a_box_that_is_none_costs_its_row(width, reason):
    with pytest.raises(UnreadableImage, match=reason):
        box_of({"x": "3", "y": "4", "w": width, "h": "30"})


def test_columns_that_differ_in_case_alone_are_refused(table):
    with pytest.raises(UserError, match="has the columns 'expression' and 'Expression': which"):
        table("path,subject,expression,Expression\na.png,s,fear,anger\n")
    with pytest.raises(UserError, match="has the columns 'Path' and 'PATH': which of them"):
        table("Path,PATH,subject,expression\na.png,b.png,s,anger\n")


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


# Tables and paths


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
