"""The files of a corpus in one short text: it changes when any of them does, and only then."""

import os
import shutil

import pytest

from facsimile.faces.corpora import corpus_of
from facsimile.faces.inventory import files_below, inventory
from made_up_files import written


def of_folder(folder):
    return inventory(corpus_of({"kind": "folder", "path": folder}).files())


def of_table(folder):
    return inventory(corpus_of({"kind": "csv", "path": folder / "faces.csv"}).files())


@pytest.fixture
def folder(tmp_path):
    table = "path,subject,expression\nhappy\\ä.png,a,happy\nhappy/b.png,b,happy\ngone.png,c,sad\n"
    files = {"happy/ä.png": "1", "happy/b.png": "2", "sad/deep/c.png": "3", "faces.csv": table}
    return written(tmp_path / "corpus", files)


def test_files_are_named_from_the_folder_on_in_any_order_of_the_disk(folder):
    written(folder, {".hidden/x.png": "4", "sad/.DS_Store": "5"})
    (folder / "link").symlink_to(folder / "sad")
    names = [name for name, _ in files_below(folder)]
    # A link to a folder is not followed, and reading says so: it counts by its name.
    assert sorted(names) == ["faces.csv", "happy/b.png", "happy/ä.png", "link", "sad/deep/c.png"]
    assert names == [name for name, _ in files_below(folder)]


@pytest.mark.parametrize("of", [of_folder, of_table])
@pytest.mark.parametrize("name", ["happy/ä.png", "happy/b.png"])
def test_another_size_or_another_second_is_another_file(folder, of, name):
    before, path = of(folder), folder / name
    when = path.stat().st_mtime
    path.write_text("larger")
    os.utime(path, (when, when))
    larger = of(folder)
    path.write_text("9")
    os.utime(path, (when + 1, when + 1))
    assert len({before, larger, of(folder)}) == 3


def test_added_removed_and_renamed_files_count_and_hidden_ones_do_not(folder):
    seen = [of_folder(folder)]
    written(folder, {"sad/new.png": "4"})
    seen.append(of_folder(folder))
    (folder / "sad/new.png").rename(folder / "sad/newer.png")
    seen.append(of_folder(folder))
    (folder / "happy/b.png").unlink()
    seen.append(of_folder(folder))
    assert len(set(seen)) == 4
    written(folder, {"sad/.DS_Store": "5"})
    assert of_folder(folder) == seen[-1]


def test_a_table_counts_its_own_images_alone_and_those_that_come(folder):
    before = of_table(folder)
    written(folder, {"other.png": "4"})
    assert of_table(folder) == before
    written(folder, {"gone.png": "4"})
    assert of_table(folder) != before


def test_images_of_a_benchmark_are_found_in_either_place(tmp_path):
    table = "dataset,user_id,name,class\nck,1,a.png,happy\nkdef,1,b.png,happy\n"
    folder = written(tmp_path, {"faces.csv": table, "ck/a.png": "1", "b.png": "2"})
    seen = [of_table(folder)]
    for name in ("ck/a.png", "b.png"):
        (folder / name).write_text("another")
        seen.append(of_table(folder))
    assert len(set(seen)) == 3


@pytest.mark.parametrize("of", [of_folder, of_table])
def test_where_the_corpus_lies_is_no_part_of_it(folder, tmp_path, of):
    moved = tmp_path / "elsewhere" / "corpus"
    shutil.copytree(folder, moved)
    assert of(moved) == of(folder)


def test_a_missing_folder_holds_nothing(tmp_path):
    assert of_folder(tmp_path / "nowhere") == inventory([])
