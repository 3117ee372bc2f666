"""What every method of explaining promises, whichever files there are."""

import subprocess
import sys
from dataclasses import fields, replace
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from facsimile import plugins
from facsimile.errors import UserError
from facsimile.explain import baselines, methods, superpixels
from facsimile.explain.baselines import load_baseline
from facsimile.explain.methods import load_method, method_of
from facsimile.explain.predictor import Predictor
from facsimile.explain.running import Face, Job, explain_faces
from facsimile.explain.superpixels import superpixels_of
from facsimile.explain.superpixels.grid import Grid
from facsimile.explain.target import Target
from facsimile.explain.throughput import Throughput
from facsimile.faces.alignment import align
from facsimile.faces.images import resize
from facsimile.networks.network import build

SIZE = 32
METHODS = plugins.names("facsimile.explain.methods")
HEAVY = ("torch", "captum", "pandas", "scipy", "skimage", "sklearn", "PIL", "timm", "matplotlib")
CHOSEN = pd.DataFrame({"id": ["a", "b"], "fold": [0, 1]})


@pytest.fixture(scope="module")
def faces(drawn_face):
    face = align(drawn_face.image, drawn_face.landmarks).pixels
    return dict(zip("ab", resize(np.stack([face, face[:, ::-1]]), SIZE), strict=True))


@pytest.fixture(scope="module")
def predictors():
    return [Predictor(build("weinet", SIZE, seed=n), Throughput(16)) for n in (0, 1)]


@pytest.fixture(scope="module")
def make(faces, predictors):
    """Make a quick job of a method, with all that it declares to need and nothing else."""

    def make(name, baseline="black", n_segments=9, network="net"):
        method = method_of(
            {"method": name, "samples": 30, "steps": 5, "window": 0.5, "stride": 0.3}
        )
        behind = load_baseline(baseline) if method.USES_BASELINE else None
        needed = (*method.NEEDS, *(behind.NEEDS if behind else ()))
        extras = {one: np.eye(SIZE, dtype=np.uint8) * (ord(one[0]) + len(one)) for one in needed}

        def load_face(face):
            used = method.USES_SUPERPIXELS
            labels = Grid(n_segments=n_segments).cut(faces[face], np.zeros((68, 2)))
            return Face(faces[face], labels if used else np.empty((0, 0)), extras)

        return Job(network, SIZE, method, lambda _, fold: predictors[fold], load_face, 5, behind)

    return make


def answer(job):
    """Return the bytes of what a job says for one expression."""
    found = explain_faces(job, {(0, "anger"): CHOSEN})[0, "anger"]
    return b"".join(array.tobytes() for array in (found.coefficients, found.map)), found


@pytest.mark.parametrize("name", METHODS)
def test_same_seed_same_bytes_and_a_map_for_every_face(name, make, tmp_path):
    for number in (0, 1):
        found = answer(make(name))[1]
        found.save(tmp_path / f"{number}.npz")
    assert (tmp_path / "0.npz").read_bytes() == (tmp_path / "1.npz").read_bytes()
    labels = [make(name).load_face(face).superpixels for face in CHOSEN["id"]]
    maps = list(found.maps(0, labels))
    assert len(maps) == len(CHOSEN)
    for image in maps:
        assert image.dtype == np.float32 and image.shape[0] == image.shape[1]
        assert np.isfinite(image).all() and (image >= 0).all()


@pytest.mark.parametrize("name", METHODS)
def test_a_declared_baseline_changes_the_answer_and_another_does_not(name, make):
    if load_method(name).USES_BASELINE:
        answers = [answer(make(name, one))[0] for one in plugins.names(baselines.__name__)]
        assert len(set(answers)) == len(answers)
    else:
        plain = make(name)
        assert answer(plain)[0] == answer(replace(plain, baseline=load_baseline("grey")))[0]


def test_a_blurred_point_is_as_wide_as_is_said_and_a_plain_face_stays():
    face = np.zeros((224, 224), np.uint8)
    face[80:144, 80:144] = 255
    blurred = load_baseline("blur").image(face, {}).astype(float)
    across = blurred.sum(axis=0) / blurred.sum()
    places = np.arange(224)
    mean = across @ places
    # The variances of a box of 64 pixels and of the Gaussian add up.
    assert mean == pytest.approx(111.5, abs=0.05)
    assert across @ (places - mean) ** 2 == pytest.approx((64**2 - 1) / 12 + 18**2, rel=0.02)
    plain = np.full((48, 48), 90, np.uint8)
    assert np.array_equal(load_baseline("blur").image(plain, {}), plain)


