"""Tables and image files as people bring them: read, or left out with a reason."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces import images
from facsimile.faces.corpora import corpus_of
from facsimile.faces.labels import NAMES, WORDS, expression_named, in_order, why_not
from facsimile.faces.records import Excluded, Record, UnreadableImage
from made_up_files import HEADER, header_of_png, items_of


@pytest.fixture
def read_table(tmp_path):
    def read(content):
        path = tmp_path / "faces.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return items_of("csv", path)

    return read


def reasons(items):
    return [item.reason for item in items if isinstance(item, Excluded)]


# Tables


@pytest.mark.parametrize(
    "content",
    [
        b"path,subject,expression\na b.png,007,Angry\n",
        b"\xef\xbb\xbfpath,subject,expression\na b.png,007,Angry\n",
        b"path;subject;expression\na b.png;007;Angry\n",
        b"path\tsubject\texpression\na b.png\t007\tAngry\n",
        b"path,subject,expression\r\na b.png,007,Angry\r\n",
        b"path,subject,expression\ra b.png,007,Angry",
        b"\nexpression , path , subject\n Angry , a b.png , 007 \n\n",
        b'"path","subject","expression"\n"a b.png","007","Angry"\n',
    ],
    ids=["plain", "mark", "semicolons", "tabs", "windows", "old mac", "spaces", "quotes"],
)
def test_a_table_is_read_however_it_is_written(read_table, content):
    (record,) = read_table(content)
    assert (record.source, record.subject, record.expression) == ("a b.png", "007", "anger")


def test_further_columns_are_kept_as_written(read_table, tmp_path):
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    (record,) = read_table('path,subject,expression,age,note\na.png,s,fear,07,"x, y"\n')
    assert record.load().extra == {"age": "07", "note": "x, y"}


def test_a_missing_column_is_named_with_those_found(read_table):
    with pytest.raises(UserError, match=r"lacks the column expression: it has path, subject, age"):
        read_table("path,subject,age\na.png,s,3\n")


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_table_lacks_its_columns(read_table, content):
    with pytest.raises(UserError, match="lacks the column path, subject, expression"):
        read_table(content)


def test_a_column_that_is_there_twice_is_named(read_table):
    with pytest.raises(UserError, match="has the column 'expression' twice"):
        read_table("path,subject,expression, expression\na.png,s,fear,anger\n")


def test_a_table_that_must_not_be_read_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "faces.csv").write_text(HEADER)

    def refuse(path, *_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UserError, match=r"faces\.csv cannot be read as CSV: .*Permission denied"):
        items_of("csv", tmp_path / "faces.csv")


def test_a_table_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UserError, match=r"no table .*absent\.csv"):
        items_of("csv", tmp_path / "absent.csv")


@pytest.mark.parametrize("content", [HEADER.encode() + b"\x81.png,s,anger\n", HEADER + '"a\nb\n'])
def test_a_table_that_is_no_csv_says_so(read_table, content):
    with pytest.raises(UserError, match="cannot be read as CSV"):
        read_table(content)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a.png,s,bored", "unknown expression 'bored'"),
        ("a.png,s,Neutral", "not studied: neutral"),
        ("a.png,s,contempt", "not studied: contempt"),
        ("a.png,s,", "no expression given"),
        ("a.png,s", "no expression given"),
        ("a.png,s,anger,7", "more fields than columns"),
        ("a.png, ,anger", "no subject given"),
        (",s,anger", "no path given"),
        ("../a.png,s,anger", "path leaves the corpus folder"),
        ("b/../../a.png,s,anger", "path leaves the corpus folder"),
        ("/a.png,s,anger", "path leaves the corpus folder"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_with_its_reason(read_table, row, reason):
    assert reasons(read_table(HEADER + row + "\n")) == [reason]


def test_a_face_listed_twice_is_read_once(read_table):
    items = read_table(HEADER + "b/a.png,s,anger\nb/a.png,s,angry\n./b//a.png,s,anger\n")
    assert isinstance(items[0], Record)
    assert reasons(items) == ["listed twice"] * 2


def test_every_row_is_a_record_or_left_out(read_table):
    rows = [f"{n}.png,s,{word}" for n, word in enumerate(["sad", "bored", "", "joy", "neutral"])]
    items = read_table(HEADER + "\n".join(rows))
    assert [item.source for item in items] == [f"{n}.png" for n in range(5)]
    assert len(reasons(items)) == 3


@given(st.sampled_from(sorted(NAMES)), st.booleans())
def test_words_of_other_tools_are_understood(word, shout):
    said = f" {word.upper() if shout else word.title()} "
    name = NAMES[word]
    if name in EXPRESSIONS:
        assert expression_named(said) == name
    else:
        assert expression_named(said) is None
        assert why_not(said) == f"not studied: {name}"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("angry", "anger"),
        ("Allegria", "happiness"),
        ("felicita\u0300", "happiness"),
        ("AN", "anger"),
        ("AF", "fear"),
        ("Sorpresa", "surprise"),
        ("disgusted", "disgust"),
        ("SA", "sadness"),
    ],
)
def test_words_mean_what_their_corpus_means(word, name):
    assert expression_named(word) == name


def test_no_word_stands_for_two_expressions():
    words = [word for words in WORDS.values() for word in words.split()]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("word", "meant"),
    [("0", "neutral"), ("1", "fear"), ("1.0", "fear"), ("-1", "-1"), ("1.5", "1.5"),
     ("joy", "joy"), ("", ""), ("nan", "nan"), ("inf", "inf")],
)  # fmt: skip
def test_numbers_are_places_in_an_order(word, meant):
    assert in_order(word, ["neutral", "fear"]) == meant


def test_a_number_beyond_the_order_shows_that_the_order_is_wrong():
    with pytest.raises(UserError, match=r"'a.png' is the number 2, .* 0 \(neutral\) to 1 \(fear\)"):
        in_order("2", ["neutral", "fear"], "a.png")


@given(st.text(max_size=20))
def test_any_other_word_has_a_reason(word):
    assert expression_named(word) is not None or why_not(word)


def test_the_words_cover_the_six():
    assert tuple(WORDS)[:6] == EXPRESSIONS


def synthetic(identities, per_expression):
    return corpus_of(
        {"kind": "synthetic", "identities": identities, "per_expression": per_expression}
    )


def test_a_synthetic_corpus_shares_its_faces_out(root):
    tables = {"action_units": root / "resources" / "action_units.csv"}
    items = list(synthetic(3, 7).records(tables))
    assert len(items) == len({item.source for item in items}) == 7 * 6
    for expression in EXPRESSIONS:
        subjects = [item.subject for item in items if item.expression == expression]
        assert sorted(subjects.count(f"{n:03d}") for n in range(3)) == [2, 2, 3]


def test_a_synthetic_corpus_with_more_people_than_faces_is_refused():
    with pytest.raises(UserError, match="per_expression of at least 9, found 4"):
        synthetic(9, 4)


# Images


@pytest.fixture
def picture():
    return Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 80, 3), np.uint8))


@pytest.mark.parametrize("name", ["a face.png", "лицо.png", "顔 1.png", "é'\"&.png"])
def test_any_file_name_is_read(tmp_path, picture, name):
    picture.save(tmp_path / name)
    assert (images.read(tmp_path / name) == np.asarray(picture)).all()


@pytest.mark.parametrize("mode", ["L", "1", "RGBA", "LA", "P", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_every_mode_becomes_rgb(tmp_path, picture, mode):
    grey = picture.convert("L")
    image = grey.convert("I").convert(mode) if mode == "I;16" else picture.convert(mode)
    image.save(tmp_path / "a.tiff")
    pixels = images.read(tmp_path / "a.tiff")
    assert pixels.shape == (60, 80, 3)
    assert pixels.dtype == np.uint8
    brightness = np.asarray(Image.fromarray(pixels).convert("L"), float)
    likeness = np.corrcoef(brightness.ravel(), np.asarray(grey, float).ravel())[0, 1]
    assert likeness > (0.6 if mode == "1" else 0.95)


def test_cmyk_jpeg_keeps_its_colours(tmp_path):
    Image.new("RGB", (16, 16), (200, 60, 20)).convert("CMYK").save(tmp_path / "a.jpg")
    assert np.abs(images.read(tmp_path / "a.jpg")[8, 8] - np.array([200, 60, 20])).max() < 12


def test_16_bits_are_scaled_not_clipped(tmp_path):
    Image.fromarray(np.array([[0, 16384, 32768, 65535]], np.uint16)).save(tmp_path / "a.png")
    assert images.read(tmp_path / "a.png")[0, :, 0].tolist() == [0, 63, 127, 255]


def test_pixels_that_are_no_numbers_are_black(tmp_path):
    values = np.array([[np.nan, 0.0, 1.0, 2.0]], np.float32)
    Image.fromarray(values).save(tmp_path / "a.tiff")
    assert images.read(tmp_path / "a.tiff")[0, :, 0].tolist() == [0, 0, 127, 255]


def test_what_a_palette_leaves_transparent_is_white(tmp_path):
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((1, 0), 1)
    image.save(tmp_path / "a.png", transparency=0)
    assert images.read(tmp_path / "a.png").tolist() == [[[255, 255, 255], [0, 0, 255]]]


def test_a_photograph_is_turned_as_its_exif_says(tmp_path):
    image = Image.new("RGB", (20, 10))
    image.paste("white", (0, 0, 10, 10))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to view
    image.save(tmp_path / "a.png", exif=exif)
    pixels = images.read(tmp_path / "a.png")
    assert pixels.shape == (20, 10, 3)
    assert pixels[:10].min() == 255
    assert pixels[10:].max() == 0


def test_an_animation_gives_its_first_frame(tmp_path):
    first, second = Image.new("RGB", (5, 5), "white"), Image.new("RGB", (5, 5), "black")
    first.save(tmp_path / "a.gif", save_all=True, append_images=[second])
    assert images.read(tmp_path / "a.gif").min() == 255


def test_a_single_pixel_is_an_image(tmp_path):
    Image.new("RGB", (1, 1), "white").save(tmp_path / "a.png")
    assert images.read(tmp_path / "a.png").shape == (1, 1, 3)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not an image"),
        (b"this is a text", "not an image"),
        (header_of_png(20_000, 6_000), "image too large: over 100 million pixels"),
        (header_of_png(20_000, 20_000), "image too large: over 100 million pixels"),
        (header_of_png(80, 60), "unreadable image: image file is truncated"),
    ],
    ids=["nothing", "text", "large", "huge", "header alone"],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_file_without_a_usable_image_has_a_reason(tmp_path, content, reason):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(UnreadableImage, match=reason):
        images.read(tmp_path / "a.png")


@pytest.mark.parametrize("kind", ["jpeg", "png", "tiff", "gif", "bmp", "webp"])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_half_a_file_is_unreadable(tmp_path, picture, kind):
    picture.save(tmp_path / "whole", kind)
    content = (tmp_path / "whole").read_bytes()
    (tmp_path / "half").write_bytes(content[: len(content) // 2])
    with pytest.raises(UnreadableImage):
        images.read(tmp_path / "half")


@pytest.mark.parametrize("kind", ["jpeg", "png", "tiff", "gif", "bmp", "webp"])
@pytest.mark.filterwarnings("ignore")
def test_a_damaged_file_is_read_or_unreadable(tmp_path, picture, kind):
    picture.save(tmp_path / "whole", kind)
    generator = np.random.default_rng(1)
    for _ in range(40):
        content = bytearray((tmp_path / "whole").read_bytes())
        for place in generator.integers(0, min(len(content), 150), 4):
            content[place] = generator.integers(256)
        (tmp_path / "damaged").write_bytes(content)
        try:
            assert images.read(tmp_path / "damaged").shape[2] == 3
        except UnreadableImage as reason:
            assert str(reason)


def test_what_is_not_there_is_not_found(tmp_path):
    (tmp_path / "link.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    for name, reason in (
        ("absent.png", "file not found"),
        ("link.png", "broken link"),
        ("loop.png", "unreadable image: Too many levels of symbolic links"),
    ):
        for within in (None, tmp_path):
            with pytest.raises(UnreadableImage, match=reason):
                images.read(tmp_path / name, within)


def test_a_link_must_not_lead_out_of_the_corpus(tmp_path, picture):
    corpus = tmp_path / "corpus"
    (corpus / "inside").mkdir(parents=True)
    picture.save(tmp_path / "outside.png")
    picture.save(corpus / "inside" / "a.png")
    (corpus / "in.png").symlink_to("inside/a.png")
    (corpus / "out.png").symlink_to(tmp_path / "outside.png")
    (corpus / "folder").symlink_to(tmp_path)
    (tmp_path / "door").symlink_to(corpus)
    assert (images.read(corpus / "in.png", corpus) == np.asarray(picture)).all()
    assert (images.read(tmp_path / "door" / "in.png", tmp_path / "door") == picture).all()
    for name in ("out.png", "folder/outside.png", "../outside.png"):
        with pytest.raises(UnreadableImage, match="path leaves the corpus folder"):
            images.read(corpus / name, corpus)


def test_a_forbidden_file_has_a_reason(tmp_path, picture, monkeypatch):
    picture.save(tmp_path / "a.png")
    (tmp_path / "a.png").chmod(0)
    if os.access(tmp_path / "a.png", os.R_OK):  # as root: let the system call refuse

        def refuse(path, *_, **__):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

        monkeypatch.setattr(images.Image, "open", refuse)
    with pytest.raises(UnreadableImage, match="no permission to read the file"):
        images.read(tmp_path / "a.png")


@pytest.mark.parametrize("name", ["", "x" * 300, "a\0b.png", "file/b.png"])
def test_a_path_that_cannot_be_a_file_has_a_reason_without_the_path(tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(UnreadableImage) as caught:
        images.read(tmp_path / name)
    assert str(tmp_path) not in str(caught.value)


def test_faces_are_resized_one_by_one():
    faces = np.random.default_rng(0).integers(0, 255, (3, 224, 224), np.uint8)
    small = images.resize(faces, 48)
    assert small.shape == (3, 48, 48)
    assert (small[1:2] == images.resize(faces[1:2], 48)).all()
    assert abs(small.mean() - faces.mean()) < 1
    assert (images.resize(faces, 224) == faces).all()
