"""The canonical face: its landmarks, carrying maps to it, averaging there, and the masks."""

import os
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy.ndimage import gaussian_filter
from skimage.measure import block_reduce
from skimage.transform import PiecewiseAffineTransform, warp

from facsimile import EXPRESSIONS
from facsimile.atlas.canonical import HEIGHT, WIDTH, Atlas, read_landmarks, with_helpers
from facsimile.atlas.facs import facs_regions, read_unit_regions, read_units
from facsimile.atlas.heatmaps import COARSE, CarriedFaces, average, coarsen
from facsimile.atlas.looks import motion, spread
from facsimile.atlas.maps import find_maps, find_networks, read_heatmaps, read_map, read_reference
from facsimile.atlas.people import TILES, Tiles, human_map, noise_ceiling, read_tiles
from facsimile.atlas.polygons import read_regions
from facsimile.atlas.references import CEILING, reference_of
from facsimile.atlas.regions import draw_mask, locate, outline
from facsimile.atlas.rivals import LOOKS, rivals, rivals_of
from facsimile.errors import UserError
from facsimile.faces.alignment import align
from facsimile.faces.detection import landmarks_in


@pytest.fixture(scope="module")
def canonical(root):
    return read_landmarks(root / "resources" / "canonical_landmarks.csv")


@pytest.fixture(scope="module")
def atlas(canonical):
    return Atlas.of(canonical)


@pytest.fixture(scope="module")
def face(drawn_face):
    return align(drawn_face.image, drawn_face.landmarks)


@pytest.fixture(scope="module")
def smooth_map():
    noise = np.random.default_rng(0).random((224, 224))
    smooth = gaussian_filter(noise, 12)
    return (smooth - smooth.min()) / np.ptp(smooth)


# The canonical face


def test_canonical_landmarks_are_what_dlib_answers_on_black(canonical):
    black = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    assert (landmarks_in(black, (0, 0, 224, 250)) == canonical).all()


def test_helper_points_are_the_jaw_on_the_top_edge_and_the_corners(canonical):
    points = with_helpers(canonical, WIDTH, HEIGHT)
    assert points.shape == (89, 2)
    assert (points[68:85, 0] == canonical[:17, 0]).all()
    assert (points[68:85, 1] == 0).all()
    assert points[85:].tolist() == [[0, 0], [0, 274], [223, 0], [223, 274]]


def test_every_pixel_is_a_mix_of_three_points(atlas):
    weights = atlas.weights
    assert weights.shape == (HEIGHT * WIDTH, 89)
    assert (np.diff(weights.indptr) == 3).all()
    assert weights.data.min() >= -1e-9
    assert np.abs(weights.sum(axis=1) - 1).max() < 1e-9


# Carrying


def test_canonical_landmarks_lie_on_the_landmarks_of_the_face(atlas, canonical, face):
    x, y = canonical.astype(int).T
    assert np.abs(atlas.positions(face.landmarks)[y, x] - face.landmarks).max() < 1e-9


def test_positions_stay_inside_the_picture(atlas, face):
    positions = atlas.positions(face.landmarks)
    assert positions.min() >= -1e-9
    assert positions.max() <= 223 + 1e-9


def test_the_canonical_face_squeezed_is_carried_by_stretching(atlas, canonical):
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    positions = atlas.positions(canonical * (1, 223 / 274))
    assert np.abs(positions - np.dstack([columns, rows * 223 / 274])).max() < 1e-9


@given(
    across=st.floats(-1, 1), down=st.floats(-1, 1), size=st.sampled_from([48, 64, 150, 224, 299])
)
def test_a_plane_is_carried_exactly(atlas, face, across, down, size):
    centres = (np.arange(size) + 0.5) * 224 / size - 0.5
    plane = across * centres[None, :] + down * centres[:, None]
    x, y = np.moveaxis(atlas.positions(face.landmarks), 2, 0)
    # Past the outermost pixel centres a map goes on as it is at its edge.
    x, y = (np.clip(values, centres[0], centres[-1]) for values in (x, y))
    assert np.abs(atlas.carry(plane, face.landmarks) - (across * x + down * y)).max() < 1e-3


