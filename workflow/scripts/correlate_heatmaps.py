from itertools import product

import numpy as np

from facsimile import files, logs
from facsimile.measure.likeness import likeness_table

given = snakemake.params
logs.start(snakemake.log[0], f"likeness {snakemake.wildcards.expression}")

cells = product(given.explainers, given.networks)
table = likeness_table(dict(zip(cells, map(np.load, snakemake.input.heatmaps), strict=True)))
with files.atomic(snakemake.output[0]) as draft:
    table.to_csv(draft, index=False)
