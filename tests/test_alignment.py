"""Faces cut out upright, with their landmarks where they belong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from facsimile.faces.alignment import BROWS, JAW, LEFT_EYE, RIGHT_EYE, STABLE, STRAY, align, frame


def turned(face, degrees):
    """Return image and exact landmarks of a face turned clockwise on a larger canvas."""
    canvas = np.pad(face.image, ((64, 64), (64, 64), (0, 0)), mode="edge")
    centre = np.array([canvas.shape[1], canvas.shape[0]]) / 2
    image = Image.fromarray(canvas).rotate(-degrees, Image.Resampling.BICUBIC)
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    # Landmarks are pixel centres; the picture turns about a corner between pixels.
    return np.asarray(image), (face.landmarks + 64.5 - centre) @ turn + centre - 0.5


@settings(max_examples=12)
@given(degrees=st.floats(-20, 20), alignment=st.sampled_from(["rigid", "paper"]))
def test_a_turned_face_comes_out_like_the_upright_one(drawn_face, degrees, alignment):
    upright = align(*turned(drawn_face, 0), alignment)
    level = align(*turned(drawn_face, degrees), alignment)
    assert level.roll - upright.roll == pytest.approx(degrees, abs=0.5)
    assert np.abs(level.landmarks - upright.landmarks).max() < 1.5  # the cut is in whole pixels
    assert np.corrcoef(level.pixels.ravel(), upright.pixels.ravel())[0, 1] > 0.95


@settings(max_examples=12)
@given(degrees=st.floats(-20, 20))
def test_eyes_are_level_and_landmarks_inside(drawn_face, degrees):
    face = align(*turned(drawn_face, degrees), "paper")
    across = face.landmarks[RIGHT_EYE].mean(0) - face.landmarks[LEFT_EYE].mean(0)
    assert across[0] > 0
    assert across[1] == pytest.approx(0, abs=1e-9)
    assert face.landmarks.min() >= 0
    assert face.landmarks.max() <= 223
    assert face.pixels.shape == (224, 224)
    assert face.pixels.dtype == np.uint8


@pytest.mark.parametrize("alignment", ["rigid", "paper"])
@pytest.mark.parametrize("degrees", [-20, 0, 20])
@pytest.mark.parametrize("landmark", [8, 30, 36, 45, 48, 54])
def test_landmarks_stay_on_their_features(drawn_face, landmark, degrees, alignment):
    image, landmarks = turned(drawn_face, degrees)
    landmarks[landmark] = landmarks[landmark].round()
    x, y = landmarks[landmark].astype(int)
    spot = np.zeros_like(image)
    spot[y - 2 : y + 3, x - 2 : x + 3] = 255
    face = align(spot, landmarks, alignment)
    rows, columns = np.indices(face.pixels.shape)
    centre = [np.average(places, weights=face.pixels) for places in (columns, rows)]
    assert np.linalg.norm(centre - face.landmarks[landmark]) < 0.3


def test_colour_becomes_grey_by_its_brightness(drawn_face):
    face = align(drawn_face.image, drawn_face.landmarks)
    grey = np.asarray(Image.fromarray(drawn_face.image).convert("L"))
    again = align(np.repeat(grey[:, :, None], 3, 2), drawn_face.landmarks)
    assert np.abs(face.pixels.astype(int) - again.pixels).max() <= 1


@pytest.mark.parametrize("alignment", ["rigid", "paper"])
def test_landmarks_without_an_upright_face_give_none(drawn_face, alignment):
    assert align(drawn_face.image, np.full((68, 2), 100.0), alignment) is None
    upside_down = 255 - drawn_face.landmarks
    assert align(drawn_face.image, upside_down, alignment) is None


def test_brows_lids_mouth_and_jaw_do_not_move_a_rigid_crop(drawn_face):
    moving = [n for n in range(68) if n not in STABLE]
    moved = drawn_face.landmarks.copy()
    moved[moving] += np.random.default_rng(1).normal(0, 6, (len(moving), 2))
    rigid, paper = (
        [frame(points, alignment) for points in (drawn_face.landmarks, moved)]
        for alignment in ("rigid", "paper")
    )
    for part in ("roll", "left", "top", "side"):
        assert getattr(rigid[0], part) == getattr(rigid[1], part)
    assert paper[0].side != paper[1].side


def test_a_rigid_crop_strays_about_its_place_by_the_image_s_name(drawn_face):
    framings = [frame(drawn_face.landmarks, "rigid", str(n)) for n in range(400)]
    placed = np.array([one.place(drawn_face.landmarks) for one in framings])
    stable, wanted = placed[:, list(STABLE)], np.array(list(STABLE.values()))
    assert np.abs(stable.mean((0, 1)) - wanted.mean(0)).max() < 4 * STRAY / 20
    assert stable.mean(1).std(0) == pytest.approx(STRAY, rel=0.15)
    assert np.ptp([one.roll for one in framings]) < 1e-9
    again = frame(drawn_face.landmarks, "rigid", "7")
    assert (again.left, again.side) == (framings[7].left, framings[7].side)
    paper = [frame(drawn_face.landmarks, "paper", name) for name in "78"]
    assert paper[0].left == paper[1].left


@pytest.mark.parametrize("alignment", ["rigid", "paper"])
def test_a_crop_shows_the_face_from_forehead_to_chin(drawn_face, alignment):
    for name in "abcdef":
        face = align(drawn_face.image, drawn_face.landmarks, alignment, name)
        brow, chin = face.landmarks[BROWS, 1].min(), face.landmarks[JAW, 1].max()
        assert 0.15 < brow / (chin - brow) < 0.4
        assert chin < 224