def test_carrying_agrees_with_scikit_image(atlas, canonical, face, smooth_map):
    points = with_helpers(canonical, WIDTH, HEIGHT)
    there = with_helpers(face.landmarks, 224, 224)
    transform = PiecewiseAffineTransform.from_estimate(points, there)
    expected = warp(smooth_map, transform, output_shape=(HEIGHT, WIDTH), order=1, mode="edge")
    carried = atlas.carry(smooth_map, face.landmarks)
    # Pixels on an outer edge may count as outside there.
    assert np.abs(carried - expected)[1:-1, 1:-1].max() < 1e-3


def test_a_coarser_map_is_carried_to_nearly_the_same(atlas, face, smooth_map):
    fine = atlas.carry(smooth_map, face.landmarks)
    coarse = atlas.carry(block_reduce(smooth_map, (4, 4), np.mean), face.landmarks)
    assert np.abs(fine - coarse).max() < 0.05
    assert np.abs(fine - coarse).mean() < 0.005


def test_a_carried_map_is_on_the_frame_as_float32(atlas, face, smooth_map):
    carried = atlas.carry(smooth_map, face.landmarks)
    assert carried.shape == (HEIGHT, WIDTH)
    assert carried.dtype == np.float32
    assert carried.min() >= smooth_map.min() - 1e-6
    assert carried.max() <= smooth_map.max() + 1e-6


# Averaging


def test_heatmaps_are_means_over_all_faces_and_over_each_folds(atlas, face):
    maps = [np.full((8, 8), value) for value in (1.0, 2.0, 6.0)]
    points = np.stack([face.landmarks] * 3)
    heatmaps = average(maps, points, [(0, 0), (0, 2), (0, 2)], (1, 3), atlas)
    for one in (heatmaps.pooled, heatmaps.repeats, heatmaps.folds, heatmaps.faces):
        assert one.dtype == np.float32
    assert heatmaps.pooled == pytest.approx(3) and heatmaps.repeats[0] == pytest.approx(3)
    assert heatmaps.folds[0, 0] == pytest.approx(1)
    assert heatmaps.folds[0, 2] == pytest.approx(4)
    assert heatmaps.faces.shape == (3, *COARSE)
    assert heatmaps.faces.mean(axis=(1, 2)) == pytest.approx([1, 2, 6])


def test_each_repeat_with_a_face_counts_alike(atlas, face):
    maps = [np.full((8, 8), value) for value in (1.0, 3.0, 8.0)]
    points, sides = np.stack([face.landmarks] * 3), [(0, 0), (0, 1), (2, 1)]
    heatmaps = average(iter(maps), points, sides, (3, 2), atlas)
    assert heatmaps.folds.shape == (3, 2, HEIGHT, WIDTH)
    assert heatmaps.repeats[0] == pytest.approx(2) and heatmaps.repeats[2] == pytest.approx(8)
    assert np.isnan(heatmaps.repeats[1]).all()
    assert heatmaps.pooled == pytest.approx(5)


def test_the_faces_own_maps_average_to_the_heatmap(atlas, face, smooth_map):
    maps = [smooth_map, smooth_map**2]
    heatmaps = average(maps, np.stack([face.landmarks] * 2), [(0, 0), (0, 1)], (1, 2), atlas)
    assert heatmaps.faces.mean(axis=0) == pytest.approx(coarsen(heatmaps.pooled), abs=1e-6)


def test_coarse_maps_are_means_of_blocks():
    fine = np.arange(HEIGHT * WIDTH, dtype=float).reshape(HEIGHT, WIDTH)
    coarse = coarsen(fine)
    assert coarse.shape == COARSE
    assert coarse[0, 0] == fine[:5, :4].mean()
    assert coarse[-1, -1] == fine[-5:, -4:].mean()
    assert (coarsen(np.stack([fine, fine]))[1] == coarse).all()


