"""Drawn faces: the same for the same arguments, true to their units, and faces to dlib too."""

from pathlib import Path

import dlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.detection import landmarks_in
from facsimile.faces.embedded import draw
from facsimile.faces.embedded.geometry import MEAN, MIRROR, Camera

TABLE = Path(__file__).parents[1] / "resources" / "action_units.csv"
IDENTITIES, SEED = range(8), 7


@pytest.fixture(scope="module")
def action_units():
    return pd.read_csv(TABLE)


@pytest.fixture(scope="module")
def faces(action_units):
    """Return (identity, expression) -> face."""
    return {
        (identity, expression): draw(identity, expression, 0, SEED, action_units)
        for identity in IDENTITIES
        for expression in EXPRESSIONS
    }


def upright(landmarks):
    """Return landmarks with the outer eye corners at (-.5, 0) and (.5, 0)."""
    left, right = landmarks[36], landmarks[45]
    across = (right - left) / np.sum((right - left) ** 2)
    centred = landmarks - (left + right) / 2
    return np.stack([centred @ across, centred @ [-across[1], across[0]]], axis=-1)


def of_each(faces, expression, measure):
    """Return a measure of the upright landmarks of one expression, for each identity."""
    return np.array([measure(upright(faces[who, expression].landmarks)) for who in IDENTITIES])


def mouth_opening(points):
    return points[[65, 66, 67], 1].mean() - points[[61, 62, 63], 1].mean()


def lip_corners(points):
    return points[[48, 54], 1].mean()


def brow_height(points):
    return points[36:48, 1].mean() - points[17:27, 1].mean()


def test_same_arguments_give_the_same_bytes(action_units):
    first, second = (draw(3, "fear", 2, SEED, action_units) for _ in range(2))
    assert first.image.tobytes() == second.image.tobytes()
    assert first.landmarks.tobytes() == second.landmarks.tobytes()
    assert first.units == second.units


@pytest.mark.parametrize("other", [(4, "fear", 2, SEED), (3, "fear", 3, SEED), (3, "fear", 2, 8)])
def test_another_identity_take_or_seed_differs(action_units, other):
    face, changed = draw(3, "fear", 2, SEED, action_units), draw(*other, action_units)
    assert np.abs(face.image.astype(int) - changed.image).mean() > 1
    assert np.abs(upright(face.landmarks) - upright(changed.landmarks)).max() > 0.01


def test_types_and_shapes(faces):
    for face in faces.values():
        assert face.image.shape == (256, 256, 3)
        assert face.image.dtype == np.uint8
        assert face.landmarks.shape == (68, 2)
        assert face.landmarks.dtype == np.float64


def test_every_size_shows_the_same_face(action_units):
    large, small = (draw(1, "surprise", 0, SEED, action_units, size) for size in (256, 128))
    np.testing.assert_allclose(small.landmarks, large.landmarks / 2, rtol=1e-9)
    halved = large.image.reshape(128, 2, 128, 2, 3).mean((1, 3))
    assert np.abs(halved - small.image).mean() < 6


def test_units_are_those_of_the_table(faces, action_units):
    for (_, expression), face in faces.items():
        rows = action_units[action_units["expression"] == expression].set_index("unit")
        assert set(face.units) <= set(rows.index)
        assert set(rows.index[rows["role"] == "core"]) <= set(face.units)
        variants = rows.index[rows["role"] == "variant"]
        assert len(set(variants) & set(face.units)) == min(1, len(variants))
        for unit, intensity in face.units.items():
            assert rows.loc[unit, "low"] <= intensity <= rows.loc[unit, "high"]


def test_optional_units_come_as_often_as_the_table_says(action_units):
    shown = [draw(0, "sadness", take, SEED, action_units, 32).units for take in range(100)]
    assert 0.5 < np.mean(["AU17" in units for units in shown]) < 0.83
    assert 0.1 < np.mean(["AU11" in units for units in shown]) < 0.42


