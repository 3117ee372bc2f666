"""Devices: their names, whether they are here, and what is done there; all pretended."""

import subprocess
import sys
import tempfile
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from facsimile import devices
from facsimile.errors import UserError
from facsimile.networks import checkpoints
from facsimile.networks.epochs import Corpus
from facsimile.networks.reproducible import precision_record, reproducible
from facsimile.settings.checking import check
from made_up_devices import pretend
from running import PROJECT, finished, snakemake


def settings(device):
    networks = {"small": {"input_size": 32}}
    return check(
        {"corpora": {"d": {"kind": "synthetic"}}, "networks": networks, "device": device}, PROJECT
    )


@pytest.mark.parametrize("name", ["cpu", "cuda", "cuda:0", "cuda:12", "mps", "auto"])
def test_known_devices_are_settings(name):
    assert settings(name)["device"] == name


@pytest.mark.parametrize("name", ["gpu", "cuda:", "cuda:a", "cuda:-1", "cpu:0", "cuda:1 "])
def test_others_are_refused_with_all_that_there_are(name):
    with pytest.raises(UserError, match=rf"Unknown value '{name}' in 'device'.*auto, cpu, cuda, "):
        settings(name)


@pytest.mark.parametrize(
    ("gpus", "apple", "expected"),
    [(1, False, "cuda"), (0, True, "mps"), (0, False, "cpu"), (1, True, "cuda")],
)
def test_auto_is_the_best_that_is_here(monkeypatch, gpus, apple, expected):
    pretend(monkeypatch, gpus, apple)
    machine = {"device": "auto", "threads": 3, "deterministic": False}
    assert devices.ready(machine) == machine | {"device": expected}


@pytest.mark.parametrize("name", ["cuda:0", "cuda:1", "cpu"])
def test_a_device_that_is_here_is_taken(monkeypatch, name):
    pretend(monkeypatch, gpus=2)
    assert devices.ready({"device": name}) == {"device": name}


@pytest.mark.parametrize(
    ("name", "gpus", "sentence"),
    [
        ("cuda", 0, r"`device: cuda` needs an NVIDIA GPU, .* or set `device: cpu`"),
        ("cuda:1", 0, r"`device: cuda:1` needs an NVIDIA GPU"),
        (
            "cuda:2",
            2,
            r"`device: cuda:2` asks for a GPU that is not here: .* finds 2, .*cuda:1",
        ),
        ("mps", 1, r"`device: mps` needs a Mac .*`device: auto`"),
    ],
)
def test_a_device_that_is_not_here_is_one_sentence(monkeypatch, name, gpus, sentence):
    pretend(monkeypatch, gpus)
    with pytest.raises(UserError, match=sentence):
        devices.ready({"device": name})


JOB = """
import sys
sys.path[:0] = {paths}
import pytest
from facsimile import devices
from made_up_devices import pretend
with pytest.MonkeyPatch.context() as patch:
    pretend(patch, {gpus})
    print(devices.ready(dict(device={name!r}))["device"], flush=True)
sys.stdin.read()
"""
"""A job that holds its device until its input ends."""


def started(name, gpus, folder):
    """Start a job on one of several pretended GPUs; return it and the device it took."""
    paths = [str(PROJECT / "workflow" / "scripts"), str(PROJECT / "tests")]
    job = subprocess.Popen(
        [sys.executable, "-c", JOB.format(paths=paths, gpus=gpus, name=name)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"TMPDIR": str(folder)},
    )  # fmt: skip
    return job, job.stdout.readline().strip()


@pytest.mark.slow
def test_jobs_at_once_have_different_gpus_and_give_them_back_however_they_end(tmp_path):
    first, one = started("cuda", 2, tmp_path)
    second, other = started("auto", 2, tmp_path)
    assert [one, other] == ["cuda:0", "cuda:1"]
    third, shared = started("cuda", 2, tmp_path)
    assert shared == "cuda:0", "more jobs than GPUs: not one without"
    third.kill()
    second.kill()
    second.wait()
    fourth, again = started("cuda", 2, tmp_path)
    assert again == "cuda:1", "a job that was killed has given its GPU back"
    for job in (first, third, fourth):
        job.stdin.close()
        job.wait()


