"""Training, prediction and scores."""

import logging
import subprocess
import sys
import time
import warnings
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.dataset import Rows
from facsimile.networks import augmentation, evaluation, pretrained, training
from facsimile.networks.crossvalidation import train_fold
from facsimile.networks.epochs import Corpus, batches, occluded
from facsimile.networks.network import build
from facsimile.networks.recipe import Recipe
from facsimile.networks.reproducible import precision_record, reproducible
from facsimile.networks.training import train
from facsimile.seeds import derive

PRECISIONS = ("float32", "bfloat16", "bfloat16")
PLACES = [(4, 4), (4, 16), (4, 28), (24, 4), (24, 16), (24, 28)]


def recipe(**changes):
    options = {
        "architecture": "songnet",
        "input_size": 32,
        "learning_rate": 1e-3,
        "epochs": 1,
        "batch_size": 16,
        "augment": False,
    }
    return Recipe(**(options | changes))


def toy(count, seed=0):
    """Return noisy 40 x 40 'faces' whose label is the place of a bright square."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 6
    faces = generator.integers(0, 90, (count, 40, 40), dtype=np.uint8)
    for face, label in zip(faces, labels, strict=True):
        top, left = PLACES[label] + generator.integers(-2, 3, 2)
        face[top : top + 9, left : left + 9] += 150
    return faces, labels


def accuracy(network, size, faces, labels):
    return (evaluation.predict(network, faces, size).argmax(axis=1) == labels).mean()


KILLED = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[1:3]
import torch
from facsimile.networks import evaluation
from facsimile.networks.training import train
from test_training import recipe, toy

torch.set_num_threads(1)
plan = recipe(epochs=20, augment=True)  # songnet: with dropout
network, history = train(plan, *toy(96), seed=1, state=Path(sys.argv[3]))
evaluation.save(network, Path(sys.argv[4]))
history.to_csv(sys.argv[5])
"""


@pytest.mark.slow
def test_a_training_that_is_killed_goes_on_to_the_same_bytes(root, tmp_path):
    paths = [root / "workflow" / "scripts", root / "tests", tmp_path / "state.pt"]
    made = [tmp_path / "weights.safetensors", tmp_path / "history.csv"]
    command = [sys.executable, "-c", KILLED, *map(str, [*paths, *made])]
    for _ in range(2):
        before = paths[2].read_bytes() if paths[2].exists() else b""
        process = subprocess.Popen(command)
        while process.poll() is None:
            if paths[2].exists() and paths[2].read_bytes() != before:
                process.kill()
                break
            time.sleep(0.01)
        process.wait()
        assert not made[0].exists(), "killed too late to tell anything"
    subprocess.run(command, check=True)
    network, history = train(recipe(epochs=20, augment=True), *toy(96), seed=1)
    evaluation.save(network, tmp_path / "whole.safetensors")
    assert made[0].read_bytes() == (tmp_path / "whole.safetensors").read_bytes()
    history.to_csv(tmp_path / "whole.csv")
    assert made[1].read_bytes() == (tmp_path / "whole.csv").read_bytes()


@pytest.mark.parametrize("optimiser", ["adam", "rmsprop"])
def test_a_training_goes_on_where_it_stood(tmp_path, optimiser):
    state = tmp_path / "state.pt"
    plans = [recipe(epochs=epochs, optimiser=optimiser) for epochs in (1, 3)]
    train(plans[0], *toy(24), seed=1, state=state)
    resumed, history = train(plans[1], *toy(24), seed=1, state=state)
    whole, expected = train(plans[1], *toy(24), seed=1)
    pd.testing.assert_frame_equal(history, expected)
    for name, tensor in whole.state_dict().items():
        assert torch.equal(resumed.state_dict()[name], tensor), name


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"architecture": "weinet", "epochs": 4},
        {"architecture": "songnet", "epochs": 14, "optimiser": "rmsprop"},
        {"architecture": "mobilenet_v3", "epochs": 12, "learning_rate": 2e-3},
    ],
    ids=lambda changes: changes["architecture"],
)
def test_learns_where_the_square_is(changes):
    plan = recipe(**changes)
    network, history = train(plan, *toy(96), seed=1)
    assert accuracy(network, 32, *toy(60, seed=1)) > 0.9
    assert list(history) == ["epoch", "loss", "accuracy", "at_once"]
    assert list(history["epoch"]) == list(range(1, plan.epochs + 1))
    assert history["loss"].iloc[-1] < history["loss"].iloc[0]


