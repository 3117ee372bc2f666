"""Faces of all corpora together: gathered, read one by one, drawn as a sample."""

import numpy as np
import pandas as pd
import pytest

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces import dataset
from facsimile.faces.images import resize


def table(corpus, count):
    return pd.DataFrame(
        {
            "id": [f"{corpus}/{n}" for n in range(count)],
            "corpus": corpus,
            "subject": [str(n % 7) for n in range(count)],
            "expression": [EXPRESSIONS[n % 6] for n in range(count)],
            "sha256": [f"{corpus}{n}" for n in range(count)],
            "age": 33,
        }
    )


def test_the_pool_keeps_order_and_place():
    faces = dataset.pool([table("b", 3), table("a", 2)])
    assert faces["id"].tolist() == ["b/0", "b/1", "b/2", "a/0", "a/1"]
    assert faces["row"].tolist() == [0, 1, 2, 0, 1]
    assert faces.index.tolist() == list(range(5))
    assert list(faces) == ["id", "corpus", "row", "subject", "expression", "sha256", "people"]


def test_a_face_in_the_pool_twice_is_an_error():
    with pytest.raises(UserError, match="'a/0' is there twice"):
        dataset.pool([table("a", 2), table("a", 2)])


def test_arrays_are_gathered_in_the_order_of_the_faces(tmp_path):
    arrays = {"a": np.arange(10), "b": np.arange(100, 104)}
    for name, numbers in arrays.items():
        np.save(tmp_path / f"{name}.npy", np.repeat(numbers[:, None], 2, axis=1))
    faces = dataset.pool([table("a", 10), table("b", 4)]).iloc[[12, 3, 10, 0, 13]]
    behind = {"b": tmp_path / "b.npy", "a": tmp_path / "a.npy"}
    expected = [[102, 102], [3, 3], [100, 100], [0, 0], [103, 103]]
    assert dataset.gather(faces, behind).tolist() == expected
    rows = dataset.Rows(faces, behind)
    assert (len(rows), rows.shape) == (5, (5, 2))
    assert rows[1:3].tolist() == expected[1:3]
    assert rows[np.array([4, 0])].tolist() == [expected[4], expected[0]]


def test_faces_of_a_corpus_without_a_file_are_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(3))
    with pytest.raises(KeyError, match="b"):
        dataset.Rows(dataset.pool([table("b", 3)]), {"a": tmp_path / "a.npy"})


def test_faces_on_disk_are_resized_as_those_in_memory(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 255, (300, 40, 40), np.uint8)
    np.save(tmp_path / "a.npy", pixels)
    rows = dataset.Rows(dataset.pool([table("a", 300)]), {"a": tmp_path / "a.npy"})
    assert (resize(rows, 24) == resize(pixels, 24)).all()
    assert resize(rows, 40) is rows


def test_a_sample_has_so_many_of_each_expression_in_the_pools_order():
    faces = dataset.pool([table("a", 60)])
    drawn = dataset.sample(faces, 4, seed=1)
    assert drawn["expression"].value_counts().to_dict() == dict.fromkeys(EXPRESSIONS, 4)
    assert drawn.index.is_monotonic_increasing
    assert dataset.sample(faces, 99, seed=1).equals(faces)


def test_a_further_corpus_keeps_the_rank_of_the_first_ones_faces():
    alone = dataset.pool([table("a", 60)])
    both = dataset.pool([table("b", 60), table("a", 60)])
    of_both = dataset.sample(both, 5, seed=1)
    # Fewer of them are drawn, but none that would not be drawn alone.
    of_a = set(of_both.loc[of_both["corpus"] == "a", "id"])
    assert 0 < len(of_a) < 30
    assert of_a <= set(dataset.sample(alone, 5, seed=1)["id"])


def test_labels_are_places_in_the_order_of_the_study():
    assert dataset.labels(table("a", 8)).tolist() == [0, 1, 2, 3, 4, 5, 0, 1]


def test_a_reader_gives_a_faces_rows_by_its_id(tmp_path):
    paths = {}
    for name in ("pixels", "landmarks"):
        for corpus in "ab":
            array = np.arange(6).reshape(3, 2) + 10 * (corpus == "b") + 100 * (name == "landmarks")
            np.save(tmp_path / f"{name}-{corpus}.npy", array)
        paths[name] = {corpus: tmp_path / f"{name}-{corpus}.npy" for corpus in "ab"}
    faces = pd.DataFrame({"id": ["b/2", "a/0"], "corpus": ["b", "a"], "row": [2, 0]})
    read_one = dataset.reader(faces, paths["pixels"], paths["landmarks"])
    assert [row.tolist() for row in read_one("b/2")] == [[14, 15], [114, 115]]
    assert [row.tolist() for row in read_one("a/0")] == [[0, 1], [100, 101]]
