from itertools import product

import numpy as np

from facsimile import EXPRESSIONS, files, logs
from facsimile.measure import table
from facsimile.measure.agreement import Agreement
from facsimile.measure.pretraining import pretraining_table, read_origins

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], "tables of agreement")

cells, keys = product(given.explainers, given.networks), product(given.references, EXPRESSIONS)
study = table.Study.of(
    dict(zip(cells, map(Agreement.load, found.measured), strict=True)),
    EXPRESSIONS,
    dict(zip(keys, map(np.load, found.references), strict=True)),
    dict(zip(given.baselines, map(np.load, found.baselines), strict=True)),
)
origins = read_origins(given.origins, found.families, found.origins)
for name, made in {
    "agreement": table.agreement_table(study),
    "specificity": table.specificity_table(study),
    "crossed": table.crossed_table(study),
    "pretraining": pretraining_table(study, origins),
}.items():
    with files.atomic(snakemake.output[name]) as draft:
        made.to_csv(draft, index=False)