@pytest.mark.parametrize("size", [32, 40])
def test_faces_left_on_disk_train_as_those_in_memory(tmp_path, size):
    faces, labels = toy(24)
    np.save(tmp_path / "faces.npy", faces)
    table = pd.DataFrame({"corpus": "a", "row": range(24)})
    on_disk = Rows(table, {"a": tmp_path / "faces.npy"})
    plan = recipe(input_size=size)
    (one, _), (two, _) = (train(plan, source, labels, seed=1) for source in (faces, on_disk))
    expected = evaluation.predict(one, faces, size)
    assert (evaluation.predict(two, on_disk, size) == expected).all()


@pytest.mark.parametrize(
    "architecture", ["songnet", pytest.param("mobilenet_v3", marks=pytest.mark.slow)]
)
def test_same_arguments_same_bytes(architecture, tmp_path):
    plan = recipe(architecture=architecture, epochs=2, augment=True)
    histories, weights = [], []
    for run, state in enumerate((11, 12)):
        torch.manual_seed(state)  # what happens to be drawn elsewhere must not matter
        network, history = train(plan, *toy(24), seed=1)
        evaluation.save(network, tmp_path / f"{run}.safetensors")
        weights.append((tmp_path / f"{run}.safetensors").read_bytes())
        histories.append(history.to_csv(index=False))
    assert weights[0] == weights[1]
    assert histories[0] == histories[1]
    other, _ = train(plan, *toy(24), seed=2)
    evaluation.save(other, tmp_path / "other.safetensors")
    assert (tmp_path / "other.safetensors").read_bytes() != weights[0]


def test_training_leaves_global_settings_as_they_were():
    torch.manual_seed(3)
    before = torch.random.get_rng_state(), torch.get_num_threads()
    train(recipe(), *toy(12), seed=1)
    assert torch.equal(torch.random.get_rng_state(), before[0])
    assert torch.get_num_threads() == before[1]
    assert not torch.are_deterministic_algorithms_enabled()


def test_a_memory_map_is_as_good_as_an_array(tmp_path):
    faces, labels = toy(12)
    np.save(tmp_path / "faces.npy", faces)
    mapped = np.load(tmp_path / "faces.npy", mmap_mode="r")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # PyTorch warns of arrays that cannot be written to
        a, _ = train(recipe(input_size=40), mapped, labels, seed=1)
    b, _ = train(recipe(input_size=40), faces, labels, seed=1)
    assert all(torch.equal(x, y) for x, y in zip(a.parameters(), b.parameters(), strict=True))


def test_one_face_left_over_does_not_break_batch_normalisation():
    network, _ = train(recipe(architecture="mobilenet_v3", batch_size=16), *toy(17), seed=1)
    assert np.isfinite(evaluation.predict(network, toy(1)[0], 32)).all()


@given(count=st.integers(2, 300), size=st.integers(1, 64))
def test_batches_hold_every_row_once_and_none_alone(count, size):
    parts = batches(np.arange(count), size)
    assert np.array_equal(np.concatenate(parts), np.arange(count))
    lengths = [len(part) for part in parts]
    assert min(lengths) >= 2
    assert max(lengths) <= max(size, 3)
    assert max(lengths) - min(lengths) <= 1


def test_running_statistics_are_those_of_the_trained_weights():
    faces, labels = toy(32)
    network, _ = train(
        recipe(architecture="mobilenet_v3", batch_size=32, learning_rate=1e-5), faces, labels, 1
    )
    seen = []
    normalisation = network.backbone[0][1]
    normalisation.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    evaluation.predict(network, faces, 32)
    torch.testing.assert_close(normalisation.running_mean, seen[0].mean(dim=(0, 2, 3)))


def test_initial_weights_start_the_backbone_and_are_required(tmp_path):
    given = build("songnet", 32, seed=8)
    torch.save(given.state_dict(), tmp_path / "given.pth")
    pretrained.fetch("songnet", str(tmp_path / "given.pth"), tmp_path / "backbone.safetensors")
    plan = recipe(weights=str(tmp_path / "given.pth"), learning_rate=0.0)
    network, _ = train(plan, *toy(12), seed=1, initial=tmp_path / "backbone.safetensors")
    assert torch.equal(network.backbone[0].weight, given.backbone[0].weight)
    with pytest.raises(ValueError, match="without a file"):
        train(plan, *toy(12), seed=1)


def test_a_loss_that_is_no_number_stops_with_advice():
    with pytest.raises(
        UserError,
        match=r"'songnet' is not a number after epoch 1.*`learning_rate`, 1e\+20, is too high",
    ):
        train(recipe(learning_rate=1e20), *toy(48), seed=1)