def test_carried_faces_survive_their_file(tmp_path):
    faces = pd.DataFrame({"id": ["a", "b"], "corpus": "c", "subject": [7, None], "fold": [0, 1]})
    faces["repeat"] = [2, 0]
    carried = CarriedFaces.of(faces, np.ones((2, *COARSE), np.float32))
    carried.save(tmp_path / "faces.npz")
    again = CarriedFaces.load(tmp_path / "faces.npz")
    for name, values in vars(carried).items():
        np.testing.assert_array_equal(values, getattr(again, name))
    assert again.repeat.tolist() == [2, 0]


def test_where_there_was_no_face_a_heatmap_is_undefined_without_a_warning(atlas, face):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        some = average([np.ones((8, 8))], face.landmarks[None], [(0, 1)], (1, 2), atlas)
        none = average([], np.empty((0, 68, 2)), [], (1, 2), atlas)
    assert np.isnan(some.folds[0, 0]).all()
    assert np.isfinite(some.folds[0, 1]).all()
    assert np.isnan(none.pooled).all()
    assert np.isnan(none.folds).all()
    assert none.folds.shape == (1, 2, HEIGHT, WIDTH)


# Masks


@pytest.fixture(scope="module")
def regions(root):
    return read_regions(root / "resources" / "references" / "ekman.yaml")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_masks_are_the_published_ones(regions, canonical, shared, expression):
    published = Image.open(shared / "published" / "masks" / f"{expression}.png").convert("L")
    expected = np.asarray(published) > 127
    drawn = draw_mask(regions[expression], canonical)
    assert drawn.shape == (HEIGHT, WIDTH)
    assert (drawn & expected).sum() / (drawn | expected).sum() >= 0.995


@pytest.mark.parametrize(
    ("word", "point"),
    [
        ("19", (50, 52)),
        ("19^", (50, 0)),
        ("46>30", (167, 118)),
        ("5~49", (55, 198.5)),
        ("17~TR", (215, 43)),
        ("19^~20", (58, 25)),
        ("TL", (0, 0)),
        ("TR", (223, 0)),
    ],
)
def test_corners_are_where_their_words_say(canonical, word, point):
    assert tuple(locate(word, canonical)) == point


@pytest.mark.parametrize(
    "word", ["0", "69", "-1", "x", "", "^", "5~", "~", "46>", "46>30>2", "BL", "1.5", "5~99"]
)
def test_a_word_that_names_no_corner_is_refused(canonical, word):
    with pytest.raises(UserError, match="expected 19, 19\\^, 46>30, 5~49, TL or TR"):
        locate(word, canonical)


def test_a_mask_is_a_union_of_filled_polygons_with_their_edges(canonical):
    assert draw_mask(["TL TR 9"], canonical)[0].all()
    triangle, other = "37 46 9", "19 26 34"
    both = draw_mask([triangle, other], canonical)
    union = draw_mask([triangle], canonical) | draw_mask([other], canonical)
    assert (both == union).all()
    for word in triangle.split():
        x, y = locate(word, canonical).astype(int)
        assert both[y, x]


def write(tmp_path, content):
    path = tmp_path / "regions.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return path


def test_regions_must_name_the_six(tmp_path, regions):
    six = ", ".join(EXPRESSIONS)
    lacking = {name: regions[name] for name in EXPRESSIONS[1:]}
    for content in (lacking, regions | {"anger and more": ["1 2 3"]}, "", "- anger"):
        with pytest.raises(UserError, match=f"must name exactly {six}; found: "):
            read_regions(write(tmp_path, content))


@pytest.mark.parametrize("polygons", ["1 2 3", None, [], [19], ["1 2"], [["1", "2", "3"]]])
def test_regions_must_be_lists_of_polygons(tmp_path, regions, polygons):
    with pytest.raises(UserError, match="anger must be a list of polygons"):
        read_regions(write(tmp_path, regions | {"anger": polygons}))


def test_regions_that_are_no_yaml_are_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be read as YAML"):
        read_regions(write(tmp_path, "anger: [1 2"))


# Action units


