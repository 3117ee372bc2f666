"""Regions of a face: the masks of expressions, and the places of action units."""

import numpy as np
import pytest
import yaml
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.atlas.canonical import HEIGHT, WIDTH
from facsimile.atlas.facs import facs_regions, read_unit_regions, read_units
from facsimile.atlas.polygons import read_regions
from facsimile.atlas.regions import draw_mask, locate, outline
from facsimile.errors import UserError

# Masks


@pytest.fixture(scope="module")
def regions(root):
    return read_regions(root / "resources" / "references" / "ekman.yaml")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_masks_are_the_published_ones(regions, canonical, shared, expression):
    published = Image.open(shared / "published" / "masks" / f"{expression}.png").convert("L")
    expected = np.asarray(published) > 127
    drawn = draw_mask(regions[expression], canonical)
    assert drawn.shape == (HEIGHT, WIDTH)
    assert (drawn & expected).sum() / (drawn | expected).sum() >= 0.995


@pytest.mark.parametrize(
    ("word", "point"),
    [
        ("19", (50, 52)),
        ("19^", (50, 0)),
        ("46>30", (167, 118)),
        ("5~49", (55, 198.5)),
        ("17~TR", (215, 43)),
        ("19^~20", (58, 25)),
        ("TL", (0, 0)),
        ("TR", (223, 0)),
    ],
)
def test_corners_are_where_their_words_say(canonical, word, point):
    assert tuple(locate(word, canonical)) == point


@pytest.mark.parametrize(
    "word", ["0", "69", "-1", "x", "", "^", "5~", "~", "46>", "46>30>2", "BL", "1.5", "5~99"]
)
def test_a_word_that_names_no_corner_is_refused(canonical, word):
    with pytest.raises(UserError, match="expected 19, 19\\^, 46>30, 5~49, TL or TR"):
        locate(word, canonical)


@pytest.mark.parametrize("text", ["1 1 1", "TL TL~TR TR", "37 46 37"])
def test_a_polygon_without_area_is_refused(canonical, text):
    with pytest.raises(UserError, match=f"The polygon '{text}' covers no area"):
        draw_mask([text], canonical)


def test_a_mask_is_a_union_of_filled_polygons_with_their_edges(canonical):
    assert draw_mask(["TL TR 9"], canonical)[0].all()
    triangle, other = "37 46 9", "19 26 34"
    both = draw_mask([triangle, other], canonical)
    union = draw_mask([triangle], canonical) | draw_mask([other], canonical)
    assert (both == union).all()
    for word in triangle.split():
        x, y = locate(word, canonical).astype(int)
        assert both[y, x]


def write(tmp_path, content):
    path = tmp_path / "regions.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return path


def test_regions_must_name_the_six(tmp_path, regions):
    six = ", ".join(EXPRESSIONS)
    lacking = {name: regions[name] for name in EXPRESSIONS[1:]}
    for content in (lacking, regions | {"anger and more": ["1 2 3"]}, "", "- anger"):
        with pytest.raises(UserError, match=f"must name exactly {six}; found: "):
            read_regions(write(tmp_path, content))


@pytest.mark.parametrize("polygons", ["1 2 3", None, [], [19], ["1 2"], [["1", "2", "3"]]])
def test_regions_must_be_lists_of_polygons(tmp_path, regions, polygons):
    with pytest.raises(UserError, match="anger must be a list of polygons"):
        read_regions(write(tmp_path, regions | {"anger": polygons}))


def test_regions_that_are_no_yaml_are_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be read as YAML"):
        read_regions(write(tmp_path, "anger: [1 2"))


# Rivals


def test_the_outline_goes_through_the_landmarks(canonical):
    x, y = canonical.astype(int).T
    assert (outline(canonical)[y, x] < 255).all()


# Action units


@pytest.fixture(scope="module")
def units(root):
    return read_units(root / "resources" / "expression_units.csv")


@pytest.fixture(scope="module")
def unit_regions(root):
    return read_unit_regions(root / "resources" / "action_unit_regions.yaml")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_variants_add_to_the_core(units, unit_regions, canonical, expression):
    core, variants = (
        draw_mask(facs_regions(units, unit_regions, roles)[expression], canonical)
        for roles in (["core"], ["core", "variant"])
    )
    assert 0.05 < core.mean() < variants.mean() < 0.5
    assert not (core & ~variants).any()


def test_every_unit_has_a_region_and_a_source(units, unit_regions):
    assert set(units["unit"]) <= set(unit_regions)
    assert set(units["role"]) == {"core", "variant"}
    assert units["source"].str.contains(r"\d{4}").all()
    assert not units.duplicated(["expression", "unit"]).any()


def test_the_regions_are_where_the_muscles_are(unit_regions, canonical):
    middles = {
        unit: np.argwhere(draw_mask(polygons, canonical)).mean(axis=0)[0]
        for unit, polygons in unit_regions.items()
    }
    brows, eyes, nose, mouth, chin = (canonical[at, 1] for at in (21, 37, 30, 57, 8))
    assert all(middles[unit] < brows for unit in ("AU1", "AU2"))
    assert brows < middles["AU4"] < middles["AU5"] < middles["AU6"] < nose
    assert eyes - 15 < middles["AU7"] < nose
    assert all(abs(middles[unit] - mouth) < 25 for unit in ("AU23", "AU24", "AU25"))
    assert mouth < middles["AU17"] < chin


def test_a_unit_without_a_region_is_refused(units, unit_regions):
    lacking = {unit: lines for unit, lines in unit_regions.items() if unit != "AU4"}
    with pytest.raises(UserError, match="No region is drawn for AU4"):
        facs_regions(units, lacking, ["core"])


def test_tables_of_units_must_be_whole(units, tmp_path):
    path = tmp_path / "units.csv"
    units.drop(columns="role").to_csv(path, index=False)
    with pytest.raises(UserError, match="lacks the column role"):
        read_units(path)
    units[units["expression"] != "fear"].to_csv(path, index=False)
    with pytest.raises(UserError, match="no core unit of fear"):
        read_units(path)
