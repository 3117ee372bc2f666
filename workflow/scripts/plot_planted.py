from itertools import product

import numpy as np

from facsimile import EXPRESSIONS, logs
from facsimile.show.planted import beside
from facsimile.show.style import save

found, looks = snakemake.input, snakemake.params.looks
logs.start(snakemake.log[0], f"figure of {snakemake.wildcards.corpus}")

heatmaps = dict(zip(product(looks, EXPRESSIONS), map(np.load, found.heatmaps), strict=True))
changes, regions = (
    dict(zip(EXPRESSIONS, map(np.load, paths), strict=True))
    for paths in (found.changes, found.regions)
)
save(beside(changes, regions, heatmaps, np.load(found.face)), snakemake.output[0])