@pytest.fixture(scope="module")
def units(root):
    return read_units(root / "resources" / "expression_units.csv")


@pytest.fixture(scope="module")
def unit_regions(root):
    return read_unit_regions(root / "resources" / "action_unit_regions.yaml")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_variants_add_to_the_core(units, unit_regions, canonical, expression):
    core, variants = (
        draw_mask(facs_regions(units, unit_regions, roles)[expression], canonical)
        for roles in (["core"], ["core", "variant"])
    )
    assert 0.05 < core.mean() < variants.mean() < 0.5
    assert not (core & ~variants).any()


def test_every_unit_has_a_region_and_a_source(units, unit_regions):
    assert set(units["unit"]) <= set(unit_regions)
    assert set(units["role"]) == {"core", "variant"}
    assert units["source"].str.contains(r"\d{4}").all()
    assert not units.duplicated(["expression", "unit"]).any()


def test_the_regions_are_where_the_muscles_are(unit_regions, canonical):
    middles = {
        unit: np.argwhere(draw_mask(polygons, canonical)).mean(axis=0)[0]
        for unit, polygons in unit_regions.items()
    }
    brows, eyes, nose, mouth, chin = (canonical[at, 1] for at in (21, 37, 30, 57, 8))
    assert all(middles[unit] < brows for unit in ("AU1", "AU2"))
    assert brows < middles["AU4"] < middles["AU5"] < middles["AU6"] < nose
    assert eyes - 15 < middles["AU7"] < nose
    assert all(abs(middles[unit] - mouth) < 25 for unit in ("AU23", "AU24", "AU25"))
    assert mouth < middles["AU17"] < chin


def test_a_unit_without_a_region_is_refused(units, unit_regions):
    lacking = {unit: lines for unit, lines in unit_regions.items() if unit != "AU4"}
    with pytest.raises(UserError, match="No region is drawn for AU4"):
        facs_regions(units, lacking, ["core"])


def test_tables_of_units_must_be_whole(units, tmp_path):
    path = tmp_path / "units.csv"
    units.drop(columns="role").to_csv(path, index=False)
    with pytest.raises(UserError, match="lacks the column role"):
        read_units(path)
    units[units["expression"] != "fear"].to_csv(path, index=False)
    with pytest.raises(UserError, match="no core unit of fear"):
        read_units(path)


# Rivals


def test_rivals_know_nothing_of_expressions_but_where_the_face_is(canonical):
    assert list(rivals()) == ["center", "edges", "face", "motion", "ones", "variance"]
    assert all(name == rival.name and rival.words for name, rival in rivals().items())
    assert rivals_of([]) == ["center", "face", "ones"]
    assert set(rivals_of(["average", "spread"])) == set(rivals()) - {"motion"}
    assert rivals_of(LOOKS) == list(rivals())
    center, face, ones = (rivals()[name].draw(canonical) for name in rivals_of([]))
    assert np.unravel_index(center.argmax(), center.shape) == (137, 111)
    assert center[137, 111 - 56] == pytest.approx(np.exp(-0.5), rel=0.01)
    assert face.dtype == ones.dtype == bool
    inner = canonical[17:].astype(int)
    assert face[inner[:, 1], inner[:, 0]].all()
    assert not face[-1, [0, -1]].any()
    assert ones.all()


def test_edges_of_a_step_lie_along_it(canonical):
    average = np.zeros((275, 224), np.float32)
    average[:, 100:] = 90
    edges = rivals()["edges"].draw(canonical, average)
    assert edges.shape == (275, 224)
    assert edges.dtype == np.float32
    assert set(np.flatnonzero(edges[130])) == {99, 100}


def test_faces_differ_where_some_of_them_differ(canonical, atlas):
    points = canonical * 224 / 275
    faces = np.full((4, 224, 224), 100, np.uint8)
    faces[:2, 100:120, 100:120] += 80
    found = spread(faces, np.repeat(points[None], 4, axis=0), atlas)
    assert found.dtype == np.float32
    assert found.max() == pytest.approx(40, abs=0.5), (
        "two of four are 80 brighter: 40 about the mean"
    )
    assert (found == 0).mean() > 0.9
    colour = np.repeat(faces[..., None], 3, axis=3)
    assert (spread(colour, np.repeat(points[None], 4, axis=0), atlas) == found).all()


