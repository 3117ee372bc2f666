"""Folders, file names and pixels as people bring them: read, or left out with a reason."""

import os
import resource
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from facsimile.errors import UserError
from facsimile.faces import dataset, images
from facsimile.faces.corpora import corpus_of
from facsimile.faces.reading import CorpusFiles, read_corpus, read_face
from facsimile.faces.records import Excluded, Picture, Record, UnreadableImage
from made_up_files import LIST, deep_png, items_of, read, written

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
    ("kind", "right", "wrong", "what"),
    [
        ("kdef", "AF01/AF01AFS.JPG", "BM02/AF01HAS.JPG", "subject, 'BM02'"),
        ("kdef", "afraid/AF01AFS.JPG", "afraid/AF01HAS.JPG", "expression, 'afraid'"),
        ("jaffe", "KA/KA.AN1.39.tiff", "Happiness/KA.FE1.45.tiff", "expression, 'Happiness'"),
        ("bu_4dfe", "F001/Angry/F001_Angry_020.jpg", "F001/Happy/M002_Happy_020.jpg",
         "subject, 'F001'"),
        ("bu_4dfe", "F001/Angry/020.jpg", "M002/Angry/M002_Happy_020.jpg", "expression, 'Angry'"),
    ],
)  # fmt: skip
def test_an_image_in_another_s_folder_is_left_out(tmp_path, kind, right, wrong, what):
    kept, left = read(kind, written(tmp_path, {right: None, wrong: None}))
    assert list(kept) == [right]
    assert left == {wrong: f"folder of another {what}"}


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


@pytest.mark.slow
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
