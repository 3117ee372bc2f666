import pandas as pd

from facsimile import EXPRESSIONS, logs
from facsimile.measure.likeness import linkage
from facsimile.show.charts import dendrogram, dendrogram_sheet
from facsimile.show.style import save

starts = snakemake.params.starts
logs.start(snakemake.log[0], "figures of likeness")

trees = {}
for expression, path in zip(EXPRESSIONS, snakemake.input.likeness, strict=True):
    table = pd.read_csv(path)
    trees[expression] = linkage(table[table["explainer"] == snakemake.wildcards.explainer])
for (expression, tree), path in zip(trees.items(), snakemake.output.dendrograms, strict=True):
    save(dendrogram(*tree, expression, starts), path)
save(dendrogram_sheet(trees, starts), snakemake.output.sheet, snakemake.output.pdf)