def test_motion_is_what_differs_from_the_face_at_rest(canonical, atlas):
    points = np.repeat((canonical * 224 / 275)[None], 3, axis=0)
    at_rest = np.full((3, 224, 224), 100, np.uint8)
    faces = at_rest.copy()
    faces[0, 100:120, 100:120] += 60
    faces[1, 100:120, 100:120] -= 40
    faces[2] = 255
    at_rest[2] = 0  # nobody knows
    found = motion([(faces, at_rest, points)], atlas)
    assert found.max() == pytest.approx(50, abs=0.5)
    assert (found == 0).mean() > 0.9
    assert (motion([(faces[2:], at_rest[2:], points[2:])], atlas) == 0).all()


def test_the_outline_goes_through_the_landmarks(canonical):
    x, y = canonical.astype(int).T
    assert (outline(canonical)[y, x] < 255).all()


# Kinds of references


@pytest.fixture(scope="module")
def project_tables(root):
    names = {"expression_units": "csv", "action_unit_regions": "yaml", "canonical_landmarks": "csv"}
    return {name: root / "resources" / f"{name}.{suffix}" for name, suffix in names.items()}


@pytest.mark.slow
def test_each_kind_of_reference_draws_what_its_row_says(
    root, shared, canonical, units, unit_regions, project_tables
):
    ekman = root / "resources" / "references" / "ekman.yaml"
    own, measured = shared / "published" / "masks", shared / "human"
    people = {name: str(measured / f"{name}.csv") for name in ("tiles", "landmarks")}
    rows = {
        "regions": {"kind": "regions", "path": str(ekman)},
        "core": {"kind": "action_units"},
        "variants": {"kind": "action_units", "units": "variants"},
        "human": {"kind": "tiles", **people},
        "maps": {"kind": "maps", "path": str(own)},
    }
    kinds = {name: reference_of(row) for name, row in rows.items()}
    drawn = {}
    for name, kind in kinds.items():
        drawn[name] = kind.draw({table: project_tables[table] for table in kind.TABLES})
        assert tuple(drawn[name]) == EXPRESSIONS
        assert {image.shape for image in drawn[name].values()} == {(HEIGHT, WIDTH)}
        assert kind.words.endswith("."), name
    kept = {name: {image.dtype.name for image in maps.values()} for name, maps in drawn.items()}
    assert kept.pop("human") == {"float32"} and all(kind == {"bool"} for kind in kept.values())
    expected = draw_mask(read_regions(ekman)["fear"], canonical)
    assert (drawn["regions"]["fear"] == expected).all()
    both = facs_regions(units, unit_regions, ["core", "variant"])["fear"]
    assert (drawn["variants"]["fear"] == draw_mask(both, canonical)).all()
    assert "Friesen and Ekman" in kinds["regions"].words
    assert kinds["core"].words != kinds["variants"].words
    assert kinds["regions"].places() == [ekman]
    assert kinds["maps"].places() == sorted(own.glob("*.png"))
    assert [path.stem for path in kinds["human"].places()] == ["tiles", "landmarks"]


@pytest.mark.slow
def test_only_measured_references_have_a_ceiling(tmp_path, canonical, project_tables):
    none = reference_of({"kind": "action_units"}).ceiling(project_tables, 1)
    assert tuple(none) == CEILING and none.empty
    tiles, landmarks = write_tiles(tmp_path, canonical, np.arange(TILES))
    pd.read_csv(tiles).query("participant == 'a'").to_csv(tiles, index=False)
    people = reference_of({"kind": "tiles", "tiles": tiles, "landmarks": landmarks})
    ceiling = people.ceiling(project_tables, 1)
    assert tuple(ceiling) == CEILING and len(ceiling) == 12
    numbers = ceiling[["r", "reliability", "ceiling"]]
    assert numbers.isna().all(axis=None), "one participant and one face agree with nobody"


