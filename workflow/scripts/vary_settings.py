from itertools import product

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS, files, logs
from facsimile.measure.sensitivity import conclusions, with_rankings

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], "conclusions under other settings")

keys = product(given.references, EXPRESSIONS)
references = dict(zip(keys, map(np.load, found.references), strict=True))
heatmaps = map(np.load, found.heatmaps)
tables = [
    conclusions(
        {name: dict(zip(EXPRESSIONS, heatmaps, strict=False)) for name in given.networks},
        references,
        given.thresholds,
    ).assign(**setting)
    for setting in given.settings
]
with files.atomic(snakemake.output[0]) as draft:
    with_rankings(pd.concat(tables, ignore_index=True)).to_csv(draft, index=False)
