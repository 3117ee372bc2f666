from itertools import product

import pandas as pd

from facsimile import EXPRESSIONS, files, logs
from facsimile.explain.explanations import Explanations
from facsimile.explain.trust import face_scores, summary

given = snakemake.params
logs.start(snakemake.log[0], "trust")

cells = product(given.explainers, given.networks, EXPRESSIONS)
rows = [
    dict(zip(("explainer", "network", "expression"), cell, strict=True))
    | summary(face_scores(Explanations.load(path), cell[-1]))
    for cell, path in zip(cells, snakemake.input.explanations, strict=True)
]
with files.atomic(snakemake.output[0]) as draft:
    pd.DataFrame(rows).to_csv(draft, index=False)
