import pandas as pd

from facsimile import files, logs
from facsimile.measure import planted

found, given = snakemake.input, snakemake.params
logs.start(snakemake.log[0], "findings on planted evidence")


def by_planting(paths, each):
    tables = list(map(pd.read_csv, paths))
    starts = range(0, len(tables), each)
    joined = [pd.concat(tables[start : start + each], ignore_index=True) for start in starts]
    return dict(zip(given.plantings, joined, strict=True))


several = len(given.networks)
agreement = by_planting(found.agreement, several)
specificity = by_planting(found.specificity, several)
classification = by_planting(found.classification, 1)
for name, table in {
    "findings": planted.findings(agreement, specificity, classification),
    "places": planted.places(agreement),
}.items():
    with files.atomic(snakemake.output[name]) as draft:
        table.to_csv(draft, index=False)