def test_too_few_faces_and_unknown_names_stop():
    with pytest.raises(UserError, match=r"two faces or more.*has 1"):
        train(recipe(), *toy(1), seed=1)
    with pytest.raises(UserError, match=r"optimiser 'adamw'.*'adam'"):
        train(recipe(optimiser="adamw"), *toy(12), seed=1)
    with pytest.raises(UserError, match="network architecture 'vgg'"):
        recipe(architecture="vgg")


def test_lower_precision_trains_weights_of_float32_to_nearly_the_same(tmp_path):
    plans = [recipe(architecture="weinet", epochs=2, precision=one) for one in PRECISIONS]
    (_, exact), (network, lower), (again, _) = (train(plan, *toy(48), seed=1) for plan in plans)
    assert {one.dtype for one in network.parameters()} == {torch.float32}
    assert lower["loss"].tolist() != exact["loss"].tolist()
    assert lower["loss"].tolist() == pytest.approx(exact["loss"].tolist(), rel=0.05)
    for a, b in zip(network.parameters(), again.parameters(), strict=True):
        assert torch.equal(a, b)


def test_progress_is_logged(caplog):
    with caplog.at_level(logging.INFO):
        train(recipe(epochs=2), *toy(12), seed=1)
    assert "epoch 2/2: loss " in caplog.text


# --- memory


class Forgetful(nn.Module):
    """A network on a device that has the memory for a few images."""

    def __init__(self, network, most):
        super().__init__()
        self.inner, self.most = network, most

    def forward(self, pixels):
        if len(pixels) > self.most:
            raise torch.OutOfMemoryError
        return self.inner(pixels)


def on_a_small_device(monkeypatch, most):
    """Have trainings run out of memory with more images at once than these."""
    built = training.build
    monkeypatch.setattr(training, "build", lambda *given: Forgetful(built(*given), most))


def test_parts_of_a_batch_add_up_to_its_gradient():
    # WeiNet has neither dropout nor batch normalisation, which parts would change; and in double
    # precision no rounding decides between pixels that are pooled.
    faces, labels = toy(14)
    pixels = torch.from_numpy(faces[:, :32, :32] / 255)[:, None]
    found = []
    for most in (14, 5, 1):
        network = Forgetful(build("weinet", 32, seed=1), max(2, most)).double()
        optimiser = torch.optim.SGD(network.parameters(), 0.0)
        taken, at_once = training.step(network, optimiser, pixels, torch.from_numpy(labels), 14)
        gradients = [one.grad for one in network.parameters()]
        found.append((taken, at_once, gradients))
    assert [at_once for _, at_once, _ in found] == [14, 3, 2]
    (count, loss, right), _, whole = found[0]
    for taken, _, gradients in found[1:]:
        assert taken[0] == count == 14 and taken[2] == right
        torch.testing.assert_close(taken[1], loss, rtol=1e-12, atol=0)
        for one, other in zip(whole, gradients, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-14)


def test_a_training_with_less_at_once_is_nearly_the_same(monkeypatch, caplog):
    plan = recipe(architecture="weinet", epochs=2, augment=True)
    _, first = train(plan, *toy(48), seed=1)
    on_a_small_device(monkeypatch, 5)
    _, second = train(plan, *toy(48), seed=1)
    assert first["at_once"].tolist() == [16, 16] and second["at_once"].tolist() == [4, 4]
    assert second["loss"].tolist() == pytest.approx(first["loss"].tolist(), rel=1e-2)
    assert "cpu is out of memory: going on with 8 images at once" in caplog.text


def test_no_part_of_a_batch_is_a_single_face(monkeypatch):
    on_a_small_device(monkeypatch, 3)
    network, history = train(recipe(architecture="mobilenet_v3", batch_size=9), *toy(18), seed=1)
    assert history["at_once"].tolist() == [4] and np.isfinite(history["loss"]).all()
    assert all(torch.isfinite(one).all() for one in network.buffers())


def test_a_device_without_memory_for_two_faces_says_so(monkeypatch):
    on_a_small_device(monkeypatch, 1)
    with pytest.raises(UserError, match=r"cpu has not the memory for 2 images.*`input_size`"):
        train(recipe(), *toy(12), seed=1)


def test_predictions_are_the_same_with_less_at_once(monkeypatch, caplog):
    network, faces = build("weinet", 32).eval(), toy(20)[0]
    expected = evaluation.predict(network, faces, 32)
    found = evaluation.predict(Forgetful(network, 3), faces, 32)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert "going on with 2 images at once" in caplog.text


