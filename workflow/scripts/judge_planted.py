import pandas as pd

from facsimile import files, logs
from facsimile.measure import planted

found = snakemake.input
logs.start(snakemake.log[0], "findings on planted evidence")

agreement, specificity, classification = (
    {name: pd.read_csv(path) for name, path in files.keyed(paths, "{condition}/").items()}
    for paths in (found.agreement, found.specificity, found.classification)
)
for name, table in {
    "findings": planted.findings(agreement, specificity, classification),
    "places": planted.places(agreement),
}.items():
    with files.atomic(snakemake.output[name]) as draft:
        table.to_csv(draft, index=False)
