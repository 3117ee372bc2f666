from itertools import product

import numpy as np

from facsimile import EXPRESSIONS, files, logs
from facsimile.explain.explanations import Explanations
from facsimile.measure.agreement import agreement_table

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], "agreement")

cells = list(product(given.explainers, given.networks, EXPRESSIONS))
masks = dict(
    zip(product(given.references, EXPRESSIONS), map(np.load, found.references), strict=True)
)
table = agreement_table(
    dict(zip(cells, map(np.load, found.heatmaps), strict=True)),
    dict(zip(cells, map(np.load, found.folds), strict=True)),
    {
        cell: len(Explanations.load(path).id)
        for cell, path in zip(cells, found.explanations, strict=True)
    },
    masks,
)
with files.atomic(snakemake.output[0]) as draft:
    table.to_csv(draft, index=False)
