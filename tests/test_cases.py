"""What people bring, kind by kind: the right value, or one sentence; nothing wrong in silence."""

import os
import resource
import signal
import struct
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from contextlib import suppress
from copy import deepcopy
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tifffile
import torch
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import load_file, save_file

from facsimile import EXPRESSIONS, devices, tables
from facsimile.atlas.canonical import HEIGHT, WIDTH
from facsimile.atlas.maps import find_maps, find_networks, read_map
from facsimile.atlas.people import _read as read_human
from facsimile.atlas.polygons import read_regions
from facsimile.errors import UserError
from facsimile.explain.superpixels import superpixels_of
from facsimile.faces import dataset, images
from facsimile.faces.corpora import corpus_of
from facsimile.faces.duplicates import people
from facsimile.faces.folds import assign_folds
from facsimile.faces.labels import name_of
from facsimile.faces.reading import CorpusFiles, read_corpus, read_face
from facsimile.faces.records import Excluded, Picture, Record, UnreadableImage
from facsimile.faces.subjects import Subjects, key
from facsimile.files import can_be_input, keyed, write_text
from facsimile.measure.pretraining import read_origins
from facsimile.names import check_names
from facsimile.networks import pretrained
from facsimile.networks.network import build
from facsimile.settings.checking import MAPS, check
from facsimile.settings.given import chosen
from facsimile.show.manifest import Inputs
from facsimile.slips import refuse_slips

HEADER = "path,subject,expression\n"


def items_of(kind, path, **options):
    """Return all that a corpus of a kind yields."""
    return list(corpus_of({"kind": kind, "path": str(path), **options}).records())


def read(kind, path, **options):
    """Return (subject, expression) of records, and reasons, by source."""
    items = items_of(kind, path, **options)
    kept = {one.source: (one.subject, one.expression) for one in items if isinstance(one, Record)}
    return kept, {one.source: one.reason for one in items if isinstance(one, Excluded)}


def written(folder, files):
    """Write files, an image where no content is given, and return their folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            Image.new("RGB", (4, 4)).save(path, "png")
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


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
    assert kept == {}
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


# Layouts as they are handed out


@pytest.mark.parametrize(
    ("kind", "name", "subject", "expression"),
    [
        ("jaffe", "ka.an1.39.tiff", "KA", "anger"),
        ("kdef", "af01/af01has.jpg", "F01", "happiness"),
        ("rafd", "rafd090_01_caucasian_female_angry_frontal.jpg", "01", "anger"),
        ("bu_4dfe", "f001/angry/020.jpg", "F001", "anger"),
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
    written(tmp_path, {"fear/a.heic": b"\0\0\0\x18ftyp", "fear/a.txt": "", "fear/LICENSE": ""})
    (record,) = items_of("folder", tmp_path)
    with pytest.raises(Exception, match="not an image, or of a kind that is not read"):
        record.load()


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
    folds = assign_folds(study_of("a", "b").assign(people="lab"), 2, 1)
    assert not caplog.text
    assert folds.groupby("subject")["fold"].nunique().max() == 1


def test_a_training_side_without_an_expression_is_said(caplog):
    faces = study_of("a")
    rare = faces[(faces["expression"] != "fear") | (faces["subject"] == "0")]
    fold = assign_folds(rare, 2, 1).query("subject == '0'")["fold"].iloc[0]
    assert f"Networks of fold {fold} are trained without a face of fear" in caplog.text
    caplog.clear()
    assign_folds(faces, 2, 1)
    assert not caplog.text


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
        (np.array([[0, 16384, 65535]], np.uint16), "minisblack", [0, 63, 255]),
        (np.array([[0, 16384, 65535]], np.uint16), "miniswhite", [255, 192, 0]),
        (np.array([[0, 100, 255]], np.uint8), "miniswhite", [255, 155, 0]),
        (np.array([[-1.0, 0.0, 1.0]], np.float32), "minisblack", [0, 127, 255]),
        (np.array([[0.0, 0.5, np.inf, np.nan]], np.float32), "minisblack", [0, 127, 255, 0]),
        (np.array([[[0] * 3, [2000] * 3, [4095] * 3]], np.uint16), "rgb", [0, 124, 255]),
    ],
    ids=["int8", "int16", "uint16", "white is 0", "bytes", "float", "infinite", "12 bits"],
)
def test_samples_keep_their_order(tmp_path, values, meaning, expected):
    tifffile.imwrite(tmp_path / "a.tif", values, photometric=meaning)
    assert grey(images.read(tmp_path / "a.tif")) == [expected]


def test_planes_of_deep_colours_are_colours(tmp_path):
    planes = np.zeros((3, 5, 4), np.uint16)
    planes[0] = 4000
    tifffile.imwrite(tmp_path / "a.tif", planes, photometric="rgb", planarconfig="separate")
    assert (images.read(tmp_path / "a.tif") == [255, 0, 0]).all()


def deep_png(path, rows):
    """Write rows of 16-bit RGB, (height, width, 3), as PNG."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    height, width, _ = rows.shape
    lines = b"".join(b"\0" + row.astype(">u2").tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts))


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


