"""What several tests need: published data, drawn faces, the canonical face, what is made up."""

import logging
import os
import sys
from pathlib import Path

# Small images and tables gain nothing from threads, and beside other tests lose much. Before NumPy
# is imported, since it asks once.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import settings

import made_up_agreement
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.errors import UserError
from facsimile.faces.synthetic import draw
from facsimile.settings.checking import check
from made_up_files import read, written

ROOT = Path(__file__).parents[1]

torch.set_num_threads(1)

# The same examples every time, and as long as a busy machine needs.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items):
    """Begin with files that run the workflow, then those with slow tests.

    At the end, processes wait for each other less.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (not hasattr(item.module, "finished"), item.path not in slow))


def of_the_process():
    """Return what one test can leave behind for the next."""
    log = logging.getLogger("facsimile")
    return {
        "log": (log.level, tuple(log.handlers), log.disabled),
        "excepthook": sys.excepthook,
        "folder": Path.cwd(),
        "threads": torch.get_num_threads(),
        "torch": (torch.get_default_dtype(), torch.are_deterministic_algorithms_enabled()),
    }


@pytest.fixture(autouse=True)
def leaves_the_process_as_it_was():
    """Refuse a test on whose coming first another would depend."""
    before = of_the_process()
    yield
    assert of_the_process() == before


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def shared():
    """Return the folder of published data beside the checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no folder `shared` with the published data beside the checkout")
    return folder


@pytest.fixture(scope="session")
def drawn_face():
    units = pd.read_csv(ROOT / "resources" / "action_units.csv")
    return draw(3, "happiness", 0, 7, units)


@pytest.fixture(scope="session")
def small_face():
    units = pd.read_csv(ROOT / "resources" / "action_units.csv")
    return draw(5, "surprise", 0, 7, units, size=160)


@pytest.fixture(scope="session")
def canonical(root):
    """Return the landmarks of the canonical face."""
    return read_landmarks(root / "resources" / "canonical_landmarks.csv")


@pytest.fixture(scope="session")
def atlas(canonical):
    return Atlas.of(canonical)


@pytest.fixture(scope="session")
def world():
    return made_up_agreement.world()


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def smallest():
    """Return the least that a study must say."""
    return {
        "corpora": {"drawn": {"kind": "synthetic"}, "photos": {"kind": "csv", "path": "faces.csv"}},
        "networks": {"weinet": {"input_size": 64}},
    }


@pytest.fixture
def checked(root, smallest):
    """Return a function that checks the smallest study with some changes."""
    return lambda **changes: check(smallest | changes, root)


@pytest.fixture
def reject(root, smallest):
    """Return a function that expects the smallest study with some changes to be refused."""

    def reject(*messages, **changes):
        with pytest.raises(UserError) as caught:
            check(smallest | changes, root)
        for message in messages:
            assert message in str(caught.value)
        return str(caught.value)

    return reject


@pytest.fixture
def table(tmp_path):
    """Return a function that reads a table: records and reasons, by source."""

    def table(content, **options):
        written(tmp_path, {"faces.csv": content})
        return read("csv", tmp_path / "faces.csv", **options)

    return table
