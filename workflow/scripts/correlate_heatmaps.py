from itertools import product

import numpy as np

from facsimile import files, logs
from facsimile.atlas.heatmaps import CarriedFaces
from facsimile.faces.pool import read
from facsimile.measure.intervals import draw_people
from facsimile.measure.likeness import drawn_likeness, likeness_table

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], f"likeness {snakemake.wildcards.expression}")

cells = list(product(given.explainers, given.networks))
heatmaps = dict(zip(cells, map(np.load, found.heatmaps), strict=True))
references = dict(zip(given.references, map(np.load, found.references), strict=True))
with files.atomic(snakemake.output.table) as draft:
    likeness_table(heatmaps, references).to_csv(draft, index=False)

faces = dict(zip(cells, map(CarriedFaces.load, found.faces), strict=False))
weights = draw_people(read(found.table), given.draws, given.seed) if found.table else None
with files.atomic(snakemake.output.draws) as draft:
    np.savez(draft, **drawn_likeness(given.explainers, faces, references, weights))