# Maps made elsewhere


def drawn_map(path, mode="L", opacity=255):
    image = Image.linear_gradient("L").resize((WIDTH, HEIGHT)).convert(mode)
    if mode in ("LA", "RGBA"):
        image.putalpha(Image.new("L", image.size, opacity))
    image.save(path)
    return path


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_a_map_that_is_transparent_is_refused(tmp_path, mode):
    opaque = read_map(drawn_map(tmp_path / "anger.png", mode))
    assert (opaque == read_map(drawn_map(tmp_path / "anger.png"))).all()
    with pytest.raises(UserError, match=r"anger.png is transparent in places"):
        read_map(drawn_map(tmp_path / "anger.png", mode, opacity=100))


def test_a_map_of_deep_colours_is_refused(tmp_path):
    deep_png(tmp_path / "anger.png", np.zeros((HEIGHT, WIDTH, 3)))
    with pytest.raises(UserError, match=r"anger.png has colours of 16 bits: save it as grey"):
        read_map(tmp_path / "anger.png")


def test_hidden_files_are_no_maps_and_other_formats_are_said(tmp_path):
    drawn_map(tmp_path / "anger.png")
    written(tmp_path, {"._fear.png": "", "notes.txt": "", ".ipynb_checkpoints/fear.png": None})
    assert list(find_maps(tmp_path)) == ["anger"]
    written(tmp_path, {"fear.jpg": None})
    with pytest.raises(UserError, match=r"fear.jpg is neither PNG nor NPY"):
        find_maps(tmp_path)


def test_hidden_folders_are_no_networks(tmp_path):
    (tmp_path / "mine").mkdir()
    drawn_map(tmp_path / "mine" / "anger.png")
    written(tmp_path, {".ipynb_checkpoints/a.png": None})
    assert list(find_networks(tmp_path)) == ["mine"]
    (tmp_path / "a{x}").mkdir()
    with pytest.raises(UserError, match=r"a\{x\} has braces in its name"):
        find_networks(tmp_path)


# References of people's own


TILE_NAMES = [f"tile{number}" for number in range(48)]


def tiles_of(rows):
    """Return a table of tiles as text: a row for each participant, face and expression."""
    lines = [";".join([*row, *["1"] * 48]) for row in rows]
    return "\n".join([";".join(["Participant", "face", "expression", *TILE_NAMES]), *lines])


def test_tiles_are_read_as_spreadsheets_write_them(tmp_path):
    rows = [("01", "f", "happy"), ("1", "f", "joy"), ("NA", "f", "Neutral")]
    path = written(tmp_path, {"t.csv": tiles_of(rows).encode("utf-16")}) / "t.csv"
    table = read_human(path, ["participant", "face", "expression"], TILE_NAMES)
    assert table["participant"].tolist() == ["01", "1", "NA"]
    assert table["expression"].tolist() == ["happiness", "happiness", "neutral"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("p", "f", "happy"), ("p", "f", "joy")], "two rows of p, f, happiness: which of them"),
        ([("p", "f", "hapy")], "has the expression 'hapy', which is none"),
    ],
)
def test_tiles_that_contradict_each_other_are_refused(tmp_path, rows, sentence):
    path = written(tmp_path, {"t.csv": tiles_of(rows)}) / "t.csv"
    with pytest.raises(UserError, match=sentence):
        read_human(path, ["participant", "face", "expression"], TILE_NAMES)
    written(tmp_path, {"t.csv": tiles_of(rows[:1]).replace(";1;", ";1,5;", 1)})
    with pytest.raises(UserError, match=r"Row 1 of .* has '1,5' for tile0: no number"):
        read_human(path, ["participant", "face", "expression"], TILE_NAMES)


