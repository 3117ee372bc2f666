"""Where people look: tiles, the maps made of them, and how well these agree."""

import numpy as np
import pandas as pd
import pytest

from facsimile import EXPRESSIONS
from facsimile.atlas.maps import read_heatmaps
from facsimile.atlas.people import TILES, Tiles, human_map, noise_ceiling, read_tiles
from facsimile.errors import UserError
from made_up_files import write_tiles


@pytest.fixture(scope="module")
def people(shared, atlas):
    return read_tiles(shared / "human" / "tiles.csv", shared / "human" / "landmarks.csv", atlas)


def test_tiles_run_down_the_columns_of_the_picture(tmp_path, atlas, canonical):
    weights = np.full(TILES, -100.0)
    weights[8 * 2 + 5] = 50
    tiles = read_tiles(*write_tiles(tmp_path, canonical, weights), atlas)
    found = human_map(tiles, "fear")
    rows, columns = np.nonzero(found > 0.75)
    # Column 2 of 6 and row 5 of 8.
    assert (columns.min(), columns.max()) == pytest.approx((224 * 2 / 6, 224 * 3 / 6 - 1), abs=1.5)
    assert (rows.min(), rows.max()) == pytest.approx((275 * 5 / 8, 275 * 6 / 8 - 1), abs=2)
    assert found.max() == pytest.approx(1.5)
    assert found.min() == 0


@pytest.mark.slow
def test_rows_with_empty_cells_are_left_out_and_counted(people):
    assert people.left_out == 40
    assert len(people.weights) == 1128 - 40
    ceiling = noise_ceiling(people, 1, splits=20)
    assert set(ceiling["left_out"]) == {40}
    assert ceiling.groupby("between")["rows"].sum().tolist() == [1088, 1088]


@pytest.mark.slow
def test_human_maps_agree_between_faces_as_seen_before(people):
    ceiling = noise_ceiling(people, 1, splits=20)
    faces = ceiling[ceiling["between"] == "faces"]
    assert faces["r"].mean() == pytest.approx(0.62, abs=0.01)
    halves = ceiling[ceiling["between"] == "halves"]
    assert (halves["r"].to_numpy() > faces["r"].to_numpy()).all()
    expected = 2 * ceiling["r"] / (1 + ceiling["r"])  # two halves, and these data's two faces
    assert ceiling["reliability"].to_numpy() == pytest.approx(expected.to_numpy())
    assert ceiling["ceiling"].to_numpy() == pytest.approx(np.sqrt(expected))


@pytest.mark.slow
def test_the_correlation_of_halves_is_that_of_their_maps(people):
    rows, weights, maps = people.of("fear")
    one = (rows["face"] == "f").to_numpy()
    expected = np.corrcoef(weights[one].mean(0) @ maps, weights[~one].mean(0) @ maps)[0, 1]
    ceiling = noise_ceiling(people, 1, splits=1).set_index(["expression", "between"])
    assert ceiling.loc[("fear", "faces"), "r"] == pytest.approx(expected)


def test_the_ceiling_of_three_faces_is_that_of_the_mean_of_three():
    """In simulation: faces are the same truth with noise, so that the true ceiling is known."""
    rng = np.random.default_rng(0)
    names = [f"tile{number}" for number in range(TILES)]
    carried = {(face, name): np.eye(TILES) for face in "xyz" for name in EXPRESSIONS}
    expected, reached, of_two = [], [], []
    for _ in range(7):
        tables = []
        for name in EXPRESSIONS:
            truth = 20 * rng.standard_normal(TILES)
            shown = truth + 20 * rng.standard_normal((3, TILES))
            rows = pd.DataFrame(shown, columns=names).assign(participant="a", face=list("xyz"))
            tables.append(rows.assign(expression=name))
            reached.append(np.corrcoef(truth, shown.mean(axis=0))[0, 1])
        rows = pd.concat(tables)
        found = noise_ceiling(Tiles(rows, carried, 0), 1, splits=0).query("between == 'faces'")
        r = found["r"].to_numpy()
        assert found["reliability"].to_numpy() == pytest.approx(3 * r / (1 + 2 * r))
        expected.extend(found["ceiling"])
        of_two.extend(np.sqrt(2 * r / (1 + r)))
    assert np.mean(expected) == pytest.approx(np.mean(reached), abs=0.02)
    assert np.mean(of_two) < np.mean(reached) - 0.05, "two would be too few"


@pytest.mark.slow
def test_published_networks_are_as_near_to_people_as_seen_before(people, shared):
    """The single look of ../shared/human/README.md, within what carrying details change."""
    seen = {
        "resnet101_v2": 0.50, "resnet50": 0.49, "vgg16": 0.46, "vgg19": 0.46,
        "inception_v3": 0.42, "xception": 0.39, "mobilenet_v3": 0.39, "efficientnet_v2": 0.39,
        "songnet": 0.26, "alexnet": 0.15, "silnet": 0.14, "weinet": 0.07,
    }  # fmt: skip
    human = {name: human_map(people, name).ravel() for name in EXPRESSIONS}
    for network, before in seen.items():
        heatmaps = read_heatmaps(shared / "published" / "heatmaps" / network)
        r = [np.corrcoef(heatmaps[name].ravel(), human[name])[0, 1] for name in EXPRESSIONS]
        assert np.mean(r) == pytest.approx(before, abs=0.03), network


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda table: table.drop(columns="tile7"), "lacks the column tile7"),
        (lambda table: table[table["expression"] != "fear"], "no full row of fear"),
        (lambda table: table.assign(tile3=-101), "a weight below -100"),
        (lambda table: table.assign(face="g"), "no row of face 'g', anger"),
    ],
    ids=["column", "expression", "weight", "face"],
)
def test_bad_tiles_are_one_sentence(tmp_path, atlas, canonical, change, sentence):
    tiles, landmarks = write_tiles(tmp_path, canonical, np.arange(TILES))
    change(pd.read_csv(tiles)).to_csv(tiles, index=False)
    with pytest.raises(UserError, match=sentence):
        read_tiles(tiles, landmarks, atlas)