def test_a_training_cut_off_after_memory_was_short_goes_on_with_as_few(monkeypatch, tmp_path):
    on_a_small_device(monkeypatch, 5)
    plans = [recipe(architecture="weinet", epochs=epochs) for epochs in (1, 2)]
    train(plans[0], *toy(24), seed=1, state=tmp_path / "state.pt")
    resumed, _ = train(plans[1], *toy(24), seed=1, state=tmp_path / "state.pt")
    whole, history = train(plans[1], *toy(24), seed=1)
    assert history["at_once"].tolist() == [4, 4]
    for a, b in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(a, b)


def test_other_errors_are_no_shortage_of_memory(monkeypatch):
    def broken(*_):
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(training, "functional", SimpleNamespace(cross_entropy=broken))
    with pytest.raises(RuntimeError, match="shapes cannot"):
        train(recipe(), *toy(12), seed=1)


# --- augmentation


def changes(count, **values):
    still = {
        "flip": np.zeros(count, bool),
        "rotation": np.zeros(count),
        "shift": np.zeros((count, 2)),
        "contrast": np.ones(count),
    }
    return augmentation.Changes.of(**(still | values))


def test_no_change_is_no_change():
    pixels = torch.rand(3, 1, 20, 20)
    torch.testing.assert_close(augmentation.apply(changes(3), pixels), pixels)


def test_flip_and_contrast_do_what_they_say():
    pixels = torch.rand(2, 1, 20, 20) * 0.5 + 0.25
    flipped = augmentation.apply(changes(2, flip=np.array([True, False])), pixels)
    torch.testing.assert_close(flipped[0], pixels[0].flip(-1))
    torch.testing.assert_close(flipped[1], pixels[1])
    flat = augmentation.apply(changes(2, contrast=np.array([0.0, 1.1])), pixels)
    torch.testing.assert_close(flat[0], pixels[0].mean().expand(1, 20, 20))
    assert flat[1].std() == pytest.approx(float(1.1 * pixels[1].std()), rel=1e-4)


def test_a_shift_moves_by_its_share_and_a_rotation_keeps_the_centre():
    pixels = torch.zeros(1, 1, 20, 20)
    pixels[0, 0, 9:11, 9:11] = 1
    shifted = augmentation.apply(changes(1, shift=np.array([[0.05, 0.0]])), pixels)
    torch.testing.assert_close(shifted, pixels.roll(-1, dims=-1))
    turned = augmentation.apply(changes(1, rotation=np.array([np.pi / 2])), pixels)
    torch.testing.assert_close(turned, pixels)


@given(seed=st.integers(0, 1000))
def test_draws_stay_within_the_study_s_limits(seed):
    drawn = augmentation.draw(50, np.random.default_rng(seed))
    affine = drawn.affine.double().numpy()
    assert np.abs(np.arcsin(affine[:, 1, 0])).max() <= 0.03 * 2 * np.pi
    assert np.abs(affine[:, :, 2] / 2).max() <= 0.05
    assert np.abs(drawn.contrast.double().numpy() - 1).max() <= 0.1 + 1e-6
    assert 0 < (affine[:, 0, 0] < 0).sum() < 50


@given(seed=st.integers(0, 1000))
def test_hiding_blacks_out_about_half_of_some_faces_and_nothing_else(seed):
    pixels = torch.full((200, 1, 24, 24), 0.7)
    squares = augmentation.draw_squares(200, 24, 0.5, np.random.default_rng(seed))
    hidden = augmentation.occlude(squares, pixels)
    assert set(hidden.unique().tolist()) == {0.0, pixels[0, 0, 0, 0].item()}
    shares = (hidden == 0).float().mean(dim=(1, 2, 3)).numpy()
    touched = shares > 0
    assert 0.3 < touched.mean() < 0.7
    assert 0.45 < shares[touched].mean() < 0.55
    # Squares have sides of a sixth of the face: at most six changes along any line.
    assert (hidden[:, 0].diff(dim=2) != 0).sum(dim=2).max() <= augmentation.SQUARES


def test_hiding_grows_from_whole_faces_to_its_share():
    plan = recipe(epochs=4, occlude_share=0.6)
    shares = [occluded(plan, epoch) for epoch in range(1, 5)]
    assert shares == pytest.approx([0.0, 0.2, 0.4, 0.6])
    plans = [recipe(epochs=2, occlude_share=share) for share in (0, 1)]
    plain, hidden = (train(plan, *toy(24), seed=1)[1] for plan in plans)
    assert plain["loss"][0] == hidden["loss"][0]
    assert plain["loss"][1] != hidden["loss"][1]


