"""Faces found in pictures, with their landmarks."""

import dlib
import numpy as np
import pytest
from PIL import Image

from facsimile.faces import detection
from facsimile.faces.detection import find_face


def within(box, landmarks):
    """Return the share of landmarks inside a box (left, top, right, bottom)."""
    return ((landmarks >= box[:2]) & (landmarks <= box[2:])).all(axis=1).mean()


def error(landmarks, exact):
    """Return the mean distance to exact landmarks over that between the outer eye corners."""
    distances = np.linalg.norm(landmarks - exact, axis=1)
    return distances.mean() / np.linalg.norm(exact[45] - exact[36])


def test_a_face_is_found_with_its_landmarks(drawn_face):
    found = find_face(drawn_face.image)
    assert found.faces_found == 1
    assert error(found.landmarks, drawn_face.landmarks) < 0.1
    assert within(found.box, drawn_face.landmarks) > 0.8


def test_of_several_faces_the_largest_is_taken(drawn_face, small_face):
    scene = np.full((256, 440, 3), 90, np.uint8)
    scene[:160, :160] = small_face.image
    scene[:, 184:] = drawn_face.image
    found = find_face(scene)
    assert found.faces_found == 2
    assert error(found.landmarks, drawn_face.landmarks + (184, 0)) < 0.1


def test_a_box_says_which_of_several_faces_is_meant(drawn_face, small_face):
    scene = np.full((256, 440, 3), 90, np.uint8)
    scene[:160, :160] = small_face.image
    scene[:, 184:] = drawn_face.image
    for within in ((10, 10, 150, 150), (-20, 0, 180, 200)):
        found = find_face(scene, within)
        assert found.faces_found == 2
        assert error(found.landmarks, small_face.landmarks) < 0.1
    found = find_face(scene, (184, 0, 440, 256))
    assert error(found.landmarks, drawn_face.landmarks + (184, 0)) < 0.1
    assert find_face(scene, (10, 200, 170, 256)) is None


def test_a_tight_crop_is_found_once_its_borders_are_continued(drawn_face):
    left, top = drawn_face.landmarks.min(0).astype(int) + 6
    right, bottom = drawn_face.landmarks.max(0).astype(int) - 6
    crop = np.ascontiguousarray(drawn_face.image[top:bottom, left:right])
    assert not dlib.get_frontal_face_detector()(crop, 1)
    found = find_face(crop)
    assert found.box_from != "detector"
    assert error(found.landmarks, drawn_face.landmarks - (left, top)) < 0.2


def test_a_large_photograph_gives_landmarks_in_its_own_pixels(drawn_face):
    large = np.asarray(Image.fromarray(drawn_face.image).resize((1536, 1536)))
    found = find_face(large)
    assert error(found.landmarks, drawn_face.landmarks * 6) < 0.1
    assert within(found.box, drawn_face.landmarks * 6) > 0.8


class Detector:
    """A detector that finds a face only in images of one height, doubled so often."""

    def __init__(self, box, height, doublings, hint=None):
        self.box, self.sees, self.hint = dlib.rectangle(*box), (height, doublings), hint

    def __call__(self, pixels, doublings):
        return [self.box] if (len(pixels), doublings) == self.sees else []

    def run(self, pixels, doublings, threshold):
        assert threshold < 0
        boxes = [dlib.rectangle(*self.hint)] if self.hint else []
        return boxes, [-0.4] * len(boxes), [0] * len(boxes)


@pytest.mark.parametrize(
    ("box_from", "height", "doublings", "margin"),
    [
        ("detector", 200, 0, 0),
        ("detector", 200, 1, 0),
        ("padded", 320, 1, 60),
        ("upsampled", 320, 2, 60),
    ],
)
def test_a_face_is_looked_for_step_by_step(monkeypatch, box_from, height, doublings, margin):
    box = (margin + 10, margin + 20, margin + 150, margin + 160)
    monkeypatch.setattr(detection, "_detector", lambda: Detector(box, height, doublings))
    found = find_face(np.zeros((200, 200, 3), np.uint8))
    assert (found.box, found.box_from, found.faces_found) == ((10, 20, 150, 160), box_from, 1)
    assert np.abs(found.landmarks.mean(0) - (80, 90)).max() < 40


def test_a_large_image_is_not_upsampled(monkeypatch):
    size = detection.SMALL_SIDE + 1
    padded = size + 2 * int(detection.PADDING * size)
    monkeypatch.setattr(detection, "_detector", lambda: Detector((9, 9, 99, 99), padded, 2))
    assert find_face(np.zeros((size, size, 3), np.uint8)) is None


@pytest.mark.parametrize(
    ("hint", "found"), [((70, 70, 250, 250), True), ((70, 70, 100, 100), False), (None, False)]
)
def test_the_whole_image_is_the_box_where_a_face_seems_to_fill_it(monkeypatch, hint, found):
    monkeypatch.setattr(detection, "_detector", lambda: Detector((0, 0, 9, 9), 0, 0, hint))
    face = find_face(np.zeros((200, 180, 3), np.uint8))
    if not found:
        assert face is None
        return
    assert (face.box, face.box_from, face.faces_found) == ((0, 0, 179, 199), "whole image", 0)
    assert within(face.box, face.landmarks) > 0.8


@pytest.mark.parametrize("shape", [(200, 200, 3), (1, 1, 3), (3, 500, 3)])
def test_no_face_is_found_where_there_is_none(shape):
    assert find_face(np.full(shape, 128, np.uint8)) is None
