"""Errors, seeds, files and logs."""

import os
import subprocess
import sys

import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from facsimile import files, seeds
from facsimile.errors import unknown
from facsimile.unfinished import finish, identity, unfinished


def test_an_unknown_name_is_answered_with_the_nearest_and_all_allowed():
    message = str(unknown("network", "resnet5", ["vgg16", "resnet50"], "networks: resnet5"))
    assert message == (
        "Unknown network 'resnet5' in 'networks: resnet5'. Did you mean 'resnet50'? "
        "Allowed: resnet50, vgg16."
    )


def test_no_name_is_suggested_where_none_is_near():
    assert "Did you mean" not in str(unknown("network", "xyz", ["resnet50"]))


def test_a_seed_stays_what_it_was():
    assert seeds.derive(7, "network", "weinet", 0) == 943771470830480367


@given(st.integers(), st.lists(st.one_of(st.integers(), st.text()), max_size=4))
def test_seeds_are_repeatable_and_fit_into_63_bits(seed, thing):
    assert seeds.derive(seed, *thing) == seeds.derive(seed, *thing)
    assert 0 <= seeds.derive(seed, *thing) < 2**63


def test_things_that_only_look_alike_have_different_seeds():
    things = [("ab", "c"), ("a", "bc"), ("abc",), ("a", "b", "c"), ()]
    assert len({seeds.derive(1, *thing) for thing in things}) == len(things)


def test_generators_of_one_thing_draw_the_same():
    first, second = (seeds.generator(1, "face", "a").random(5) for _ in range(2))
    assert (first == second).all()
    assert (first != seeds.generator(2, "face", "a").random(5)).all()


def choose(names, count=3, seed=1):
    ids = pd.Series(names)
    groups = ids.str[0]
    return set(ids[seeds.drawn(ids, groups, count, seed, "test")])


NAMES = [f"{group}{number}" for group in "ab" for number in range(10)]


def test_so_many_of_each_group_are_drawn():
    assert pd.Series(sorted(choose(NAMES))).str[0].tolist() == ["a"] * 3 + ["b"] * 3
    assert choose(NAMES, count=99) == set(NAMES)


@given(st.permutations(NAMES))
def test_the_draw_does_not_depend_on_the_order(names):
    assert choose(names) == choose(NAMES)


def test_a_further_name_moves_the_draw_by_one_at_most():
    assert len(choose(NAMES) - choose([*NAMES, "a99"])) <= 1


def test_another_group_leaves_the_draw_alone():
    assert choose(NAMES) <= choose([*NAMES, "c1", "c2"])


def test_another_seed_draws_others():
    assert choose(NAMES) != choose(NAMES, seed=2)


def test_a_file_appears_whole_with_its_folders(tmp_path):
    path = tmp_path / "new" / "folder" / "table.csv"
    with files.atomic(path) as draft:
        draft.write_text("text")
        assert draft.suffix == ".csv"
        assert not path.exists()
    assert path.read_text() == "text"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mask", [0o022, 0o007])
def test_whoever_may_read_new_files_may_read_those_of_any_writer(tmp_path, mask):
    before = os.umask(mask)
    try:
        path = tmp_path / "weights.safetensors"
        with files.atomic(path) as draft:
            save_file({"a": torch.zeros(1)}, draft)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_block_that_fails_leaves_the_old_file_and_no_draft(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), files.atomic(path) as draft:
        draft.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("pattern", "path", "key"),
    [
        ("faces/{corpus}/", "results/faces/ck_plus/faces.npy", "ck_plus"),
        ("faces/{corpus}/", "faces/ck_plus/faces.npy", "ck_plus"),
        ("faces/{corpus}/", "/faces/paper/results/faces/faces/faces.npy", "faces"),
        ("faces/{corpus}/superpixels/*/", "results/faces/faces/superpixels/slic/8.npy", "faces"),
        ("superpixels/{cut}/{size}.", "faces/a/superpixels/slic/8.npy", ("slic", "8")),
        ("/fold{fold}/", "results/networks/fold1/fold0/weights.safetensors", "0"),
        ("networks/{network}/*/fold{fold}/", "networks/a-b/x/fold12/history.csv", ("a-b", "12")),
        ("/repeat{repeat}/fold{fold}/", "networks/repeat1/repeat0/fold2/record.json", ("0", "2")),
        ("maps/{row}/{network}/{expression}.", "r/maps/x/y/anger.npz", ("x", "y", "anger")),
        ("validation/{condition}", "results/validation/brows", "brows"),
    ],
)
def test_paths_carry_their_keys(pattern, path, key):
    assert files.keyed([path], pattern) == {key: path}
    assert files.keyed(path, pattern) == {key: path}


