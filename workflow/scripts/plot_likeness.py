import pandas as pd

from facsimile import EXPRESSIONS, logs
from facsimile.measure.likeness import among, linkage, support_of
from facsimile.measure.pretraining import read_origins
from facsimile.show.likeness import correlation_matrix, dendrogram, dendrogram_sheet, leaves
from facsimile.show.style import save

given, found, made = snakemake.params, snakemake.input, snakemake.output
logs.start(snakemake.log[0], "figures of likeness")

branches, names = pd.read_csv(found.branches), [*EXPRESSIONS, "all"]
tables = dict(zip(names, map(pd.read_csv, found.likeness), strict=True))
tables = {name: part[part["explainer"] == given.explainer] for name, part in tables.items()}
alone = {name: linkage(among(part, given.networks)) for name, part in tables.items()}
mixed = {name: linkage(part) for name, part in tables.items()}
origins = read_origins(given.origins, found.families, found.origins)
start = {name: origins[name].start if name in origins else "" for name in given.networks}
kinds = dict.fromkeys(tables["all"]["network"], "reference") | start
shares = support_of(branches, given.explainer, "networks")
for (name, tree), path in zip(alone.items(), made.dendrograms, strict=True):
    save(dendrogram(*tree, name, start, shares.get(name)), path)
save(dendrogram_sheet(alone, start, shares), made.sheet, made.pdf)
shares = support_of(branches, given.explainer, "networks and references")
save(dendrogram_sheet(mixed, kinds, shares), made.people)
save(correlation_matrix(tables["all"], leaves(mixed["all"])), made.matrix)
