"""The canonical face: its landmarks, carrying maps to it, and averaging there."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter, map_coordinates
from skimage.measure import block_reduce
from skimage.transform import PiecewiseAffineTransform, warp

from facsimile.atlas.canonical import HEIGHT, WIDTH, with_helpers
from facsimile.atlas.heatmaps import COARSE, CarriedFaces, average, coarsen
from facsimile.faces.alignment import align
from facsimile.faces.detection import landmarks_in


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
    assert np.abs(atlas.positions(face.landmarks)[:, y, x].T - face.landmarks).max() < 1e-9


def test_positions_stay_inside_the_picture(atlas, face):
    positions = atlas.positions(face.landmarks)
    assert positions.min() >= -1e-9
    assert positions.max() <= 223 + 1e-9


def test_the_canonical_face_squeezed_is_carried_by_stretching(atlas, canonical):
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    positions = atlas.positions(canonical * (1, 223 / 274))
    assert np.abs(positions - np.stack([columns, rows * 223 / 274])).max() < 1e-9


@given(
    across=st.floats(-1, 1), down=st.floats(-1, 1), size=st.sampled_from([48, 64, 150, 224, 299])
)
def test_a_plane_is_carried_exactly(atlas, face, across, down, size):
    centres = (np.arange(size) + 0.5) * 224 / size - 0.5
    plane = across * centres[None, :] + down * centres[:, None]
    x, y = atlas.positions(face.landmarks)
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


@pytest.mark.parametrize("size", [48, 112, 224])
@pytest.mark.parametrize("beyond", [0, 40])
def test_carrying_agrees_with_scipy(atlas, face, rng, size, beyond):
    """Superpixels have steps, at which a wrong share of a neighbour shows most."""
    steps = rng.random((7, 7)).repeat(32, 0).repeat(32, 1)[:size, :size]
    landmarks = face.landmarks + rng.normal(0, 2, (68, 2)) - beyond
    x, y = (atlas.positions(landmarks) + 0.5) * (size / 224) - 0.5
    expected = map_coordinates(steps, [y, x], order=1, mode="nearest")
    assert np.abs(atlas.carry(steps, landmarks) - expected).max() < 1e-6


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
    heatmaps = average(maps, points, [(0, 0), (0, 2), (0, 2)], (1, 3), atlas)
    for one in (heatmaps.pooled, heatmaps.repeats, heatmaps.folds, heatmaps.faces):
        assert one.dtype == np.float32
    assert heatmaps.pooled == pytest.approx(3) and heatmaps.repeats[0] == pytest.approx(3)
    assert heatmaps.folds[0, 0] == pytest.approx(1)
    assert heatmaps.folds[0, 2] == pytest.approx(4)
    assert heatmaps.faces.shape == (3, *COARSE)
    assert heatmaps.faces.mean(axis=(1, 2)) == pytest.approx([1, 2, 6])


def test_each_repeat_with_a_face_counts_alike(atlas, face):
    maps = [np.full((8, 8), value) for value in (1.0, 3.0, 8.0)]
    points, sides = np.stack([face.landmarks] * 3), [(0, 0), (0, 1), (2, 1)]
    heatmaps = average(iter(maps), points, sides, (3, 2), atlas)
    assert heatmaps.folds.shape == (3, 2, HEIGHT, WIDTH)
    assert heatmaps.repeats[0] == pytest.approx(2) and heatmaps.repeats[2] == pytest.approx(8)
    assert np.isnan(heatmaps.repeats[1]).all()
    assert heatmaps.pooled == pytest.approx(5)


def test_the_faces_own_maps_average_to_the_heatmap(atlas, face, smooth_map):
    maps = [smooth_map, smooth_map**2]
    heatmaps = average(maps, np.stack([face.landmarks] * 2), [(0, 0), (0, 1)], (1, 2), atlas)
    assert heatmaps.faces.mean(axis=0) == pytest.approx(coarsen(heatmaps.pooled), abs=1e-6)


def test_coarse_maps_are_means_of_blocks():
    fine = np.arange(HEIGHT * WIDTH, dtype=float).reshape(HEIGHT, WIDTH)
    coarse = coarsen(fine)
    assert coarse.shape == COARSE
    assert coarse[0, 0] == fine[:5, :4].mean()
    assert coarse[-1, -1] == fine[-5:, -4:].mean()
    assert (coarsen(np.stack([fine, fine]))[1] == coarse).all()


def test_a_coarse_region_is_the_share_of_each_block(rng):
    region = rng.random((HEIGHT, WIDTH)) < 0.3
    assert coarsen(region) == pytest.approx(block_reduce(region, (5, 4), np.mean), abs=1e-6)


def test_carried_faces_survive_their_file(tmp_path):
    faces = pd.DataFrame({"id": ["a", "b"], "corpus": "c", "subject": [7, None], "fold": [0, 1]})
    faces["repeat"] = [2, 0]
    carried = CarriedFaces.of(faces, np.ones((2, *COARSE), np.float32))
    carried.save(tmp_path / "faces.npz")
    again = CarriedFaces.load(tmp_path / "faces.npz")
    for name, values in vars(carried).items():
        np.testing.assert_array_equal(values, getattr(again, name))
    assert again.repeat.tolist() == [2, 0]


def test_where_there_was_no_face_a_heatmap_is_undefined_without_a_warning(atlas, face):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        some = average([np.ones((8, 8))], face.landmarks[None], [(0, 1)], (1, 2), atlas)
        none = average([], np.empty((0, 68, 2)), [], (1, 2), atlas)
    assert np.isnan(some.folds[0, 0]).all()
    assert np.isfinite(some.folds[0, 1]).all()
    assert np.isnan(none.pooled).all()
    assert np.isnan(none.folds).all()
    assert none.folds.shape == (1, 2, HEIGHT, WIDTH)