def test_keyed_paths_keep_their_order_and_are_returned_as_given(tmp_path):
    paths = [tmp_path / "faces" / name / "faces.npy" for name in "bca"]
    assert list(files.keyed(paths, "faces/{corpus}/").items()) == list(
        zip("bca", paths, strict=True)
    )
    assert files.keyed([], "faces/{corpus}/") == {}


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("faces/{corpus}/", "results/surfaces/ck_plus/faces.npy"),
        ("faces/{corpus}/", "results/faces/faces.npy"),
        ("faces/{corpus}/", "results/faces/ck_plus/superpixels/slic/8.npy"),
        ("{network}.npz", "results/agreement/lime/weinetXnpz"),
    ],
)
def test_a_path_that_ends_otherwise_is_refused(pattern, path):
    with pytest.raises(ValueError, match="does not end in"):
        files.keyed([path], pattern)


def test_a_key_met_twice_is_refused():
    with pytest.raises(ValueError, match=r"a/faces/ck/x and b/faces/ck/x both .* 'ck'"):
        files.keyed(["a/faces/ck/x", "b/faces/ck/x"], "faces/{corpus}/")


def run_job(tmp_path, root, error):
    """Return what a job that ends with an error writes to its log and to the terminal."""
    job = f"""
import logging
from facsimile import logs
from facsimile.errors import UserError
logs.start({str(tmp_path / "job.log")!r}, "weinet fold 1")
logging.getLogger("facsimile.networks").info("under way")
raise {error}
"""
    environment = {**os.environ, "PYTHONPATH": str(root / "workflow" / "scripts")}
    done = subprocess.run(
        [sys.executable, "-c", job], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    return (tmp_path / "job.log").read_text(), done.stderr


def test_a_user_error_reaches_log_and_terminal_without_traceback(tmp_path, root):
    for text in run_job(tmp_path, root, "UserError('raise the rate')"):
        assert "weinet fold 1: under way" in text
        assert text.endswith("weinet fold 1: ERROR: raise the rate\n")
        assert "Traceback" not in text


def test_any_other_error_reaches_log_and_terminal_with_traceback(tmp_path, root):
    for text in run_job(tmp_path, root, "ValueError('a defect')"):
        assert "ERROR: a defect" in text
        assert "Traceback" in text


def test_the_state_of_a_job_is_that_of_its_settings_and_inputs(tmp_path):
    source, result = tmp_path / "faces.npy", tmp_path / "weights.pt"
    source.write_bytes(b"faces")
    mine = identity({"seed": 1, "recipe": {"epochs": 2}}, [source])
    assert mine == identity({"recipe": {"epochs": 2}, "seed": 1}, [source])
    assert mine != identity({"seed": 1, "recipe": {"epochs": 3}}, [source])
    os.utime(source, ns=(0, 0))
    other = identity({"seed": 1, "recipe": {"epochs": 2}}, [source])
    assert other != mine
    states = [unfinished(result, one) for one in (mine, other)]
    others = unfinished(tmp_path / "other.pt", mine)
    for state in (*states, others):
        state.write_text("so far")
    finish(result)
    assert not any(state.exists() for state in states) and others.exists()