def test_what_a_reference_is_made_of_must_be_there(tmp_path, project_tables):
    absent = tmp_path / "none.yaml"
    lacking = reference_of({"kind": "regions", "path": absent})
    assert lacking.words.startswith("regions that this study brings")
    people = reference_of({"kind": "tiles", "tiles": absent, "landmarks": absent})
    for kind in (lacking, people):
        with pytest.raises(UserError, match=r"There is no file .*none\.yaml"):
            kind.draw(project_tables)
    with pytest.raises(UserError, match=r"kind of reference 'region'.*Did you mean 'regions'"):
        reference_of({"kind": "region", "path": absent})


def test_planning_with_references_and_rivals_is_light():
    code = (
        "import sys; from facsimile.atlas.references import reference_of as of;"
        "from facsimile.atlas.rivals import rivals; from facsimile.measure.scores import scores;"
        "of({'kind': 'regions', 'path': 'x'}).words; of({'kind': 'action_units'}).words;"
        "of({'kind': 'maps', 'path': 'x'}).places();"
        "of({'kind': 'tiles', 'tiles': 'x', 'landmarks': 'y'}).places();"
        "rivals(); scores();"
        "print({'torch', 'pandas', 'scipy', 'skimage', 'PIL', 'matplotlib'} & set(sys.modules))"
    )
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.stdout.decode().strip() == "set()", done.stderr.decode()


# People


@pytest.fixture(scope="module")
def people(shared, atlas):
    return read_tiles(shared / "human" / "tiles.csv", shared / "human" / "landmarks.csv", atlas)


def write_tiles(folder, canonical, weights):
    """Write data of two participants on one face: the canonical one, 224 x 275."""
    names = [f"tile{number}" for number in range(TILES)]
    rows = [
        {"participant": person, "face": "f", "expression": expression}
        | dict(zip(names, weights, strict=True))
        for person in "ab"
        for expression in EXPRESSIONS
    ]
    pd.DataFrame(rows).to_csv(folder / "tiles.csv", index=False)
    axes = [f"{axis}{number}" for number in range(1, 69) for axis in "xy"]
    points = pd.DataFrame([canonical.ravel()] * 6, columns=axes)
    points = points.assign(face="f", expression=EXPRESSIONS, width=WIDTH, height=HEIGHT)
    points.to_csv(folder / "landmarks.csv", index=False)
    return folder / "tiles.csv", folder / "landmarks.csv"


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
    for _ in range(40):
        truth = 20 * rng.standard_normal(TILES)
        shown = truth + 20 * rng.standard_normal((3, TILES))
        rows = pd.DataFrame(shown, columns=names).assign(participant="a", face=list("xyz"))
        rows = pd.concat([rows.assign(expression=name) for name in EXPRESSIONS])
        found = noise_ceiling(Tiles(rows, carried, 0), 1, splits=0).query("between == 'faces'")
        r, reliability = found[["r", "reliability"]].iloc[0]
        assert reliability == pytest.approx(3 * r / (1 + 2 * r))
        reached.append(np.corrcoef(truth, shown.mean(axis=0))[0, 1])
        expected.append(found["ceiling"].iloc[0])
        of_two.append(np.sqrt(2 * r / (1 + r)))
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


# Maps made elsewhere


def picture(path, image):
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, image) if path.suffix == ".npy" else Image.fromarray(image).save(path)


def test_maps_are_read_from_pictures_and_arrays(tmp_path):
    grey = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH)).astype(np.uint8)
    for number, image in enumerate((grey, np.dstack([grey] * 3), grey.astype(np.uint16) * 200)):
        picture(tmp_path / f"{number}.png", image)
        assert (
            read_map(tmp_path / f"{number}.png").tolist()
            == (grey * (200.0 if number == 2 else 1.0)).tolist()
        )
    picture(tmp_path / "a.npy", grey / 255)
    assert read_map(tmp_path / "a.npy") == pytest.approx(grey / 255)


