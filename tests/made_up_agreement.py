"""Agreement of made-up networks, of which it is known what they know."""

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.atlas.heatmaps import COARSE, CarriedFaces, coarsen
from facsimile.measure import bootstrap
from facsimile.measure.agreement import Yardstick, measure
from facsimile.measure.chance import placements
from facsimile.measure.null import measure_null
from facsimile.measure.table import Study

FRAME = (275, 224)
REPEATS = 3


def study_of(measured, references, rivals=None, null=None, primary=(None, None)):
    """Return a study of what was measured, with the seed 1."""
    return Study.of(measured, references, rivals or {}, null or {}, primary, 1)


def made(rng, knows, references, faces, weights, yardstick, lacks=()):
    """Return what is measured of a network that knows the regions more or less."""
    heatmaps, repeats, folds, carried = {}, {}, {}, {}
    for name in EXPRESSIONS:
        truth = knows * coarsen(references["own", name])
        maps = (truth + 3 * rng.random((len(faces), *COARSE))).astype(np.float32)
        fine = np.repeat(np.repeat(maps, 5, axis=1), 4, axis=2)
        sides = [faces["repeat"] == repeat for repeat in range(REPEATS)]
        repeats[name] = np.stack([fine[side].mean(axis=0) for side in sides])
        folds[name] = np.stack(
            [
                [fine[side & (faces["fold"] == fold)].mean(axis=0) for fold in (0, 1)]
                for side in sides
            ]
        )
        heatmaps[name] = repeats[name].mean(axis=0)
        carried[name] = CarriedFaces.of(faces, maps)
        if name in lacks:
            for maps in (heatmaps, repeats, folds):
                maps[name] = maps[name] * np.nan
            carried[name] = carried[name].only(np.empty(0, int))
    return measure(heatmaps, repeats, folds, carried, weights, yardstick, 1)


def world():
    """Return a study of a network that knows the regions of expressions, and one that does not."""
    rng = np.random.default_rng(3)
    references = {}
    for number, name in enumerate(EXPRESSIONS):
        mask = np.zeros(FRAME, bool)
        mask[40 * number + 10 : 40 * number + 50, 30 + 20 * number : 90 + 20 * number] = True
        references["own", name] = mask
        references["soft", name] = mask + 0.1
    people = pd.DataFrame({"id": [f"f{i}" for i in range(24)], "corpus": "c"})
    people["subject"] = [f"s{i // 2}" for i in range(24)]
    faces = pd.concat([people.assign(repeat=repeat) for repeat in range(REPEATS)])
    faces["fold"] = np.arange(len(faces)) // 12 % 2
    weights = bootstrap.draw_people(people, 40, 1)
    square = np.zeros((11, 14), bool)
    square[:10, 1:13] = True
    orders = placements(np.kron(square, np.ones((5, 4))) > 0, step=10)
    yardstick = Yardstick(references, orders)
    given = references, faces, weights, yardstick
    blind = made(rng, 0.0, *given, lacks=["fear"])
    measured = {}
    for explainer, knows in (("lime", 1.0), ("other", 0.3)):
        measured[explainer, "seer"] = made(rng, knows, *given)
        measured[explainer, "blind"] = blind
    nothing = {name: rng.random((12, *FRAME)) for name in EXPRESSIONS}
    null = measure_null(nothing, ["untrained"] * 6 + ["shuffled"] * 6, references)
    rivals = {"ones": np.ones(FRAME, bool), "center": np.outer(np.hanning(275), np.hanning(224))}
    return study_of(measured, references, rivals, dict.fromkeys(measured, null))


def cell(table, **wanted):
    """Return the rows of a table that have such values."""
    return table[(table[list(wanted)] == pd.Series(wanted)).all(axis=1)]
