import numpy as np

from facsimile import files, logs, tables
from facsimile.measure.factors import all_tests
from facsimile.measure.likeness import over_expressions
from facsimile.measure.pretraining import read_origins
from facsimile.measure.trees import all_branches

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], "dendrograms")

correlations = files.keyed(found.likeness, "likeness/{expression}.")
likeness = {name: tables.read(path) for name, path in correlations.items()}
likeness["all"] = over_expressions(list(likeness.values()), given.networks)
drawn = files.keyed(found.bootstrap, "bootstrap/{expression}.")
bootstrap = {name: np.load(path) for name, path in drawn.items()}
origins = read_origins(given.origins, found.families, found.origins)
for name, made in {
    "all": likeness["all"],
    "branches": all_branches(likeness, bootstrap, given.networks),
    "tests": all_tests(likeness, given.networks, origins, given.seed),
}.items():
    with files.atomic(snakemake.output[name]) as draft:
        made.to_csv(draft, index=False)