def test_the_only_epoch_has_all_of_the_share():
    assert occluded(recipe(epochs=1, occlude_share=0.6), 1) == 0.6
    assert occluded(recipe(epochs=1), 1) == 0
    faces = np.full((400, 24, 24), 200, np.uint8)
    plan = recipe(epochs=1, occlude_share=0.5, batch_size=100)
    parts = list(Corpus.on("cpu", faces, np.zeros(400, int)).epoch(plan, 1, 1))
    touched = torch.cat([(pixels == 0).any(dim=(1, 2, 3)) for pixels, _ in parts]).numpy()
    assert touched.mean() == pytest.approx(0.5, abs=0.06)


def test_a_recipe_offers_what_training_has():
    given = Recipe.__annotations__
    assert set(get_args(given["optimiser"])) == set(training.OPTIMISERS)
    for scaling in get_args(given["input_scaling"]):
        build("weinet", 32, scaling)


def test_float32_is_float32_while_a_job_runs():
    before = torch.get_float32_matmul_precision(), torch.backends.cudnn.allow_tf32
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.allow_tf32 = True
    try:
        with reproducible(0, "cpu", 1):
            assert torch.get_float32_matmul_precision() == "highest"
            assert not torch.backends.cuda.matmul.allow_tf32
            assert not torch.backends.cudnn.allow_tf32
        assert torch.get_float32_matmul_precision() == "high"
        assert torch.backends.cudnn.allow_tf32
        assert precision_record() == {
            "device": "cpu", "float32_products": "highest", "tf32": False, "deterministic": True,
        }  # fmt: skip
    finally:
        torch.set_float32_matmul_precision(before[0])
        torch.backends.cudnn.allow_tf32 = before[1]


# --- predictions and scores


def test_a_fold_is_answered_for_by_a_network_that_saw_the_others(tmp_path):
    faces, places = toy(24)
    np.save(tmp_path / "faces.npy", faces)
    names = np.array(EXPRESSIONS)[places]
    table = pd.DataFrame({"id": [f"a/{n}" for n in range(24)], "corpus": "a", "row": range(24),
                          "expression": names, "fold": np.arange(24) // 6 % 2})  # fmt: skip
    first, second = (
        train_fold(recipe(), table, {"a": tmp_path / "faces.npy"}, ("net", repeat, 1), seed=7)
        for repeat in (0, 1)
    )
    assert first.predictions["id"].tolist() == table["id"][table["fold"] == 1].tolist()
    assert (first.history[["network", "repeat", "fold"]] == ["net", 0, 1]).all(axis=None)
    assert (second.predictions[["network", "repeat", "fold"]] == ["net", 1, 1]).all(axis=None)
    learn = (table["fold"] == 0).to_numpy()
    alone, _ = train(recipe(), faces[learn], places[learn], derive(7, "network", "net", 0, 1))
    answers = evaluation.predict(alone, faces[~learn], 32)
    assert (first.predictions[list(EXPRESSIONS)] == answers).all(axis=None)
    assert not np.allclose(second.predictions[list(EXPRESSIONS)], answers)


def test_saved_and_loaded_predicts_the_same(tmp_path):
    plan = recipe(architecture="mobilenet_v3")
    network, _ = train(plan, *toy(12), seed=1)
    evaluation.save(network, tmp_path / "weights.safetensors")
    faces, _ = toy(9)
    before = evaluation.predict(network, faces, 32)
    again = evaluation.predict(
        evaluation.load(plan, tmp_path / "weights.safetensors"), faces, 32, batch_size=4
    )
    np.testing.assert_allclose(again, before, atol=1e-6)
    assert before.dtype == np.float32
    np.testing.assert_allclose(before.sum(axis=1), 1, rtol=1e-5)


def test_predictions_have_a_row_a_face_and_a_column_an_expression():
    probabilities = np.eye(6, dtype=np.float32)[[3, 0]]
    table = evaluation.predictions(["a", "b"], 1, 2, np.array([3, 5]), probabilities)
    assert list(table) == [
        "id", "repeat", "fold", "expression", "predicted", *EXPRESSIONS,
    ]  # fmt: skip
    assert table.loc[0, ["id", "repeat", "fold", "expression", "predicted"]].tolist() == [
        "a", 1, 2, "happiness", "happiness",
    ]  # fmt: skip
    assert table.loc[1, ["expression", "predicted"]].tolist() == ["surprise", "anger"]
    assert table.loc[1, "anger"] == 1
