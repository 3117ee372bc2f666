"""What befalls a job from without is one sentence, and what was done stays good."""

import errno
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import SafetensorError

from facsimile import logs
from facsimile.errors import UserError
from facsimile.faces.inventory import files_below, unchanged
from facsimile.mishaps import told
from running import PROJECT, finished, refused, snakemake


def failing(action, *given):
    """Return the error that an action ends with."""
    with pytest.raises(Exception) as caught:
        action(*given)
    return caught.value


@pytest.fixture(scope="module")
def full():
    """A file on a disk that is full."""
    if not Path("/dev/full").is_char_device():
        pytest.skip("no /dev/full here")
    return "/dev/full"


def written(path):
    with Path(path).open("w") as file:
        file.write("x")


def in_numpy(path):
    with Path(path).open("wb") as file:
        np.save(file, np.zeros(10_000))


def in_torch(path):
    with Path(path).open("wb") as file:
        torch.save(torch.zeros(1000), file)


# Into an open file: what renames a draft over its target, as safetensors does, ends the device.
WRITERS = {"text": written, "numpy": in_numpy, "torch": in_torch}


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_is_one_sentence_whatever_library_meets_it(full, name):
    error = failing(WRITERS[name], full)
    sentence = told(error)
    assert sentence, f"{type(error).__name__}: {error}"
    assert sentence.startswith("The disk is full")
    assert "same command again" in sentence


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (SafetensorError("I/O error: No space left on device (os error 28)"), "The disk is full. "),
        (OSError("61600 requested and 3968 written"), "The disk is full. "),
        (OSError(errno.EROFS, "Read-only file system", "results/a.csv"),
         "The disk is read-only at results/a.csv: "),
        (OSError(errno.EACCES, "Permission denied", "a.npy"), "No permission at a.npy: "),
        (OSError(errno.ESTALE, "Stale file handle", "/net/a.png"),
         "A file is gone or cannot be read at /net/a.png (Stale file handle)"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "b.npy"),
         "A file is gone or cannot be read at b.npy"),
        (MemoryError("Unable to allocate 3 TiB"), "The memory is used up (Unable to allocate"),
        (MemoryError(), "The memory is used up. "),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried"), "The memory is used"),
        (type("TerminatedWorkerError", (Exception,), {})("A worker"), "The memory is used up (the"),
    ],
)  # fmt: skip
def test_each_mishap_says_what_where_and_what_to_do(error, begins):
    assert told(error).startswith(begins)
    assert told(error).endswith("what was not is done.")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("shape"),
        KeyError("a"),
        OSError("no image"),
        ValueError("1 requested and none given"),
    ],
)
def test_any_other_error_is_ours_and_keeps_its_traceback(error):
    assert told(error) is None


@pytest.fixture
def job_log(tmp_path, monkeypatch):
    """Return the log that a job started here, and leave none to other tests."""
    log = logging.getLogger("facsimile")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(log, "handlers", list(log.handlers))
    level = log.level
    logs.start(tmp_path / "job.log", "job")
    yield tmp_path / "job.log"
    log.setLevel(level)


def test_a_job_log_has_the_sentence_alone(job_log):
    error = OSError(errno.ENOSPC, "No space left on device", "results/a.csv")
    logs._report(type(error), error, None)
    said = job_log.read_text()
    assert "job: ERROR: The disk is full at results/a.csv. Make room" in said
    assert "Traceback" not in said


def corpus(folder):
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.png").write_bytes(b"face")
    return lambda: files_below(folder)


def test_a_corpus_that_stays_as_it_is_passes(tmp_path):
    with unchanged("mine", corpus(tmp_path / "mine")):
        pass


@pytest.mark.parametrize("change", ["gone", "fewer", "more", "written"])
def test_a_corpus_that_changes_while_it_is_read_is_refused(tmp_path, change):
    folder = tmp_path / "mine"
    files = corpus(folder)
    changes = {
        "gone": lambda: shutil.rmtree(folder),
        "fewer": (folder / "a.png").unlink,
        "more": lambda: (folder / "d.png").touch(),
        "written": lambda: (folder / "b.png").write_bytes(b"other face"),
    }
    match = "Corpus 'mine' changed while it was read"
    with pytest.raises(UserError, match=match), unchanged("mine", files):
        changes[change]()


def test_what_a_file_that_goes_leads_to_is_told_as_that(tmp_path):
    files = corpus(tmp_path / "mine")
    match = "drive still connected"
    with pytest.raises(UserError, match=match), unchanged("mine", files):
        (tmp_path / "mine" / "c.png").unlink()
        raise ValueError("a picture less than there should be")


MICRO = PROJECT / "tests" / "micro.yaml"
REFERENCES = "results/references/facs_core/anger.npy"


@pytest.fixture
def disk(tmp_path):
    """A disk of its own, and how it is mounted in another way."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(how):
        given = ["mount", "-t", "tmpfs", "-o", how, "tmpfs", str(folder)]
        return subprocess.run(given, capture_output=True, check=False).returncode

    if shutil.which("mount") is None or mount("size=600k"):
        pytest.skip("only root can mount a small disk")
    yield folder, lambda how: mount(f"remount,{how}")
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("arguments", [(), ("-n",)])
def test_a_folder_that_cannot_be_written_is_one_sentence(disk, arguments):
    folder, remount = disk
    assert remount("ro") == 0
    said = refused(snakemake(folder, *arguments, configfile=MICRO))
    assert f"go into {folder}, which cannot be written: its disk is read-only" in said


@pytest.mark.slow
def test_a_run_on_a_full_disk_says_so_and_goes_on_where_there_is_room(disk, tmp_path):
    folder, remount = disk
    said = snakemake(folder, "references", configfile=MICRO)
    assert said.returncode != 0
    assert "ERROR: The disk is full" in said.stdout, said.stdout[-3000:]
    assert "Traceback" not in said.stdout
    assert remount("size=60m") == 0
    finished(snakemake(folder, REFERENCES, configfile=MICRO))
    finished(snakemake(tmp_path / "other", REFERENCES, configfile=MICRO))
    assert (folder / REFERENCES).read_bytes() == (tmp_path / "other" / REFERENCES).read_bytes()