def test_a_gpu_is_known_by_itself_whatever_number_a_job_sees(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pretend(monkeypatch, 2, known="GPU-a{}")
    assert devices.ready({"device": "cuda"})["device"] == "cuda:0"
    monkeypatch.setattr(
        torch.cuda, "get_device_properties", lambda place: SimpleNamespace(uuid=f"GPU-a{1 - place}")
    )
    assert devices.ready({"device": "cuda"})["device"] == "cuda:0"  # the other one, here the first
    assert devices.ready({"device": "cuda:1"})["device"] == "cuda:1", "as the study says"


def test_one_job_a_gpu(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    there = [devices.Path("/dev", name) for name in ("nvidia0", "nvidia1", "nvidia10", "nvidiactl")]
    monkeypatch.setattr(devices.Path, "glob", lambda *_: there)
    assert [devices.at_once(name) for name in ("cuda", "auto", "cuda:1", "mps")] == [3, 3, 1, 1]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "GPU-1, GPU-7")
    assert devices.at_once("cuda") == 2
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert devices.at_once("cuda") == 1


@pytest.mark.slow
@pytest.mark.parametrize(("given", "expected"), [((), 3), (("--resources", "gpu=2"), 2)])
def test_as_many_jobs_at_once_as_there_are_gpus(monkeypatch, tmp_path, given, expected):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1,2")
    target = "results/references/facs_core/anger.npy"
    arguments = target, "--config", "device=cuda", *given
    said = finished(snakemake(tmp_path, *arguments, configfile=PROJECT / "tests" / "micro.yaml"))
    assert f'gpu=Resource("gpu", {expected})' in said.stdout


def test_jobs_on_gpus_ask_for_one(monkeypatch):
    assert not devices.wants_gpu("cpu")
    assert all(map(devices.wants_gpu, ("cuda", "cuda:1", "mps")))
    for there in (True, False):
        found = [devices.Path("/dev/nvidia0")] * there
        monkeypatch.setattr(devices.Path, "glob", lambda *_, found=found: found)
        monkeypatch.setattr(devices.platform, "system", lambda: "Linux")
        assert devices.wants_gpu("auto") == there


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError(),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes."),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
        Exception("[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Failed to allocate memory for 9"),
        MemoryError("Unable to allocate memory"),
    ],
)
def test_full_memory_is_known_by_what_is_said_of_it(error):
    assert devices.is_full(error)
    assert not devices.is_full(RuntimeError("shapes cannot be multiplied"))


def test_kernels_may_be_chosen_by_their_speed_and_all_is_as_before_afterwards():
    before = torch.backends.cudnn.benchmark
    with reproducible(0, "cpu", 1, deterministic=False):
        assert not torch.are_deterministic_algorithms_enabled()
        assert torch.backends.cudnn.benchmark and not torch.backends.cudnn.allow_tf32
    assert torch.backends.cudnn.benchmark == before
    assert precision_record("cpu", 1, False)["deterministic"] is False


@pytest.mark.parametrize(
    ("device", "expected"),
    [("cpu", []), ("cuda", [0]), ("cuda:1", [1]), ("mps", [])],
)
def test_onnx_runs_on_the_gpu_that_is_named(device, expected):
    gpu, cpu = "CUDAExecutionProvider", ("CPUExecutionProvider", {})
    found = checkpoints._providers(device, [gpu, cpu[0]])
    assert found == [*((gpu, {"device_id": number}) for number in expected), cpu]
    assert checkpoints._providers(device, [cpu[0]]) == [cpu]


def test_faces_go_to_a_gpu_once_and_stay_behind_where_it_is_too_small(monkeypatch, caplog):
    faces = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    there = Corpus.on("meta", faces, np.array([0, 1]))  # a device that keeps shapes alone
    assert there.faces.device.type == "meta" and there.faces.dtype == torch.uint8
    assert Corpus.on("cpu", faces, np.array([0, 1])).faces is faces

    moved = torch.Tensor.to

    def to(tensor, place):
        if tensor.dtype == torch.uint8:
            raise torch.OutOfMemoryError
        return moved(tensor, place)

    monkeypatch.setattr(torch.Tensor, "to", to)
    assert Corpus.on("meta", faces, np.array([0, 1])).faces is faces
    assert "has not the memory for all faces: they are copied batch by batch" in caplog.text
