import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS, files, logs
from facsimile.measure.factors import all_tests, levels
from facsimile.measure.likeness import all_branches, over_expressions
from facsimile.measure.pretraining import read_origins

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], "trees")

likeness = dict(zip(EXPRESSIONS, map(pd.read_csv, found.likeness), strict=True))
likeness["all"] = over_expressions(list(likeness.values()), given.networks)
draws = dict(zip(EXPRESSIONS, map(np.load, found.draws), strict=True))
origins = read_origins(given.origins, found.families, found.origins)
for name, made in {
    "all": likeness["all"],
    "branches": all_branches(likeness, draws, given.networks),
    "tests": all_tests(likeness, given.networks, levels(origins), given.seed),
}.items():
    with files.atomic(snakemake.output[name]) as draft:
        made.to_csv(draft, index=False)
