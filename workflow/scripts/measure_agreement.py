from itertools import product

import numpy as np

from facsimile import EXPRESSIONS, logs
from facsimile.atlas.heatmaps import CarriedFaces, coarsen
from facsimile.faces.pool import read
from facsimile.measure.agreement import Yardstick, measure
from facsimile.measure.chance import placements
from facsimile.measure.intervals import draw_people

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], f"agreement of {given.network}")

keys = product(given.references, EXPRESSIONS)
references = dict(zip(keys, map(np.load, found.references), strict=True))
measure(
    dict(zip(EXPRESSIONS, map(np.load, found.heatmaps), strict=True)),
    dict(zip(EXPRESSIONS, map(np.load, found.folds), strict=False)),
    dict(zip(EXPRESSIONS, map(CarriedFaces.load, found.faces), strict=False)),
    draw_people(read(found.table), given.draws, given.seed) if found.table else None,
    Yardstick(references, placements(coarsen(np.load(found.face)) >= 0.5)),
    given.absent,
).save(snakemake.output[0])
