"""Baselines made for faces: what is brought onto a face, from where, and how softly it is seen."""

import logging

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.ndimage import gaussian_filter
from skimage.transform import SimilarityTransform, warp
from torch import nn

from facsimile.errors import UserError
from facsimile.explain.baselines import baseline_of, load_baseline
from facsimile.explain.methods import method_of
from facsimile.explain.predictor import Predictor
from facsimile.explain.running import Face, Job
from facsimile.explain.superpixels.grid import Grid
from facsimile.explain.target import Target
from facsimile.explain.throughput import Throughput
from facsimile.faces.alignment import align
from facsimile.faces.corpora import corpus_of
from facsimile.faces.neutrals import neutrals_of, read_neutrals
from facsimile.faces.reading import read_face
from facsimile.faces.registration import POINTS, fit, lit_as, mean_face, register
from facsimile.settings.checking import check

MIDDLE = slice(40, 184), slice(40, 184)
MOVED = SimilarityTransform(scale=1.06, rotation=0.07, translation=(5.0, -9.0))


@pytest.fixture(scope="module")
def face(drawn_face):
    return align(drawn_face.image, drawn_face.landmarks)


@pytest.fixture(scope="module")
def moved(face):
    """The face, and its landmarks, turned, larger and elsewhere."""
    image = warp(face.pixels.astype(float), MOVED.inverse, order=3, mode="edge")
    return np.round(image.clip(0, 255)).astype(np.uint8), MOVED(face.landmarks)


def test_a_face_that_was_moved_is_brought_back(face, moved):
    image, landmarks = moved
    brought = register(image, landmarks[POINTS], face.landmarks[POINTS])
    apart = np.abs(brought - face.pixels)[MIDDLE]
    assert apart.mean() < 2.5
    assert apart.mean() < 0.2 * np.abs(image.astype(float) - face.pixels)[MIDDLE].mean()


def test_points_that_expressions_move_have_no_part_in_it(face, moved):
    image, landmarks = moved
    brows, mouth = slice(17, 27), slice(48, 68)
    other = landmarks.copy()
    other[brows] -= 20
    other[mouth] += 20
    plain = register(image, landmarks[POINTS], face.landmarks[POINTS])
    assert np.array_equal(plain, register(image, other[POINTS], face.landmarks[POINTS]))


def test_a_picture_is_lit_as_the_face_is(face):
    dark = (face.pixels * np.linspace(0.3, 0.8, 224)).astype(np.uint8)
    relit = lit_as(dark, face.pixels).astype(float)
    light, before, after = (
        gaussian_filter(one.astype(float), 56, mode="nearest") for one in (face.pixels, dark, relit)
    )
    # A Gaussian twice is not a Gaussian once, and white is clipped: a tenth may be left.
    assert np.abs(after - light).mean() < 0.1 * np.abs(before - light).mean()
    assert np.array_equal(lit_as(face.pixels, face.pixels), face.pixels)


def test_the_mean_of_one_face_in_several_places_is_that_face(face, moved):
    mean = mean_face([(face.pixels, face.landmarks), moved])
    alone = mean_face([(face.pixels, face.landmarks)])
    assert np.abs(mean - alone)[MIDDLE].mean() < 2


