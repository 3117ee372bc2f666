"""Corpora as their owners hand them out, in miniature: what each kind makes of them."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facsimile.errors import UserError
from facsimile.faces import corpora
from facsimile.faces.corpora import Corpus, corpus_of
from facsimile.faces.records import Record, UnreadableImage
from facsimile.plugins import load, names
from made_up_files import by_source, items_of

UNASKED = "frame of the sequence that is not asked for"
NUMBERED = "cohn-kanade-images/S005/001/S005_001_{:08d}.png"
ODD = "cohn-kanade-images/S005/001/S005_001_apex.png"


@pytest.fixture
def plant(tmp_path, small_face):
    """Return a function that puts a drawn face, or a text, under each name of a corpus."""

    def plant(files):
        for name, content in (
            dict.fromkeys(files, None).items() if isinstance(files, list) else files.items()
        ):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                Image.fromarray(small_face.image).save(path)
            else:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return plant


def read(kind, path, **options):
    """Return what a corpus of a kind yields, by source: each once, each image readable."""
    items = items_of(kind, path, **options)
    assert len({item.source for item in items}) == len(items)
    for item in items:
        if isinstance(item, Record):
            assert item.load().pixels.shape[2] == 3
    return by_source(items)


def test_ck_plus(plant):
    root = plant(
        {NUMBERED.format(number): None for number in (1, 2, 9, 10, 11)}
        | {
            "Emotion/S005/001/S005_001_00000011_emotion.txt": "   3.0000000e+00\n",
            ODD: None,
            "cohn-kanade-images/S010/002/S010_002_00000001.png": None,
            "cohn-kanade-images/S010/003/S010_003_00000001.png": None,
            "Emotion/S010/003/S010_003_00000001_emotion.txt": "2",
            "cohn-kanade-images/S010/004/S010_004_00000001.png": None,
            "Emotion/S010/004/S010_004_00000001_emotion.txt": "-1",
            "cohn-kanade-images/S010/005/S010_005_00000001.png": None,
            "Emotion/S010/005/a_emotion.txt": "1",
            "Emotion/S010/005/b_emotion.txt": "1",
            "cohn-kanade-images/S010/006/S010_006_00000001.png": None,
            "Emotion/S010/006/S010_006_00000001_emotion.txt": b"\xff\xff",
            "cohn-kanade-images/.DS_Store": "",
        }
    )
    kept, left = read("ck_plus", root, frames=2)
    assert kept == {NUMBERED.format(number): ("S005", "disgust") for number in (10, 11)}
    assert left == {
        **{NUMBERED.format(number): UNASKED for number in (1, 2, 9)},
        ODD: f"name is not of the form {NUMBERED.format(11)}",
        "cohn-kanade-images/S010/002/S010_002_00000001.png": "sequence without a label",
        "cohn-kanade-images/S010/003/S010_003_00000001.png": "not studied: contempt",
        "cohn-kanade-images/S010/004/S010_004_00000001.png": "unknown expression '-1'",
        "cohn-kanade-images/S010/005/S010_005_00000001.png": "several label files",
        "cohn-kanade-images/S010/006/S010_006_00000001.png": "label file cannot be read",
    }


def test_ck_plus_has_the_numbers_of_its_owners(plant):
    names = ("anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise")
    files = {}
    for number, _ in enumerate(names, start=1):
        files[f"cohn-kanade-images/S001/00{number}/S001_00{number}_00000001.png"] = None
        files[f"Emotion/S001/00{number}/S001_00{number}_00000001_emotion.txt"] = f"{number}.0e+00"
    kept, left = read("ck_plus", plant(files))
    assert [expression for _, expression in kept.values()] == [n for n in names if n != "contempt"]
    assert list(left.values()) == ["not studied: contempt"]


def test_jaffe(plant):
    root = plant(
        ["KA.AN1.39.tiff", "more/NA_SU3_202.png", "KA.NE1.26.tiff", "KA.XX1.1.tiff", "a.png"]
    )
    kept, left = read("jaffe", root)
    assert kept == {"KA.AN1.39.tiff": ("KA", "anger"), "more/NA_SU3_202.png": ("NA", "surprise")}
    assert left == {
        "KA.NE1.26.tiff": "not studied: neutral",
        "KA.XX1.1.tiff": "unknown expression 'XX'",
        "a.png": "name is not of the form KA.AN1.39.tiff",
    }


def test_wsefep(plant):
    table = "name,expression\nAD_7950.jpg,Joy\nAD_7951,disgust\nMK_1,neutral\nMK_2,fear\n"
    root = plant(
        {"labels.csv": table}
        | dict.fromkeys(["AD_7950.jpg", "AD_7951.jpg", "MK_1.jpg", "MK_3.jpg"])
    )
    kept, left = read("wsefep", root)
    assert kept == {"AD_7950.jpg": ("AD", "happiness"), "AD_7951.jpg": ("AD", "disgust")}
    assert left == {
        "MK_1.jpg": "not studied: neutral",
        "MK_2": "file not found",
        "MK_3.jpg": "no label in the table",
    }


@pytest.mark.parametrize("pattern", ["F001/Angry/{:03d}.jpg", "flat/F001_Angry_{:03d}.png"])
def test_bu_4dfe(plant, pattern):
    names = [pattern.format(number) for number in range(1, 8)]
    kept, left = read("bu_4dfe", plant([*names, "M002/Happy/050.jpg", "M002/note.png"]), frames=3)
    assert kept == dict.fromkeys(names[2:5], ("F001", "anger")) | {
        "M002/Happy/050.jpg": ("M002", "happiness")
    }
    assert left == dict.fromkeys(names[:2] + names[5:], UNASKED) | {
        "M002/note.png": "name is not of the form F001/Angry/020.jpg"
    }


def test_fega(plant):
    root = plant(
        [
            "0_F_22_alessandra2_Allegria_1.png",
            "1_M_30_Jordi_O_Paura_2.png",
            "0_F_22_al_Neutra_1.png",
        ]
    )
    kept, left = read("fega", root)
    assert kept == {
        "0_F_22_alessandra2_Allegria_1.png": ("alessandra2", "happiness"),
        "1_M_30_Jordi_O_Paura_2.png": ("Jordi_O", "fear"),
    }
    assert left == {"0_F_22_al_Neutra_1.png": "not studied: neutral"}
    _, record, _ = items_of("fega", root)
    assert record.load().extra == {"sex": "F", "age": "22", "take": "1"}


def test_kdef(plant):
    root = plant(
        ["AF01/AF01AFS.JPG", "AF01/AF01ANHL.JPG", "BM35/BM35NES.JPG", "BM35/BM35SUS.JPG", "x.jpg"]
    )
    kept, left = read("kdef", root)
    assert kept == {"AF01/AF01AFS.JPG": ("F01", "fear"), "BM35/BM35SUS.JPG": ("M35", "surprise")}
    assert left == {
        "AF01/AF01ANHL.JPG": "view HL is not asked for",
        "BM35/BM35NES.JPG": "not studied: neutral",
        "x.jpg": "name is not of the form AF01AFS.JPG",
    }
    assert "AF01/AF01ANHL.JPG" in read("kdef", root, views=["HL", "S"])[0]


def test_rafd(plant):
    names = [
        "Rafd090_01_Caucasian_female_angry_frontal.jpg",
        "Rafd045_01_Caucasian_female_angry_left.jpg",
        "Rafd090_70_Moroccan_male_contemptuous_right.jpg",
    ]
    kept, left = read("rafd", plant(names))
    assert kept == {names[0]: ("01", "anger")}
    assert left == {names[1]: "angle 045 is not asked for", names[2]: "not studied: contempt"}
    assert set(read("rafd", plant(names), angles=[45, 90])[0]) == set(names[:2])


def test_fer2013(plant):
    pixels = " ".join(["7", "255"] * 1152)
    rows = [
        "0," + pixels,
        "6," + pixels,
        "-1," + pixels,
        "3,1 2 3",
        "3," + pixels.replace("7", "x"),
        "3," + pixels.replace("7", "256"),
    ]
    root = plant(
        {"fer2013.csv": "emotion,pixels,Usage\n" + "".join(f"{row},Training\n" for row in rows)}
    )
    items = items_of("fer2013", root / "fer2013.csv")
    (first, neutral, unknown, short, letters, large) = items
    assert (first.source, first.subject, first.expression) == ("00000", "00000", "anger")
    picture = first.load()
    assert picture.pixels.shape == (48, 48, 3)
    assert picture.pixels[0, :2, 0].tolist() == [7, 255]
    assert picture.extra == {"usage": "Training"}
    assert (neutral.reason, unknown.reason) == ("not studied: neutral", "unknown expression '-1'")
    for record, reason in (
        (short, "not 48 x 48 pixels"),
        (letters, "pixels are not"),
        (large, "pixels are not"),
    ):
        assert record.expression == "happiness"
        with pytest.raises(UnreadableImage, match=reason):
            record.load()


def test_raf_db(plant):
    labels = "train_00001.jpg 5\ntest_0002.jpg 7\n\ntrain_00003.jpg 1\ntrain_00004.jpg -1\n"
    aligned = "Image/aligned/{}_aligned.jpg".format
    root = plant(
        {"EmoLabel/list_patition_label.txt": labels, "Image/original/train_00001.jpg": None}
        | {
            aligned(name): None
            for name in ("train_00001", "test_0002", "train_00004", "train_00005")
        }
    )
    kept, left = read("raf_db", root)
    assert kept == {aligned("train_00001"): (aligned("train_00001"), "sadness")}
    assert left == {
        aligned("test_0002"): "not studied: neutral",
        aligned("train_00004"): "unknown expression '-1'",
        aligned("train_00005"): "no label in the table",
        "train_00003": "file not found",
    }
    assert list(read("raf_db", root, crops="original")[0]) == ["Image/original/train_00001.jpg"]
    (root / "EmoLabel" / "list_patition_label.txt").write_text("train_00001.jpg\n")
    with pytest.raises(UserError, match="expected is a name and a number"):
        read("raf_db", root)
    (root / "EmoLabel" / "list_patition_label.txt").write_bytes(b"\xff\xff 1\n")
    with pytest.raises(UserError, match=r"label file .*list_patition_label\.txt cannot be read"):
        read("raf_db", root)


def test_folder(plant):
    root = plant(
        ["happy/anna_1.png", "train/Fear/ben 2.png", "neutral/c_1.png", "dogs/d_1.png", "e_1.png"]
    )
    kept, left = read("folder", root)
    assert kept == {
        "happy/anna_1.png": ("happy/anna_1.png", "happiness"),
        "train/Fear/ben 2.png": ("train/Fear/ben 2.png", "fear"),
    }
    assert left == {
        "neutral/c_1.png": "not studied: neutral",
        "dogs/d_1.png": "unknown expression 'dogs'",
        "e_1.png": "no expression given",
    }


@pytest.mark.parametrize("pattern", [r"([^/]+)_\d", r"[a-z]+(?=_\d)"])
def test_a_pattern_finds_the_subject_in_a_path(plant, pattern):
    root = plant(["happy/anna_1.png", "fear/ben 2.png"])
    kept, left = read("folder", root, subject=pattern)
    assert kept == {"happy/anna_1.png": ("anna", "happiness")}
    assert left == {"fear/ben 2.png": "no subject in the path"}


def test_a_pattern_that_is_none_is_named(plant):
    with pytest.raises(UserError, match=r"'\(', is no regular expression"):
        read("folder", plant(["happy/a.png"]), subject="(")


# Tables in the layouts of others


def test_the_label_table_of_the_benchmark(plant):
    root = plant(
        {
            "labels.csv": "dataset,user_id,name,class,age,gender\n"
            "jaffe,1,a.png,Happy,20,F\nkdef,1,a.png,Neutral,,\nkdef,2,b.png,sad,,\nkdef,2,c.png,fear,,\n",
            "jaffe/a.png": None,
            "kdef/a.png": None,
            "b.png": None,
        }
    )
    happy, neutral, sad, absent = items_of("csv", root / "labels.csv")
    assert (happy.source, happy.subject, happy.expression) == (
        "jaffe/a.png",
        "jaffe/1",
        "happiness",
    )
    assert happy.load().extra == {"age": "20", "gender": "F"}
    assert neutral.reason == "not studied: neutral"
    assert (sad.source, sad.subject) == ("kdef/b.png", "kdef/2")
    assert sad.load().pixels.shape[2] == 3
    with pytest.raises(UnreadableImage, match="file not found"):
        absent.load()


AFFECTNET = ["neutral", "happy", "sad", "surprise", "fear", "disgust", "anger", "contempt",
             "none", "uncertain", "no-face"]  # fmt: skip


def test_the_table_of_affectnet(plant):
    names = [f"12/{number}.jpg" for number in range(12)]
    numbers = [*range(11), -1]
    lines = [f"{name},0,0,99,99,1;2,{n},0.1,-0.2" for n, name in zip(numbers, names, strict=True)]
    header = (
        "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,"
        "expression,valence,arousal"
    )
    root = plant(
        {"lists/training.csv": "\n".join([header, *lines])} | {f"images/{n}": None for n in names}
    )
    given = {"images": root / "images", "order": AFFECTNET}
    kept, left = read("csv", root / "lists" / "training.csv", **given)
    expressions = ("happiness", "sadness", "surprise", "fear", "disgust", "anger")
    assert kept == {n: (n, e) for n, e in zip(names[1:7], expressions, strict=True)}
    assert [left[name] for name in (names[0], *names[7:])] == [
        "not studied: neutral",
        "not studied: contempt",
        *["not studied: no expression"] * 3,
        "unknown expression '-1'",
    ]
    with pytest.raises(UserError, match=r"'12/0.jpg' is the number 0: say what numbers stand for"):
        read("csv", root / "lists" / "training.csv", images=root / "images")


def test_columns_of_other_names(plant):
    root = plant({"t.csv": "file;who;label;age\na.png;7;JOY;30\n", "a.png": None})
    columns = {"path": "file", "subject": "who", "expression": "label"}
    assert read("csv", root / "t.csv", columns=columns)[0] == {"a.png": ("7", "happiness")}
    del columns["subject"]
    assert read("csv", root / "t.csv", columns=columns)[0] == {"a.png": ("a.png", "happiness")}
    with pytest.raises(UserError, match=r"lacks the column wo: it has file, who, label, age"):
        read("csv", root / "t.csv", columns=columns | {"subject": "wo"})


def test_a_word_in_an_order_must_be_known(plant):
    root = plant({"t.csv": "path,subject,expression\na.png,s,1\n"})
    with pytest.raises(UserError, match=r"'hapy' in 'order'\. Did you mean 'happy'"):
        read("csv", root / "t.csv", order=["neutral", "hapy"])


# What holds for all folders


KINDS = names("facsimile.faces.corpora")
FOLDERS = [kind for kind in KINDS if kind not in ("csv", "fer2013", "synthetic")]


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_folder_that_is_not_there_is_named_with_its_layout(kind, tmp_path):
    with pytest.raises(UserError) as caught:
        items_of(kind, tmp_path / "absent")
    assert str(tmp_path / "absent") in str(caught.value)
    assert kind_named(kind).LAYOUT in str(caught.value)


@pytest.mark.parametrize("kind", ["ck_plus", "raf_db", "wsefep"])
def test_a_folder_that_lacks_a_part_says_which(kind, tmp_path):
    with pytest.raises(UserError, match=r"has no .+\. Expected is the |has no .+\. Expected is a "):
        items_of(kind, tmp_path)


@pytest.mark.parametrize(
    "name", ["anger/a b.png", "anger/лицо.png", "anger/顔 1.png", "anger/é'\"&\n.png"]
)
def test_any_name_is_read(plant, name):
    assert list(read("folder", plant([name]))[0]) == [name]


def test_a_name_that_is_no_text_is_left_out(plant):
    root = plant(["anger/a.png"])
    os.rename(root / "anger" / "a.png", os.fsencode(root / "anger") + b"/\xff.png")  # noqa: PTH104
    assert read("folder", root) == ({}, {"anger/\\xff.png": "file name is not UTF-8"})


def test_links_are_followed_to_files_inside_alone(plant, tmp_path_factory):
    root, outside = plant(["anger/a.png"]), tmp_path_factory.mktemp("outside")
    Image.new("RGB", (9, 9)).save(outside / "b.png")
    (root / "anger" / "in.png").symlink_to("a.png")
    (root / "anger" / "out.png").symlink_to(outside / "b.png")
    (root / "anger" / "broken.png").symlink_to("nowhere.png")
    (root / "fear").symlink_to(outside)
    items = {item.source: item for item in items_of("folder", root)}
    assert items["fear"].reason == "link to a folder: not followed"
    assert items["anger/in.png"].load().pixels.shape[2] == 3
    for name, reason in (("out", "path leaves the corpus folder"), ("broken", "broken link")):
        with pytest.raises(UnreadableImage, match=reason):
            items[f"anger/{name}.png"].load()


def test_a_corpus_may_itself_be_a_link(plant, tmp_path_factory):
    link = tmp_path_factory.mktemp("links") / "corpus"
    link.symlink_to(plant(["anger/a.png"]))
    assert list(read("folder", link)[0]) == ["anger/a.png"]


def test_a_folder_that_cannot_be_listed_is_an_error(plant, monkeypatch):
    root = plant(["anger/a.png"])
    scan = os.scandir

    def refuse(path):
        if Path(path).name == "anger":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(UserError, match=r"folder .*anger cannot be read: Permission denied"):
        read("folder", root)


def test_files_that_are_no_images_are_counted_in_the_log(plant, caplog):
    caplog.set_level("INFO")
    plant({"anger/a.png": None, "anger/.hidden.png": "", "readme.txt": "", "Thumbs.db": ""})
    root = plant([])
    assert list(read("folder", root)[0]) == ["anger/a.png"]
    assert "3 files" in caplog.text


def test_order_does_not_depend_on_the_file_system(plant, monkeypatch):
    root = plant([f"{folder}/{name}.png" for folder in ("fear", "anger") for name in "cab"])
    expected = list(read("folder", root)[0])
    scan = os.scandir

    class Backwards:
        def __init__(self, path):
            self.entries = iter(sorted(scan(path), key=lambda entry: entry.name, reverse=True))

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def __iter__(self):
            return self.entries

        def __next__(self):
            return next(self.entries)

    monkeypatch.setattr(os, "scandir", Backwards)
    assert list(read("folder", root)[0]) == expected == sorted(expected)


def test_what_is_said_of_an_image_left_out_is_kept(plant):
    root = plant(["AF01/AF01ANHL.JPG", "BM35/BM35NES.JPG"])
    items = items_of("kdef", root)
    assert [(i.subject, i.expression) for i in items] == [("F01", "anger"), ("M35", "neutral")]


def test_pixels_come_as_they_are(plant, small_face):
    root = plant(["anger/a.png"])
    (record,) = items_of("folder", root)
    assert np.array_equal(record.load().pixels, small_face.image)


# Kinds, found by their names


def kind_named(name):
    return load("facsimile.faces.corpora", name, Corpus, "kind of corpus")


@pytest.mark.parametrize("name", KINDS)
def test_each_option_of_a_kind_says_what_it_means(name):
    kind = kind_named(name)
    assert kind.LAYOUT
    for field in dataclasses.fields(kind):
        assert field.kw_only
        assert field.metadata["description"][0].isupper()
        assert field.metadata["description"].endswith(".")


def test_kinds_are_light_to_import(root):
    code = """
