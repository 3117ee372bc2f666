"""The canonical face: its landmarks, carrying maps to it, averaging there, and the masks."""

import warnings

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy.ndimage import gaussian_filter
from skimage.measure import block_reduce
from skimage.transform import PiecewiseAffineTransform, warp

from facsimile import EXPRESSIONS
from facsimile.atlas.canonical import HEIGHT, WIDTH, Atlas, read_landmarks, with_helpers
from facsimile.atlas.heatmaps import average
from facsimile.atlas.regions import draw_mask, locate, read_regions
from facsimile.errors import UserError
from facsimile.faces.alignment import align
from facsimile.faces.detection import landmarks_in


@pytest.fixture(scope="module")
def canonical(root):
    return read_landmarks(root / "resources" / "canonical_landmarks.csv")


@pytest.fixture(scope="module")
def atlas(canonical):
    return Atlas.of(canonical)


@pytest.fixture(scope="module")
def face(drawn_face):
    return align(drawn_face.image, drawn_face.landmarks)


@pytest.fixture(scope="module")
def smooth_map():
    noise = np.random.default_rng(0).random((224, 224))
    smooth = gaussian_filter(noise, 12)
    return (smooth - smooth.min()) / np.ptp(smooth)


# The canonical face


def test_canonical_landmarks_are_what_dlib_answers_on_black(canonical):
    black = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    assert (landmarks_in(black, (0, 0, 224, 250)) == canonical).all()


def test_helper_points_are_the_jaw_on_the_top_edge_and_the_corners(canonical):
    points = with_helpers(canonical, WIDTH, HEIGHT)
    assert points.shape == (89, 2)
    assert (points[68:85, 0] == canonical[:17, 0]).all()
    assert (points[68:85, 1] == 0).all()
    assert points[85:].tolist() == [[0, 0], [0, 274], [223, 0], [223, 274]]


def test_every_pixel_is_a_mix_of_three_points(atlas):
    weights = atlas.weights
    assert weights.shape == (HEIGHT * WIDTH, 89)
    assert (np.diff(weights.indptr) == 3).all()
    assert weights.data.min() >= -1e-9
    assert np.abs(weights.sum(axis=1) - 1).max() < 1e-9


# Carrying


def test_canonical_landmarks_lie_on_the_landmarks_of_the_face(atlas, canonical, face):
    x, y = canonical.astype(int).T
    assert np.abs(atlas.positions(face.landmarks)[y, x] - face.landmarks).max() < 1e-9


def test_positions_stay_inside_the_picture(atlas, face):
    positions = atlas.positions(face.landmarks)
    assert positions.min() >= -1e-9
    assert positions.max() <= 223 + 1e-9


def test_the_canonical_face_squeezed_is_carried_by_stretching(atlas, canonical):
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    positions = atlas.positions(canonical * (1, 223 / 274))
    assert np.abs(positions - np.dstack([columns, rows * 223 / 274])).max() < 1e-9


@given(
    across=st.floats(-1, 1), down=st.floats(-1, 1), size=st.sampled_from([48, 64, 150, 224, 299])
)
def test_a_plane_is_carried_exactly(atlas, face, across, down, size):
    centres = (np.arange(size) + 0.5) * 224 / size - 0.5
    plane = across * centres[None, :] + down * centres[:, None]
    x, y = np.moveaxis(atlas.positions(face.landmarks), 2, 0)
    # Past the outermost pixel centres a map goes on as it is at its edge.
    x, y = (np.clip(values, centres[0], centres[-1]) for values in (x, y))
    assert np.abs(atlas.carry(plane, face.landmarks) - (across * x + down * y)).max() < 1e-3


def test_carrying_agrees_with_scikit_image(atlas, canonical, face, smooth_map):
    points = with_helpers(canonical, WIDTH, HEIGHT)
    there = with_helpers(face.landmarks, 224, 224)
    transform = PiecewiseAffineTransform.from_estimate(points, there)
    expected = warp(smooth_map, transform, output_shape=(HEIGHT, WIDTH), order=1, mode="edge")
    carried = atlas.carry(smooth_map, face.landmarks)
    # Pixels on an outer edge may count as outside there.
    assert np.abs(carried - expected)[1:-1, 1:-1].max() < 1e-3


def test_a_coarser_map_is_carried_to_nearly_the_same(atlas, face, smooth_map):
    fine = atlas.carry(smooth_map, face.landmarks)
    coarse = atlas.carry(block_reduce(smooth_map, (4, 4), np.mean), face.landmarks)
    assert np.abs(fine - coarse).max() < 0.05
    assert np.abs(fine - coarse).mean() < 0.005


def test_a_carried_map_is_on_the_frame_as_float32(atlas, face, smooth_map):
    carried = atlas.carry(smooth_map, face.landmarks)
    assert carried.shape == (HEIGHT, WIDTH)
    assert carried.dtype == np.float32
    assert carried.min() >= smooth_map.min() - 1e-6
    assert carried.max() <= smooth_map.max() + 1e-6


# Averaging


def test_heatmaps_are_means_over_all_faces_and_over_each_folds(atlas, face):
    maps = [np.full((8, 8), value) for value in (1.0, 2.0, 6.0)]
    points = np.stack([face.landmarks] * 3)
    heatmaps = average(maps, points, np.array([0, 2, 2]), 3, atlas)
    assert heatmaps.pooled.dtype == heatmaps.folds.dtype == np.float32
    assert heatmaps.pooled == pytest.approx(3)
    assert heatmaps.folds[0] == pytest.approx(1)
    assert heatmaps.folds[2] == pytest.approx(4)


def test_where_there_was_no_face_a_heatmap_is_undefined_without_a_warning(atlas, face):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        some = average([np.ones((8, 8))], face.landmarks[None], np.array([1]), 2, atlas)
        none = average([], np.empty((0, 68, 2)), np.array([], int), 2, atlas)
    assert np.isnan(some.folds[0]).all()
    assert np.isfinite(some.folds[1]).all()
    assert np.isnan(none.pooled).all()
    assert np.isnan(none.folds).all()
    assert none.folds.shape == (2, HEIGHT, WIDTH)


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