def test_colours_are_brought_and_lit_each_by_itself(face):
    colours = np.stack([face.pixels, 255 - face.pixels, face.pixels // 2], axis=2)
    found = fit(colours, face.landmarks, colours, face.landmarks)
    assert found.shape == (224, 224, 3) and np.abs(found.astype(int) - colours).max() <= 1
    blurred = load_baseline("blur").image(colours, {})
    grey = load_baseline("blur").image(face.pixels, {})
    assert np.array_equal(blurred[..., 0], grey), "no colour runs into another"


DRAWN = {"kind": "synthetic", "identities": 3, "per_expression": 3, "seed": 4}
TABLES = ("action_units",)


@pytest.fixture(scope="module")
def people(root):
    """Three drawn people, happy, and their neutral pictures."""
    tables = {name: root / "resources" / f"{name}.csv" for name in TABLES}
    corpus = corpus_of(DRAWN)
    happy = [one for one in corpus.records(tables) if one.expression == "happiness"]
    faces = [read_face("drawn", one) for one in happy]
    table = pd.DataFrame([one.row for one in faces])
    return table, faces, list(corpus.neutrals(tables))


def test_a_drawn_person_s_neutral_picture_is_another_one_without_any_unit(people):
    _, faces, records = people
    assert [one.source for one in records] == [f"00{n}/neutral/0" for n in range(3)]
    neutral = records[0].load()
    assert neutral.extra["action_units"] == ""
    assert faces[0].row["sha256"] != read_face("drawn", records[0]).row["sha256"]


def test_each_face_gets_the_neutral_picture_of_its_own_person(people):
    table, faces, records = people
    neutrals = read_neutrals("drawn", records, table["subject"])
    pixels, landmarks = [one.pixels for one in faces], [one.landmarks for one in faces]
    found = list(neutrals_of(table, pixels, landmarks, neutrals))
    assert [source for source, _ in found] == [f"00{n}/neutral/0" for n in range(3)]
    for place, (_, brought) in enumerate(found):
        apart = [np.abs(brought.astype(float) - one)[MIDDLE].mean() for one in pixels]
        assert np.argmin(apart) == place


def test_of_several_neutral_pictures_the_nearest_is_taken_and_of_none_it_is_said(people):
    table, faces, records = people
    _, other, _ = read_neutrals("drawn", records, table["subject"]).values()
    own = [faces[0], *other]
    table = table[:2]
    found = list(
        neutrals_of(table, [one.pixels for one in faces[:2]],
                    [one.landmarks for one in faces[:2]], {"000": [*other, *own[:1]]})
    )  # fmt: skip
    assert found[0][0] == faces[0].source and np.abs(found[0][1] - faces[0].pixels).max() <= 1
    assert found[1][0] == "" and not found[1][1].any()


def test_a_corpus_without_neutral_pictures_is_refused(people):
    table, _, records = people
    with pytest.raises(UserError, match=r"'drawn' has no neutral picture of anybody.*\(1 of other"):
        read_neutrals("drawn", records[:1], ["elsewhere"])
    assert table["subject"].tolist() == ["000", "001", "002"]


def test_pictures_left_out_as_neutral_and_first_frames_can_be_read(tmp_path, small_face):
    from PIL import Image

    ck = tmp_path / "ck"
    for name in ("KA.NE1.26.png", "KA.AN1.39.png", "KA.XX1.1.png"):
        Image.fromarray(small_face.image).save(tmp_path / name)
    found = list(corpus_of({"kind": "jaffe", "path": str(tmp_path)}).neutrals())
    assert [(one.source, one.subject) for one in found] == [("KA.NE1.26.png", "KA")]
    assert np.array_equal(found[0].load().pixels, small_face.image)
    frames = ck / "cohn-kanade-images" / "S005" / "001"
    label = ck / "Emotion" / "S005" / "001" / "S005_001_00000005_emotion.txt"
    for folder in (frames, label.parent):
        folder.mkdir(parents=True)
    label.write_text("3.0")
    for number in range(1, 6):
        Image.fromarray(small_face.image).save(frames / f"S005_001_{number:08d}.png")
    (first,) = corpus_of({"kind": "ck_plus", "path": str(ck)}).neutrals()
    assert first.source.endswith("S005_001_00000001.png") and first.subject == "S005"


class Mean(nn.Module):
    """Answers by the brightness of each quarter of what it sees."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(4.0))

    def forward(self, pixels):
        seen = nn.functional.avg_pool2d(pixels, pixels.shape[-1] // 2)[:, 0].flatten(1)
        return nn.functional.pad(seen * self.scale, (0, 2))


@pytest.mark.parametrize("edge", [0.0, 1.5])
def test_soft_edges_are_those_of_masks_through_a_gaussian(edge, face):
    size = 32
    small, behind = face.pixels[::7, ::7], np.full((size, size), 60, np.uint8)
    labels = Grid(n_segments=16).cut(small, np.zeros((68, 2)))
    masks = np.random.default_rng(0).random((5, labels.max() + 1)) < 0.5
    predictor = Predictor(Mean(), Throughput(2))
    generator = np.random.default_rng(0)
    target = Target(predictor, small, labels, 0, generator, behind, edge)
    shown = masks[:, labels].astype(float)
    if edge:
        sigma = (0, edge, edge)
        shown = gaussian_filter(shown, sigma, mode="mirror")
    seen = shown * small + (1 - shown) * behind
    with torch.inference_mode():
        pixels = torch.from_numpy(seen / 255).float()[:, None]
        expected = predictor.network(pixels).softmax(1).numpy()
    assert target.predict_masked(masks) == pytest.approx(expected, abs=1e-5)


def job(baseline, has):
    """Return a job whose faces have a neutral picture, or have not."""

    def load_face(face):
        pixels = np.full((8, 8), 90, np.uint8)
        return Face(pixels, extras={"neutral": pixels * has[face]})

    return Job(
        "net", 8, method_of({"method": "occlusion"}), lambda *_: None, load_face, 0, baseline
    )


def test_faces_without_a_neutral_picture_are_left_out_or_get_another_baseline(caplog):
    faces = pd.DataFrame({"id": ["a", "b", "c"]})
    has = {"a": 1, "b": 0, "c": 1}
    with caplog.at_level(logging.WARNING):
        kept = job(baseline_of({"kind": "neutral"}), has).covered(faces)
    assert kept["id"].tolist() == ["a", "c"]
    assert "1 of 3 faces are not explained" in caplog.text
    blurred = baseline_of({"kind": "neutral", "otherwise": "grey"})
    assert len(job(blurred, has).covered(faces)) == 3
    face = np.arange(64, dtype=np.uint8).reshape(8, 8)
    assert (blurred.image(face, {"neutral": np.zeros_like(face)}) == 32).all()
    with pytest.raises(UserError, match="No face is left to explain"):
        job(baseline_of({"kind": "neutral"}), dict.fromkeys("abc", 0)).covered(faces)


def test_noise_is_as_bright_as_the_face_and_always_the_same(face):
    noise = load_baseline("noise").image(face.pixels, {})
    assert noise.mean() == pytest.approx(face.pixels.mean(), abs=3)
    assert np.array_equal(noise, load_baseline("noise").image(face.pixels, {}))
    assert not np.array_equal(noise, load_baseline("noise").image(face.pixels + 1, {}))


STUDY = {"corpora": {"drawn": {"kind": "synthetic"}}, "networks": {"small": {"input_size": 48}}}


def test_a_row_of_baselines_is_a_kind_with_settings(root):
    given = STUDY | {
        "baselines": {"blur": {"width": 0.2}, "soft": {"kind": "grey", "edge": 3}},
        "explainers": {"lime": {"baseline": "soft"}, "kernel_shap": {"baseline": "blur"}},
    }
    found = check(given, root)
    assert found["baselines"]["soft"] == {"kind": "grey", "edge": 3.0}
    assert found["baselines"]["blur"] == {"kind": "blur", "edge": 0.0, "width": 0.2}
    assert found["explainers"]["lime"]["baseline"] == "soft"
    assert check(found, root) == found


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            {"baselines": {"blur": {"width": 0}}},
            "blur: width' is wrong: 0 is not greater",
        ),
        (
            {"baselines": {"wide": {"width": 1}}},
            "baseline 'wide' in 'baselines: wide: kind'",
        ),
        ({"baselines": {"blur": {"widht": 1}}}, "Did you mean 'width'"),
        ({"explainers": {"lime": {"baseline": "averge"}}}, "Did you mean 'average'"),
        (
            {
                "baselines": {"soft": {"kind": "grey", "edge": 3}},
                "explainers": {"occlusion": {"baseline": "soft"}},
            },
            "'occlusion' hides no superpixels: take one with `edge: 0`",
        ),
    ],
)
def test_baselines_that_cannot_be_are_refused(wrong, said, root):
    with pytest.raises(UserError) as error:
        check(STUDY | wrong, root)
    assert said in str(error.value)
