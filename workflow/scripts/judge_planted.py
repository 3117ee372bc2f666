import pandas as pd

from facsimile import files, logs
from facsimile.measure import planted

found, plantings = snakemake.input, snakemake.params.plantings
logs.start(snakemake.log[0], "findings on planted evidence")

agreement, specificity, classification = (
    dict(zip(plantings, map(pd.read_csv, found[name]), strict=True))
    for name in ("agreement", "specificity", "classification")
)
for name, table in {
    "findings": planted.findings(agreement, specificity, classification),
    "places": planted.places(agreement),
}.items():
    with files.atomic(snakemake.output[name]) as draft:
        table.to_csv(draft, index=False)