FRAME = np.ones((HEIGHT, WIDTH))


@pytest.mark.parametrize(
    ("name", "image", "sentence"),
    [
        ("a.png", np.zeros((WIDTH, HEIGHT), np.uint8), "is 275 x 224; expected 224 wide and 275"),
        ("a.npy", np.zeros((2, HEIGHT, WIDTH)), "is 224 x 275 x 2; expected"),
        ("a.png", np.dstack([FRAME * 9, FRAME, FRAME]).astype(np.uint8), "is in colour"),
        ("a.npy", np.where(np.arange(WIDTH) < 2, np.nan, FRAME), "holds 550 undefined pixels"),
        ("a.npy", FRAME * -0.5, "holds negative values, down to -0.5"),
        ("a.npy", FRAME * 1j, "holds complex numbers"),
        ("a.npy", np.full((HEIGHT, WIDTH), "x"), "holds <U1; expected numbers"),
    ],
)
def test_a_bad_map_is_one_sentence(tmp_path, name, image, sentence):
    picture(tmp_path / name, image)
    with pytest.raises(UserError, match=sentence):
        read_map(tmp_path / name)


@pytest.mark.parametrize("name", ["a.png", "a.npy"])
def test_a_file_that_is_no_map_is_one_sentence(tmp_path, name):
    (tmp_path / name).write_text("no map")
    with pytest.raises(UserError, match="cannot be read as"):
        read_map(tmp_path / name)


def test_folders_of_maps_name_expressions_once(tmp_path):
    with pytest.raises(UserError, match="There is no folder"):
        find_maps(tmp_path / "absent")
    with pytest.raises(UserError, match="holds no map"):
        find_maps(tmp_path)
    picture(tmp_path / "fear.npy", FRAME)
    assert list(find_maps(tmp_path)) == ["fear"]
    picture(tmp_path / "fear.png", FRAME.astype(np.uint8))
    with pytest.raises(UserError, match=r"both fear\.npy and fear\.png"):
        find_maps(tmp_path)
    (tmp_path / "fear.png").rename(tmp_path / "angre.png")
    with pytest.raises(UserError, match=r"'angre'.*Did you mean 'anger'"):
        find_maps(tmp_path)


def test_networks_are_folders_in_a_folder(tmp_path):
    with pytest.raises(UserError, match="There is no folder"):
        find_networks(tmp_path / "absent")
    with pytest.raises(UserError, match="holds no folder"):
        find_networks(tmp_path)
    picture(tmp_path / "mine" / "anger.npy", FRAME)
    assert list(find_networks(tmp_path)) == ["mine"]


def test_missing_and_constant_heatmaps_are_said_and_stay_undefined(tmp_path, caplog):
    picture(tmp_path / "anger.npy", np.outer(np.arange(HEIGHT), np.ones(WIDTH)))
    picture(tmp_path / "disgust.npy", FRAME)
    maps = read_heatmaps(tmp_path)
    assert list(maps) == list(EXPRESSIONS)
    assert np.isnan(maps["fear"]).all()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 5
    assert any("has no heatmap of fear" in line for line in said)
    assert any("disgust.npy is constant" in line for line in said)


def test_a_reference_of_ones_own_has_all_six_and_tells_places_apart(tmp_path):
    gradient = np.outer(np.arange(HEIGHT), np.ones(WIDTH))
    for name in EXPRESSIONS[1:]:
        picture(tmp_path / f"{name}.npy", gradient)
    with pytest.raises(UserError, match="has no map of anger"):
        read_reference(tmp_path)
    picture(tmp_path / "anger.npy", FRAME)
    with pytest.raises(UserError, match="marks nothing, or everything, for anger"):
        read_reference(tmp_path)
    picture(tmp_path / "anger.npy", gradient)
    assert {image.dtype.name for image in read_reference(tmp_path).values()} == {"float32"}
    for name in EXPRESSIONS:
        picture(tmp_path / f"{name}.npy", (gradient > 99) * 255)
    assert {image.dtype.name for image in read_reference(tmp_path).values()} == {"bool"}