def test_regions_that_name_an_expression_twice_are_refused(tmp_path):
    lines = "".join(f"{name}: ['1 2 3']\n" for name in [*EXPRESSIONS, "fear"])
    with pytest.raises(UserError, match="has the key 'fear' twice, in lines 3 and 7"):
        read_regions(written(tmp_path, {"r.yaml": lines}) / "r.yaml")


# Names


ODD = ["50", "1e5", "NA", "nan", "007", "True", "None", "ResNet-50 (v1.5)", "vgg16+bn", "a[1]"]


def test_names_stay_names_in_tables(tmp_path):
    made = pd.DataFrame({"network": ODD, "left_out": "", "value": [0.5, None] * 5})
    made.to_csv(tmp_path / "a.csv", index=False)
    found = tables.read(tmp_path / "a.csv")
    assert found["network"].tolist() == ODD
    assert found["value"].isna().sum() == 5
    assert found["left_out"].isna().all()
    assert Inputs({"table": str(tmp_path / "a.csv")}).table("table", network="50").shape == (1, 3)


@given(st.text(st.characters(exclude_categories=["C"], exclude_characters="/"), min_size=1))
def test_any_name_is_found_in_a_path(name):
    assert keyed(f"results/agreement/lime/{name}.npz", "agreement/*/{network}.") == {
        name: f"results/agreement/lime/{name}.npz"
    }
    assert list(keyed(f"heatmaps/lime/{name}/fear.npy", "/{network}/{expression}.")) == [
        (name, "fear")
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["C"]), min_size=1), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_stays_itself(tmp_path, names):
    pd.DataFrame({"network": names}).to_csv(tmp_path / "a.csv", index=False)
    assert tables.read(tmp_path / "a.csv")["network"].tolist() == names


def test_the_table_of_networks_made_elsewhere_is_read_as_it_is_written(tmp_path):
    rows = "sep=;\nNetwork;Start;;\n" + "".join(f"{name};random;;\n" for name in ODD)
    families = tmp_path / "families.csv"
    families.write_text("architecture,family\n50,fifty\n")
    (tmp_path / "networks.csv").write_bytes(rows.encode("utf-16"))
    found = read_origins({}, families, [tmp_path / "networks.csv"])
    assert list(found) == ODD
    assert {one.start for one in found.values()} == {"random"}
    assert found["50"].family == "fifty"


@pytest.mark.parametrize("name", ["all", "chance", "best rival", "ekman"])
def test_a_name_that_tables_use_is_refused(name):
    with pytest.raises(UserError, match=name):
        check_names([name], ["ekman"])


# Settings


def refused(tmp_path, text):
    (tmp_path / "study.yaml").write_text(text)
    with pytest.raises(UserError) as caught:
        refuse_slips([tmp_path / "study.yaml"])
    return str(caught.value)


def test_a_key_that_is_there_twice_is_refused_with_both_lines(tmp_path):
    message = refused(tmp_path, "networks:\n  a: {}\nstudy: {}\nnetworks:\n  b: {}\n")
    assert "study.yaml has the key 'networks' twice, in lines 1 and 4" in message
    assert "'a' twice, in lines 2 and 3" in refused(tmp_path, "networks:\n  a: {}\n  a: {}\n")


@pytest.mark.parametrize(
    ("number", "meant"), [("010", 8), ("0100", 64), ("-017", -15), ("1:30", 90)]
)
def test_a_number_that_is_another_to_yaml_is_refused(tmp_path, number, meant):
    message = refused(tmp_path, f"study:\n  folds: {number}\n")
    assert f"Line 2 of {tmp_path}/study.yaml has {number}, which is {meant} to YAML" in message


@pytest.mark.parametrize("name", ["config/config.yaml", "config/paper.yaml", "tests/tiny.yaml"])
def test_what_is_written_well_is_not_refused(root, name, tmp_path):
    refuse_slips([root / name, tmp_path / "absent.yaml"])
    (tmp_path / "study.yaml").write_text("a: &x {b: 0, c: 0.5, d: 0x1F, e: '010'}\nf: *x\n")
    refuse_slips([tmp_path / "study.yaml"])


def test_a_study_of_its_own_inherits_nothing(root):
    default = yaml.safe_load((root / "config" / "config.yaml").read_text())
    own = {"corpora": {"d": {"kind": "synthetic"}}, "networks": {"small": {"input_size": 32}}}
    found = check(chosen(own, default | own, MAPS), root)
    assert found["explainers"]["lime"]["samples"] == 1000
    assert found["study"]["folds"] == 5
    assert found["study"]["faces_per_expression"] == 100


