"""The benchmarks of a GPU run on a CPU, too, at their smallest; and count what they say."""

import os
import subprocess
import sys

import pandas as pd
import pytest
import torch

from running import PROJECT

BENCHMARKS = PROJECT / "benchmarks"
SMALLEST = ("--networks", "weinet", "--size", "32", "--steps", "2", "--batch-size", "4")


@pytest.fixture(scope="module")
def gpu():
    """Return the module of what is measured of a GPU, which finds the library by itself."""
    sys.path.insert(0, str(BENCHMARKS))
    import gpu

    yield gpu
    sys.path.remove(str(BENCHMARKS))


def test_bytes_are_counted_that_leave_the_host(gpu):
    pixels = torch.zeros(10, dtype=torch.uint8)
    there = torch.empty(10, dtype=torch.uint8, device="meta")  # a device that keeps shapes alone
    with gpu.Copies() as copies:
        pixels.to("meta")
        assert copies.bytes == 10
        there.copy_(pixels)
        assert copies.bytes == 20
        there.float(), pixels.float(), torch.zeros(3, device="meta")
    assert copies.bytes == 20


def test_an_epoch_copies_what_is_drawn_and_no_pixels(gpu):
    from facsimile.networks.epochs import Corpus
    from facsimile.networks.recipe import Recipe

    recipe = Recipe(architecture="weinet", input_size=32, batch_size=4, occlude_share=1, epochs=1)
    faces = torch.zeros(12, 32, 32, dtype=torch.uint8).numpy()
    with gpu.Copies() as copies:
        corpus = Corpus.on("meta", faces, [0] * 12)
    assert copies.bytes == 12 * (32 * 32 + 8)
    epoch = corpus.epoch(recipe, 0, 1)
    with gpu.Copies() as copies:
        next(epoch)
        # For each face its place, six numbers that move it, its contrast, and which squares of it
        # are hidden.
        assert copies.bytes == 12 * (8 + 4 * 7 + 49 + 2 * 32)
    with gpu.Copies() as copies:
        assert len(list(epoch)) == 2
    assert copies.bytes == 0


@pytest.mark.slow
def test_one_command_measures_all_of_a_device(tmp_path):
    path = tmp_path / "gpu.csv"
    command = [BENCHMARKS / "gpu.sh", "--small", *SMALLEST, "--device", "cpu", "--csv", path]
    environment = os.environ | {"PYTHON": sys.executable, "OMP_NUM_THREADS": "1"}
    subprocess.run([*map(str, command)], check=True, env=environment, cwd=tmp_path)
    table = pd.read_csv(path)
    assert list(table) == ["device", "torch", "network", "what", "value"]
    assert set(table["device"]) == {"cpu"} and set(table["torch"]) == {torch.__version__}
    found = table.set_index("what")["value"]
    assert (found.filter(like="a second") > 0).all()
    assert found["explaining: seconds over bare forward passes"] > 0.5
    assert (found.filter(like="bytes copied") == 0).all(), "a CPU is no other device"
    rivals = [name for name in found.index if name.startswith("seconds a face")]
    assert [name.split()[3].rstrip(",") for name in rivals][:2] == ["facsimile", "facsimile"]
    assert any("captum" in name for name in rivals)


@pytest.mark.slow
def test_training_is_measured_without_snakemake(tmp_path):
    # A folder that stands for the package, and cannot be imported.
    (tmp_path / "snakemake.py").write_text("raise ImportError")
    path = tmp_path / "train.csv"
    command = [sys.executable, BENCHMARKS / "train.py", *SMALLEST, "--turns", "1", "--csv", path]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    subprocess.run([*map(str, command), "--threads", "1"], check=True, env=environment)
    (row,) = pd.read_csv(path).to_dict("records")
    assert row["network"] == "weinet" and row["ratio"] > 0.3
    # 548,582 weights with gradients and Adam's two averages, four bytes each.
    assert row["weights MB"] == pytest.approx(548_582 * 16 / 1e6)
    assert row["MB an image"] > 0


@pytest.mark.slow
def test_other_packages_are_measured_beside_ours():
    given = "--network", "weinet", "--size", "32", "--samples", "20", "--threads", "1"
    run = subprocess.run(
        [sys.executable, str(BENCHMARKS / "others.py"), *given],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    measured = "facsimile, bfloat16", "lime 0.2", "captum 0.9", "three orders", "scikit-image"
    assert all(name in run.stdout for name in measured)
