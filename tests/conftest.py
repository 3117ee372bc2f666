"""What several tests need: the published data, one drawn face, its table of action units."""

import os
from pathlib import Path

# Small images and tables gain nothing from threads, and beside other tests lose much. Before NumPy
# is imported, since it asks once.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import pandas as pd
import pytest
import torch
from hypothesis import settings

from facsimile.faces.synthetic import draw

ROOT = Path(__file__).parents[1]

torch.set_num_threads(1)

# The same examples every time, and as long as a busy machine needs.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items):
    """Begin with files that have slow tests: at the end, processes wait for each other less."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


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
