import pandas as pd

from facsimile import files, logs
from facsimile.measure import planted, use
from facsimile.measure.agreement import Agreement

found = snakemake.input
logs.start(snakemake.log[0], "findings on planted evidence")

tables = (
    {name: pd.read_csv(path) for name, path in files.keyed(paths, "{condition}/").items()}
    for paths in (found.agreement, found.overall, found.specificity)
)
used = files.keyed(found.used, "{condition}/used.")
follows = {name: use.follows(pd.read_csv(path)) for name, path in used.items()}
trained = files.keyed(found.classification, "{condition}/classification/")
accuracies = {name: pd.read_csv(path) for name, path in trained.items()}
cells = files.keyed(found.measured, "{condition}/agreement/{explainer}/{network}.")
measured = {cell: Agreement.load(path) for cell, path in cells.items()}
for name, table in {
    "findings": planted.findings(*tables, accuracies, follows),
    "places": planted.places(measured, snakemake.params.seed),
}.items():
    with files.atomic(snakemake.output[name]) as draft:
        table.to_csv(draft, index=False)