def test_landmarks_lie_inside_the_image(faces):
    landmarks = np.stack([face.landmarks for face in faces.values()])
    assert landmarks.min() >= 0
    assert landmarks.max() <= 255


def test_surprise_opens_the_mouth_and_anger_does_not(faces):
    assert of_each(faces, "surprise", mouth_opening).min() > 0.08
    assert of_each(faces, "anger", mouth_opening).max() < 0.06


@pytest.mark.parametrize(
    ("expression", "direction", "measure"),
    [
        ("happiness", -1, lip_corners),
        ("sadness", 1, lip_corners),
        ("surprise", 1, brow_height),
        ("anger", -1, brow_height),
    ],
)
def test_a_feature_moves_against_the_other_expressions(faces, expression, direction, measure):
    others = [of_each(faces, other, measure) for other in EXPRESSIONS if other != expression]
    moved = of_each(faces, expression, measure) - np.mean(others, axis=0)
    assert (direction * moved > 0.02).all()


def test_nothing_outside_the_face_carries_the_expression(action_units):
    seen, shown, who = [], [], []
    for identity in range(40):
        for expression in EXPRESSIONS:
            face = draw(identity, expression, 0, SEED, action_units, 64)
            corners = [face.image[:6, :6], face.image[:6, -6:], face.image[-4:, :4]]
            eyes = face.landmarks[[36, 45]].ravel()
            seen.append(np.concatenate([*[c.mean((0, 1)) for c in corners], eyes]))
            shown.append(expression)
            who.append(identity)
    seen, shown, train = np.array(seen), np.array(shown), np.array(who) < 25
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    assert model.fit(seen[train], shown[train]).score(seen[~train], shown[~train]) < 0.30


def test_dlib_finds_the_faces_and_their_landmarks(faces):
    detector, errors = dlib.get_frontal_face_detector(), []
    for face in faces.values():
        boxes = detector(face.image, 1)
        if boxes:
            box = max(boxes, key=lambda found: found.area())
            found = landmarks_in(face.image, (box.left(), box.top(), box.right(), box.bottom()))
            eyes = np.linalg.norm(face.landmarks[45] - face.landmarks[36])
            errors.append(np.linalg.norm(found - face.landmarks, axis=1).mean() / eyes)
    assert len(errors) >= 0.98 * len(faces)
    assert np.median(errors) < 0.06


@settings(max_examples=25, deadline=None)
@given(st.floats(-0.1, 0.1), st.floats(-0.2, 0.2), st.floats(18, 80))
def test_camera_projects_a_pixel_s_place_back_onto_the_pixel(roll, yaw, scale):
    camera = Camera(scale, roll, yaw, (31.0, 28.5))
    seen = camera.project(np.stack(camera.grid(64, 64), axis=-1))
    down, across = np.mgrid[:64, :64]
    np.testing.assert_allclose(seen, np.stack([across, down], axis=-1), atol=2e-3)


def test_mean_face_is_symmetric():
    np.testing.assert_array_equal(MEAN[MIRROR] * [-1, 1], MEAN)


def test_unknown_expression_is_refused(action_units):
    with pytest.raises(UserError, match=r"Unknown expression 'happy'.*happiness"):
        draw(0, "happy", 0, SEED, action_units)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop(columns="low"), "lacks low"),
        (lambda table: table.replace("AU4", "AU99"), "Unknown unit 'AU99'"),
        (lambda table: table.replace("core", "kern"), "Unknown role 'kern'"),
        (lambda table: table[table["expression"] != "anger"], "no row for 'anger'"),
        (lambda table: table.assign(high=2.0), "between 0 and 1"),
        (lambda table: table.assign(low=1.0, high=0.5), "anger AU4: low 1.0 is above high 0.5"),
        (lambda table: table.assign(probability=0.0), "every variant of anger"),
    ],
)
def test_a_wrong_table_is_refused(action_units, change, message):
    with pytest.raises(UserError, match=message):
        draw(0, "anger", 0, SEED, change(action_units))
