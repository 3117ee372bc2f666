"""What a crop tells of the label."""

import numpy as np
import pandas as pd
import pytest

from facsimile import EXPRESSIONS
from facsimile.faces.leakage import COLUMNS, FEATURES, leakage


def cropped(tmp_path, shift, per_person=6, people=60):
    """Return faces and landmarks; the eyes of each expression lie ``shift`` standard errors off."""
    rng, count = np.random.default_rng(3), per_person * people
    shown = np.tile(range(6), count // 6 + 1)[:count]
    landmarks = np.zeros((count, 68, 2))
    landmarks[:, 36], landmarks[:, 45] = (60, 70), (160, 70)
    landmarks += rng.normal(0, 1, (count, 1, 2)) + shift * shown[:, None, None]
    landmarks += rng.normal(0, 1, (people, 1, 2)).repeat(per_person, 0)  # where a person's eyes lie
    landmarks[:, 45, 0] += rng.normal(0, 1, count)
    np.save(tmp_path / "a.npy", landmarks)
    rows = {"corpus": "a", "row": range(count), "expression": np.array(EXPRESSIONS)[shown]}
    subject = np.repeat(range(people), per_person).astype(str)
    faces = pd.DataFrame(rows).assign(subject=subject, sha256=[str(n) for n in range(count)])
    return faces, {"a": tmp_path / "a.npy"}


def test_a_crop_that_tells_the_label_is_found_out(tmp_path):
    table = leakage(*cropped(tmp_path, shift=1.0)).set_index("features")
    assert list(table.reset_index()[COLUMNS].columns) == COLUMNS
    assert list(table.index) == list(FEATURES)
    place, scale = table.loc["place"], table.loc["scale"]
    assert place["low"] > place["chance"] == pytest.approx(1 / 6)
    assert place["low"] < place["balanced_accuracy"] < place["high"]
    assert scale["low"] < 1 / 6 < scale["high"]
    assert table.loc["scale and place", "low"] > 1 / 6


def test_expressions_with_few_faces_are_not_asked_about(tmp_path):
    faces, paths = cropped(tmp_path, 0.0)
    rare = (faces["expression"] == "fear") & (faces["row"] > 60)
    assert leakage(faces[~rare], paths)["chance"].unique() == pytest.approx([1 / 5])
    few = leakage(faces.head(36), paths)
    assert few["features"].tolist() == list(FEATURES)
    assert few[["balanced_accuracy", "low", "high", "chance"]].isna().all(axis=None)


@pytest.mark.slow
def test_the_interval_of_leakage_covers_chance_where_there_is_none(tmp_path):
    """Few would, if people were not what is drawn: faces of one person lie alike."""
    covered = []
    for seed in range(100):
        faces, paths = cropped(tmp_path, 0.0, per_person=12, people=24)
        shuffled = np.random.default_rng(seed).permutation(faces["expression"])
        place = leakage(faces.assign(expression=shuffled), paths).set_index("features").loc["place"]
        covered.append(place["low"] <= place["chance"] <= place["high"])
    assert np.mean(covered) >= 0.85