def test_a_part_of_a_study_changes_the_default_study(root):
    default = yaml.safe_load((root / "config" / "config.yaml").read_text())
    part = {"networks": {"small": {"input_size": 32}}}
    merged = default | {"networks": default["networks"] | part["networks"]}
    found = check(chosen(part, merged, MAPS), root)
    assert list(found["networks"]) == ["small"]
    assert found["explainers"]["lime"]["samples"] == 200


def test_values_of_the_command_line_are_read_as_yaml(root):
    settings = {
        "corpora": {
            "r": {"kind": "rafd", "path": "x", "angles": ["45", "90"]},
            "d": {"kind": "synthetic", "shuffle_labels": "False"},
        },
        "networks": {"50": {"architecture": "weinet", "input_size": "32", "augment": "no"}},
        "sensitivity": {"thresholds": ["otsu", "0.75"]},
    }
    found = check(settings, root)
    assert found["corpora"]["r"]["angles"] == [45, 90]
    assert found["corpora"]["d"]["shuffle_labels"] is False
    assert found["networks"]["50"]["augment"] is False
    assert found["sensitivity"]["thresholds"] == ["otsu", 0.75]


def places(value, path=()):
    """Yield the path of everything in a mapping."""
    yield path
    for one, inner in value.items() if isinstance(value, dict) else ():
        yield from places(inner, (*path, one))


DEFAULT = yaml.safe_load((Path(__file__).parents[1] / "config" / "config.yaml").read_text())
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(st.sampled_from(list(places(DEFAULT))[1:]), VALUES)
def test_any_setting_is_taken_or_one_sentence(path, value):
    changed = deepcopy(DEFAULT)
    inner = changed
    for one in path[:-1]:
        inner = inner[one]
    inner[path[-1]] = value
    with suppress(UserError):
        again = check(changed, Path(__file__).parents[1])
        assert check(again, Path(__file__).parents[1]) == again


def test_what_yaml_takes_for_a_truth_is_said(root):
    network = {"small": {"input_size": 32, "weights": True}}
    with pytest.raises(UserError, match=r"weights' is wrong: yes, on or true is True to YAML"):
        check({"corpora": {"d": {"kind": "synthetic"}}, "networks": network}, root)


@pytest.mark.parametrize("path", ["a{x}.csv", "{x}/a.csv"])
def test_braces_in_a_path_are_no_wildcards(tmp_path, path):
    written(tmp_path, {path: "", "b.csv": ""})
    assert not can_be_input(tmp_path / path)
    assert can_be_input(tmp_path / "b.csv")
    assert not can_be_input(tmp_path / "absent.csv")


# Weights


@pytest.fixture(scope="module")
def songnet():
    return build("songnet", 32, seed=8)


def fetched(tmp_path, saved):
    """Return the first layer that a file of weights gives; ``saved`` writes it, or is saved."""
    path = tmp_path / "given.pth"
    saved(path) if callable(saved) else torch.save(saved, path)
    pretrained.fetch("songnet", str(path), tmp_path / "out.safetensors")
    return load_file(tmp_path / "out.safetensors")["backbone.0.weight"]


def within(state, prefix):
    return {prefix + name: tensor for name, tensor in state.items()}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda state: {"state_dict": state, "epoch": 3},
        lambda state: {"model": state, "optimizer": {"state": {}}},
        lambda state: {"model": {"state_dict": state}},
        lambda state: within(state, "module."),
        lambda state: {"state_dict": within(state, "module.model.")},
        lambda state: within(state, "net.trunk."),
        lambda state: within(state, "student.") | {"step": torch.tensor(3)},
        lambda state: dict(state) | {"epoch": 3},
    ],
    ids=["state_dict", "model", "both", "module", "module.model", "own", "beside", "number"],
)
def test_what_is_wrapped_around_weights_is_taken_off(tmp_path, songnet, wrap):
    found = fetched(tmp_path, wrap(songnet.state_dict()))
    assert torch.equal(found, songnet.backbone[0].weight)


def test_safetensors_are_known_by_what_they_hold(tmp_path, songnet):
    found = fetched(tmp_path, lambda path: save_file(songnet.state_dict(), path))
    assert torch.equal(found, songnet.backbone[0].weight)


class Odd(dict):
    """A class that reading data only does not know."""


