"""Maps made elsewhere: read as they are, or refused in one sentence."""

import numpy as np
import pytest
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.atlas.canonical import HEIGHT, WIDTH
from facsimile.atlas.maps import find_maps, find_networks, read_heatmaps, read_map, read_reference
from facsimile.errors import UserError


def picture(path, image):
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, image) if path.suffix == ".npy" else Image.fromarray(image).save(path)


def test_maps_are_read_from_pictures_and_arrays(tmp_path):
    grey = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH)).astype(np.uint8)
    for number, image in enumerate((grey, np.dstack([grey] * 3), grey.astype(np.uint16) * 200)):
        picture(tmp_path / f"{number}.png", image)
        assert (
            read_map(tmp_path / f"{number}.png").tolist()
            == (grey * (200.0 if number == 2 else 1.0)).tolist()
        )
    picture(tmp_path / "a.npy", grey / 255)
    assert read_map(tmp_path / "a.npy") == pytest.approx(grey / 255)


FRAME = np.ones((HEIGHT, WIDTH))


@pytest.mark.parametrize(
    ("name", "image", "sentence"),
    [
        ("a.png", np.zeros((WIDTH, HEIGHT), np.uint8), "is 275 x 224; expected 224 wide and 275"),
        ("a.npy", np.zeros((2, HEIGHT, WIDTH)), "is 224 x 275 x 2; expected"),
        ("a.png", np.dstack([FRAME * 9, FRAME, FRAME]).astype(np.uint8), "is in colour"),
        ("a.npy", np.where(np.arange(WIDTH) < 2, np.nan, FRAME), "holds 550 undefined pixels"),
        ("a.npy", FRAME * -0.5, "holds negative values, down to -0.5"),
        ("a.npy", FRAME * 1j, "holds complex numbers"),
        ("a.npy", np.full((HEIGHT, WIDTH), "x"), "holds <U1; expected numbers"),
    ],
)
def test_a_bad_map_is_one_sentence(tmp_path, name, image, sentence):
    picture(tmp_path / name, image)
    with pytest.raises(UserError, match=sentence):
        read_map(tmp_path / name)


@pytest.mark.parametrize("name", ["a.png", "a.npy"])
def test_a_file_that_is_no_map_is_one_sentence(tmp_path, name):
    (tmp_path / name).write_text("no map")
    with pytest.raises(UserError, match="cannot be read as"):
        read_map(tmp_path / name)


def test_folders_of_maps_name_expressions_once(tmp_path):
    with pytest.raises(UserError, match="There is no folder"):
        find_maps(tmp_path / "absent")
    with pytest.raises(UserError, match="holds no map"):
        find_maps(tmp_path)
    picture(tmp_path / "fear.npy", FRAME)
    assert list(find_maps(tmp_path)) == ["fear"]
    picture(tmp_path / "fear.png", FRAME.astype(np.uint8))
    with pytest.raises(UserError, match=r"both fear\.npy and fear\.png"):
        find_maps(tmp_path)
    (tmp_path / "fear.png").rename(tmp_path / "angre.png")
    with pytest.raises(UserError, match=r"'angre'.*Did you mean 'anger'"):
        find_maps(tmp_path)


def test_networks_are_folders_in_a_folder(tmp_path):
    with pytest.raises(UserError, match="There is no folder"):
        find_networks(tmp_path / "absent")
    with pytest.raises(UserError, match="holds no folder"):
        find_networks(tmp_path)
    picture(tmp_path / "mine" / "anger.npy", FRAME)
    assert list(find_networks(tmp_path)) == ["mine"]


def test_missing_and_constant_heatmaps_are_said_and_stay_undefined(tmp_path, caplog):
    picture(tmp_path / "anger.npy", np.outer(np.arange(HEIGHT), np.ones(WIDTH)))
    picture(tmp_path / "disgust.npy", FRAME)
    maps = read_heatmaps(tmp_path)
    assert list(maps) == list(EXPRESSIONS)
    assert np.isnan(maps["fear"]).all()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 5
    assert any("has no heatmap of fear" in line for line in said)
    assert any("disgust.npy is constant" in line for line in said)


def test_a_reference_of_ones_own_has_all_six_and_tells_places_apart(tmp_path):
    gradient = np.outer(np.arange(HEIGHT), np.ones(WIDTH))
    for name in EXPRESSIONS[1:]:
        picture(tmp_path / f"{name}.npy", gradient)
    with pytest.raises(UserError, match="has no map of anger"):
        read_reference(tmp_path)
    picture(tmp_path / "anger.npy", FRAME)
    with pytest.raises(UserError, match="marks nothing, or everything, for anger"):
        read_reference(tmp_path)
    picture(tmp_path / "anger.npy", gradient)
    assert {image.dtype.name for image in read_reference(tmp_path).values()} == {"float32"}
    for name in EXPRESSIONS:
        picture(tmp_path / f"{name}.npy", (gradient > 99) * 255)
    assert {image.dtype.name for image in read_reference(tmp_path).values()} == {"bool"}