import sys
from facsimile.faces.corpora import Corpus
from facsimile.plugins import load, names
for name in names("facsimile.faces.corpora"):
    load("facsimile.faces.corpora", name, Corpus, "kind of corpus")
heavy = {"numpy", "pandas", "PIL", "scipy", "dlib", "joblib", "skimage"} & set(sys.modules)
assert not heavy, heavy
"""
    environment = {**os.environ, "PYTHONPATH": str(root / "workflow" / "scripts")}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_an_unknown_kind_is_named_with_the_nearest():
    with pytest.raises(
        UserError, match=r"Unknown kind of corpus 'embeded'\. Allowed: affectnet, .*"
    ):
        corpus_of({"kind": "embeded"})


def test_places_are_what_is_read(tmp_path):
    row = {"kind": "csv", "path": "t.csv", "images": None, "order": ["anger", "fear"]}
    assert corpus_of(row).places() == [Path("t.csv")]
    assert corpus_of(row | {"images": "pictures"}).places() == [Path("t.csv"), Path("pictures")]
    assert corpus_of({"kind": "wsefep", "path": "w"}).places() == [Path("w")]
    assert corpus_of({"kind": "synthetic"}).places() == []


def test_only_what_draws_needs_the_projects_tables():
    assert [name for name in KINDS if kind_named(name).HAS_EVIDENCE] == ["synthetic"]
    assert corpus_of({"kind": "jaffe", "path": "j"}).tables == ()
    assert corpus_of({"kind": "synthetic"}).tables == ("action_units",)
    planted = corpus_of({"kind": "synthetic", "units": "mouth"})
    assert planted.tables == ("action_units", "planted_units")


ADDED = """
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from facsimile.faces.corpora import NO_TABLES, Corpus
from facsimile.faces.layouts import trees
from facsimile.faces.records import labelled
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class Smiles(Corpus):
    LAYOUT = "a folder of smiles"
    path: Path = option("The corpus' folder.")
    most: int = option("Smiles read.", 2, ge=1)

    def records(self, tables=NO_TABLES):
        root = trees.open_folder(self.path, self.LAYOUT)
        for source in islice(trees.image_files(root), self.most):
            yield labelled(source, source, "joy", partial(trees.load, root, source))
"""


def test_a_kind_is_added_by_adding_its_file(plant, tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "smiles.py").write_text(ADDED)
    monkeypatch.setattr(corpora, "__path__", [*corpora.__path__, str(folder)])
    monkeypatch.delitem(sys.modules, "facsimile.faces.corpora.smiles", raising=False)
    assert "smiles" in names("facsimile.faces.corpora")
    root = plant(["a.png", "b.png", "c.png"])
    kept = {name: (name, "happiness") for name in ("a.png", "b.png")}
    assert read("smiles", root)[0] == kept
    with pytest.raises(UserError, match="Expected is a folder of smiles"):
        items_of("smiles", root / "absent")