@pytest.mark.parametrize(
    ("saved", "what"),
    [
        (lambda path: path.write_bytes(b"\x89HDF\r\n\x1a\n" + b"0" * 90), "is of Keras"),
        (lambda path: path.write_text("\n<!DOCTYPE html><p>Virus scan"), "is a web page"),
        (lambda path: path.write_text("version https://git-lfs.github.com/spec/v1\n"), "Git LFS"),
        (lambda path: path.write_bytes(b"\x1f\x8b0000"), "is an archive"),
        (lambda path: path.write_bytes(b"0000"), "may be incomplete; download it again"),
        (lambda path: path.write_bytes(b""), "may be incomplete; download it again"),
        (lambda path: torch.save(Odd(a=1), path), "is a whole pickled model"),
        (lambda path: torch.jit.save(torch.jit.script(torch.nn.ReLU()), path), "is TorchScript"),
        (lambda path: zipfile.ZipFile(path, "w").writestr("m.weights.h5", "0"), "is of Keras"),
        (lambda path: torch.save({"epoch": 3}, path), "holds no tensors by their names: it has ep"),
        (lambda path: torch.save([1], path), "holds a list, not a state dict"),
    ],
    ids=["h5", "page", "pointer", "gz", "bytes", "nothing", "pickle", "script", "keras", "keys",
         "list"],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_no_state_dict_is_named(tmp_path, saved, what):
    with pytest.raises(UserError, match=rf"Weights file '.*given.pth' .*{what}"):
        fetched(tmp_path, saved)
    assert not (tmp_path / "out.safetensors").exists()


def test_two_backbones_in_one_file_are_refused(tmp_path, songnet):
    state = songnet.backbone.state_dict()
    with pytest.raises(UserError, match=r"hold the backbone 2 times, under 'q.' and 'k.'"):
        fetched(tmp_path, within(state, "q.") | within(state, "k."))


def test_weights_that_are_no_numbers_are_refused(tmp_path, songnet):
    state = {name: tensor.clone() for name, tensor in songnet.state_dict().items()}
    state["backbone.0.weight"][0, 0, 0, 0] = torch.nan
    with pytest.raises(UserError, match=r"hold '0.weight' with 1 of \d+ values that are no fin"):
        fetched(tmp_path, state)
    state["backbone.0.weight"] = torch.zeros_like(state["backbone.0.weight"], dtype=torch.int8)
    with pytest.raises(UserError, match=r"hold '0.weight' as torch.int8.*not quantised"):
        fetched(tmp_path, state)


# Runs


KILLED = """
import os, signal, sys
from facsimile.files import atomic
with atomic(sys.argv[1]) as draft:
    draft.write_text("half")
    os.kill(os.getpid(), int(sys.argv[2]))
    signal.pause()
"""


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_drafts_of_killed_jobs_are_gone_after_the_next(tmp_path, root, by):
    path = tmp_path / "faces.npy"
    written(tmp_path, {".7.other.npy": "", ".hidden.faces.npy": ""})
    environment = {**os.environ, "PYTHONPATH": str(root / "workflow" / "scripts")}
    command = [sys.executable, "-c", KILLED, str(path), str(int(by))]
    assert subprocess.run(command, env=environment, check=False).returncode == -by
    assert len(list(tmp_path.glob(".*.faces.npy"))) == 2
    write_text("whole", path)
    names = {one.name for one in tmp_path.iterdir()}
    assert names == {"faces.npy", ".7.other.npy", ".hidden.faces.npy"}


def test_labels_of_many_superpixels_do_not_wrap(drawn_face):
    face = drawn_face.image.mean(axis=2).astype(np.uint8)[:150, :150]
    cut = superpixels_of({"kind": "grid", "n_segments": 400}).cut(face, drawn_face.landmarks)
    assert cut.dtype == np.uint16
    assert len(np.unique(cut)) == cut.max() + 1 > 256


def test_a_device_that_is_not_here_is_one_sentence(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    devices.require("cpu")
    with pytest.raises(UserError, match=r"`device: cuda` needs an NVIDIA GPU, .* set `device"):
        devices.require("cuda")


@pytest.mark.parametrize("device", ["cuda:1", "mps", "gpu"])
def test_devices_that_are_none_are_named(root, device):
    study = {"corpora": {"d": {"kind": "synthetic"}}, "networks": {"small": {"input_size": 32}}}
    with pytest.raises(UserError, match=rf"Unknown value '{device}' in 'device'.*cpu, cuda"):
        check(study | {"device": device}, root)
