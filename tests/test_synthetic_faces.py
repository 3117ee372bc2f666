"""Drawn faces: the same for the same arguments, true to their units, and faces to dlib too."""

from functools import partialmethod
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
from facsimile.faces.alignment import align, frame
from facsimile.faces.detection import find_face, landmarks_in
from facsimile.faces.synthetic import Sitting, draw, sit
from facsimile.faces.synthetic.evidence import (
    aligned_evidence,
    aligned_evidence_of,
    change,
    evidence,
)
from facsimile.faces.synthetic.geometry import MEAN, MIRROR, Camera
from facsimile.faces.synthetic.repertoire import COLUMNS
from facsimile.faces.synthetic.series import series

RESOURCES = Path(__file__).parents[1] / "resources"
TABLE = RESOURCES / "action_units.csv"
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
    shown = [sit(0, "sadness", take, SEED, action_units).units for take in range(100)]
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


@pytest.mark.slow
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


@pytest.mark.slow
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
    camera = Camera(scale, roll, yaw, 0.5 * yaw, (31.0, 28.5))
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


# Evidence


def places(size, landmarks):
    """Return x and y of each pixel, from between the outer eye corners, over their distance."""
    down, across = np.mgrid[:size, :size]
    pixels = np.stack([across.ravel(), down.ravel()], axis=-1)
    seen = upright(np.vstack([landmarks, pixels]))[len(landmarks) :]
    return seen.T.reshape(2, size, size)


@pytest.fixture(scope="module")
def sittings(action_units):
    """Return expression -> one person before the camera."""
    return {
        expression: sit(number, expression, 0, SEED, action_units)
        for number, expression in enumerate(EXPRESSIONS)
    }


@pytest.mark.parametrize(
    ("unit", "above", "below"),
    [
        ("AU1", -1.0, 0.05), ("AU2", -1.0, 0.05), ("AU4", -1.0, 0.1),
        ("AU5", -0.4, 0.2), ("AU6", -0.5, 0.8), ("AU7", -0.3, 0.2), ("AU9", -0.6, 1.1),
        ("AU10", 0.2, 1.1), ("AU12", 0.0, 1.5), ("AU15", 0.3, 1.4), ("AU17", 0.5, 1.9),
        ("AU20", 0.3, 1.4), ("AU23", 0.5, 1.4), ("AU24", 0.5, 1.4), ("AU25", 0.5, 1.4),
        ("AU26", 0.4, 2.5), ("AU27", 0.4, 2.5),
    ],
)  # fmt: skip
def test_a_unit_changes_its_own_part_of_the_face(unit, above, below):
    only = pd.DataFrame([["anger", unit, "core", 1, 1, 1]], columns=list(COLUMNS))
    sitting = sit(2, "anger", 0, SEED, only)
    seen = change(sitting, [unit])
    x, y = places(256, sitting.picture().landmarks)
    own = (y > above) & (y < below) & (np.abs(x) < 1.1)
    assert seen.max() > 10
    assert seen[own].sum() > 0.98 * seen.sum()
    assert (seen[(y < -1.3) | (np.abs(x) > 1.6)] == 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_all_units_change_is_what_some_unit_changes(sittings, expression):
    sitting = sittings[expression]
    together, alone = change(sitting, sitting.units), evidence(sitting)
    assert set(alone) == set(sitting.units)
    untouched = sum(alone.values()) == 0
    assert together[untouched].sum() < 0.01 * together.sum()


def test_a_face_without_all_its_units_is_the_same_face_at_rest(sittings):
    resting = {name: s.picture(without=s.units) for name, s in sittings.items()}
    for face in resting.values():
        assert face.units == {}
        assert abs(mouth_opening(upright(face.landmarks))) < 0.03
    assert not change(sittings["fear"], []).any()
    assert not change(sittings["fear"], ["AU12"]).any()


def test_aligned_evidence_is_the_difference_of_the_aligned_faces(sittings):
    sitting = sittings["surprise"]
    face, resting = sitting.picture(), sitting.picture(without=sitting.units)
    framing = frame(find_face(face.image).landmarks, "rigid", "a")
    grey = [(f.image @ [0.299, 0.587, 0.114]).astype(np.float32) for f in (face, resting)]
    seen = np.abs(framing.cut(grey[0]) - framing.cut(grey[1]))
    expected = seen.reshape(112, 2, 112, 2).mean((1, 3))
    found, _ = aligned_evidence(sitting, "rigid", "a")
    assert found.min() >= 0
    assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.97


@pytest.mark.parametrize("alignment", ["rigid", "paper"])
def test_a_face_without_its_units_is_cut_out_as_the_face_is(sittings, alignment):
    sitting = sittings["surprise"]
    face = sitting.picture()
    landmarks = find_face(face.image).landmarks
    whole = align(face.image, landmarks, alignment, "a").pixels.astype(int)
    found, resting = aligned_evidence(sitting, alignment, "a")
    assert resting.shape == (224, 224) and resting.dtype == np.uint8
    seen = np.abs(whole - resting).reshape(112, 2, 112, 2).mean((1, 3))
    assert np.corrcoef(seen.ravel(), found.ravel())[0, 1] > 0.97
    assert seen[found == 0].mean() < 0.1


def test_aligned_evidence_of_several_keeps_their_order(sittings):
    chosen = [("a", sittings["anger"]), ("b", sittings["surprise"])]
    maps, neutralised = aligned_evidence_of(iter(chosen), "rigid")
    assert (maps.shape, maps.dtype) == ((2, 112, 112), np.float16)
    assert (neutralised.shape, neutralised.dtype) == ((2, 224, 224), np.uint8)
    for found, resting, (source, sitting) in zip(maps, neutralised, chosen, strict=True):
        seen, without = aligned_evidence(sitting, "rigid", source)
        np.testing.assert_allclose(found, seen, rtol=1e-3, atol=1e-3)
        np.testing.assert_array_equal(resting, without)


def test_evidence_is_of_faces_drawn_but_once_each(sittings, monkeypatch):
    drawn = []
    monkeypatch.setattr(Sitting, "picture", partialmethod(counted, Sitting.picture, drawn))
    aligned_evidence(sittings["anger"])
    assert drawn == [(), sittings["anger"].carrying]


def counted(sitting, picture, drawn, without=()):
    drawn.append(without)
    return picture(sitting, without)


def test_what_is_shown_is_recorded(sittings):
    corpus = series(SEED, TABLE)
    record = corpus.picture("3/happiness/0").extra["action_units"]
    shown = dict(item.split("=") for item in record.split())
    units = sittings["happiness"].units
    assert shown.keys() == units.keys()
    assert all(abs(float(shown[unit]) - units[unit]) < 1e-3 for unit in units)
