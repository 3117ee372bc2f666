"""Folders, file names and pixels as people bring them: read, or left out with a reason."""

import resource
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from facsimile.errors import UserError
from facsimile.faces import images
from facsimile.faces.reading import read_face
from facsimile.faces.records import Excluded, Picture, Record, UnreadableImage
from made_up_files import deep_png, items_of, read, written

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
