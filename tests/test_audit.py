"""The audit: recipes with which a finished network is clearly better than with its own."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.faces.labels import name_of
from facsimile.networks.audit import ORDERS, Known, audit, check, crops_for, doubt
from facsimile.networks.finished import Finished
from facsimile.show.audit import audit_cells

SIZE = 64


def row(folder, **given):
    return Finished(
        **{
            "checkpoint": folder / "networks" / "fer_mini_xception.onnx",
            "classes": ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"),
            "input_size": SIZE,
            "scaling": (-1.0, 1.0),
            "audit": "stop",
        }
        | given
    )


@pytest.fixture(scope="module")
def known(shared):
    """Photographs as they are, which stand for all crops: the whole image made square."""
    from PIL import Image

    table = pd.read_csv(shared / "faces" / "legend.csv", dtype=str, keep_default_na=False)
    names = table["expression"].map(name_of)
    table = table.assign(name=names)[names.isin(EXPRESSIONS)].groupby("name").head(60)
    images = [
        np.asarray(Image.open(shared / "faces" / path).convert("RGB").resize((SIZE, SIZE)))
        for path in table["path"]
    ]
    labels = table["name"].map(EXPRESSIONS.index).to_numpy()
    crops = crops_for(row(shared))
    return Known(dict.fromkeys(crops, np.stack(images)), labels, table["path"].to_numpy())


@pytest.mark.slow
def test_the_right_recipe_passes(shared, known):
    table = audit(row(shared), known)
    assert table["classes"][0] == "as given" and table["changes"][0] == 0
    assert not table["clear"].any() and doubt("fer", row(shared), {"photos": table}) == ""
    assert table["balanced_accuracy"][0] > 0.4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"scaling": (0.0, 1.0)}, "`scaling: [-1, 1]`"),
        ({"scaling": (0.0, 255.0)}, "`scaling: [-1, 1]`"),
        ({"classes": tuple(ORDERS["AffectNet of seven"].split())}, "the study's, then neutral"),
        ({"classes": tuple(ORDERS["alphabetical, neutral"].split())}, "the study's, then neutral"),
    ],
)
def test_wrong_recipes_are_caught_and_the_right_one_named(shared, known, tmp_path, wrong, named):
    given = row(shared, **wrong)
    path = tmp_path / "photos.csv"
    audit(given, known).to_csv(path, index=False)
    with pytest.raises(UserError) as caught:
        check("fer", given, {"photos": path})
    assert named in str(caught.value) and "corpus 'photos'" in str(caught.value)
    warned = check("fer", replace(given, audit="warn"), {"photos": path})
    assert named in warned["audit"]


def test_too_few_faces_judge_nothing(shared, known, tmp_path):
    some = np.flatnonzero(known.labels == 3)
    few = Known(
        {crop: pixels[some] for crop, pixels in known.pixels.items()},
        known.labels[some],
        known.person[some],
    )
    path = tmp_path / "photos.csv"
    audit(row(shared), few).to_csv(path, index=False)
    said = check("fer", row(shared), {"photos": path})
    assert said == {
        "audit cannot judge": "fer on photos: no two expressions have 20 faces of known label"
    }
    cells = audit_cells({("fer", "photos"): pd.read_csv(path)}).loc["fer, photos"]
    assert cells["as its row says"] == "cannot be judged: too few faces of known label"
    assert set(cells.iloc[1:]) == {"\N{EN DASH}"}


@pytest.mark.slow
def test_a_tighter_crop_is_among_the_tries(shared, known):
    # The faces fill these photographs: cut to their middle, they lack chin and brows.
    tight = {crop: pixels[:, 10:54, 10:54] for crop, pixels in known.pixels.items()}
    pixels = {**known.pixels, -0.15: tight["aligned"]}
    given = row(shared, crop=-0.15)
    table = audit(given, Known(pixels, known.labels, known.person))
    assert table["crop"][0] == "-0.15" and -0.15 in crops_for(row(shared))
    assert table["balanced_accuracy"][0] < table["balanced_accuracy"].max()
    assert "`crop: " in doubt("fer", given, {"photos": table})


def test_orders_name_classes_that_a_row_may_have():
    for words in ORDERS.values():
        names = words.split()
        assert set(EXPRESSIONS) <= set(names) and len(set(names)) == len(names)
        assert all(name_of(name) == name for name in names)