@pytest.mark.parametrize("name", METHODS)
def test_declared_superpixels_change_the_answer_and_others_need_none(name, make):
    few, many = (answer(make(name, n_segments=count)) for count in (9, 16))
    if load_method(name).USES_SUPERPIXELS:
        assert few[0] != many[0]
        assert (few[1].superpixels == 9).all() and (many[1].superpixels == 16).all()
    else:
        assert few[0] == many[0]
        assert few[1].map.size and not few[1].coefficients.size


@pytest.mark.parametrize("name", METHODS)
def test_draws_are_a_networks_own_only_where_declared(name, make):
    one, two = (answer(make(name, network=network))[1] for network in ("a", "b"))
    assert (one.seed != two.seed).all() == load_method(name).OWN_DRAWS
    same = np.array_equal(one.coefficients, two.coefficients, equal_nan=True)
    assert same != load_method(name).OWN_DRAWS


@pytest.mark.parametrize("name", METHODS)
def test_a_method_says_how_it_works(name):
    method = load_method(name)
    said = method().sentence("SOME PARTS", "AWAY")
    assert ("SOME PARTS" in said) == method.USES_SUPERPIXELS
    assert ("AWAY" in said) == method.USES_BASELINE
    assert len(said) > 40 and not said.endswith((".", ",", " ")) and "  " not in said


@pytest.mark.parametrize("name", METHODS)
def test_settings_explain_themselves(name):
    for setting in fields(load_method(name)):
        assert setting.metadata["description"].endswith("."), setting.name


@pytest.mark.parametrize("name", METHODS)
def test_what_matters_after_the_answer_does_not_change_it(name, make):
    job = make(name)
    assert set(job.method.AFTER) <= {setting.name for setting in fields(job.method)}
    for setting in job.method.AFTER:
        other = replace(job, method=replace(job.method, **{setting: True}))
        assert other.method != job.method
        assert answer(other)[0] == answer(job)[0]


def test_a_contrast_is_said():
    plain, contrast = (
        method_of({"method": "lime", "contrast": contrast}).sentence("parts", "away")
        for contrast in (False, True)
    )
    assert "positive coefficients" in plain
    assert "above the largest of the other five" in contrast


def test_an_unknown_name_has_the_nearest():
    with pytest.raises(UserError, match=r"Unknown method 'lime_grey'.*'lime'"):
        load_method("lime_grey")
    with pytest.raises(UserError, match=r"Unknown baseline 'gray'.*'grey'"):
        load_baseline("gray")


@pytest.mark.parametrize("package", [methods, baselines, superpixels], ids=lambda one: one.__name__)
def test_planning_imports_nothing_heavy(package: ModuleType, root):
    names = plugins.names(package.__name__)
    imports = "; ".join(f"import {package.__name__}.{name}" for name in names)
    code = f"import sys; {imports}; print([name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=root / "workflow" / "scripts",
    )  # fmt: skip
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "module",
    ["explain.explanations", "explain.trust", "explain.selection", "explain.segmentation",
     "networks.classification", "networks.recipe", "networks.architectures"],
)  # fmt: skip
def test_what_only_reads_does_not_start_torch(module, root):
    code = f"import sys, facsimile.{module}; print('torch' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=root / "workflow" / "scripts",
    )  # fmt: skip
    assert found.stdout.strip() == "False"


def printed(root, number):
    """Return what a page of the docs prints as code, run."""
    blocks = (root / "docs" / "explainers.md").read_text().split("```python\n")[1:]
    return blocks[number].partition("```")[0]


def test_the_files_of_the_docs_work_as_printed(root, faces, predictors, tmp_path, monkeypatch):
    for number, (package, name) in enumerate(
        ((methods, "deletion"), (baselines, "white"), (superpixels, "stripes"))
    ):
        folder = tmp_path / package.__name__
        folder.mkdir()
        (folder / f"{name}.py").write_text(printed(root, number))
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
        monkeypatch.delitem(sys.modules, f"{package.__name__}.{name}", raising=False)
        assert name in plugins.names(package.__name__)
    cut = superpixels_of({"kind": "stripes", "n_segments": 4})
    labels = cut.cut(faces["a"], np.zeros((68, 2)))
    assert np.unique(labels).tolist() == [0, 1, 2, 3]
    white = load_baseline("white").image(faces["a"], {})
    method = method_of({"method": "deletion", "baseline": "white", "superpixels": "stripes"})
    assert method.name == "deletion" and "parts" in method.sentence("parts", "away")
    generator = np.random.default_rng(0)
    target = Target(predictors[0], faces["a"], labels, 0, generator, white)
    found = method.explain(target)
    assert found.samples == 5 and found.coefficients.shape == (4, 6)
    masks = np.array([[True] * 4, [False, True, True, True]])
    whole, without = target.predict_masked(masks)
    assert found.coefficients[0] == pytest.approx(whole - without, abs=1e-6)
