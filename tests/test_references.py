"""References: kinds of them, and rivals that know nothing of expressions."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from facsimile import EXPRESSIONS
from facsimile.atlas.canonical import HEIGHT, WIDTH
from facsimile.atlas.facs import facs_regions, read_unit_regions, read_units
from facsimile.atlas.looks import motion, spread
from facsimile.atlas.people import TILES
from facsimile.atlas.polygons import read_regions
from facsimile.atlas.references import CEILING, reference_of
from facsimile.atlas.regions import draw_mask
from facsimile.atlas.rivals import LOOKS, rivals, rivals_of
from facsimile.errors import UserError
from made_up_files import write_tiles

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


# Kinds of references


@pytest.fixture(scope="module")
def project_tables(root):
    names = {"expression_units": "csv", "action_unit_regions": "yaml", "canonical_landmarks": "csv"}
    return {name: root / "resources" / f"{name}.{suffix}" for name, suffix in names.items()}


@pytest.mark.slow
def test_each_kind_of_reference_draws_what_its_row_says(root, shared, canonical, project_tables):
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
    units = read_units(project_tables["expression_units"])
    unit_regions = read_unit_regions(project_tables["action_unit_regions"])
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
