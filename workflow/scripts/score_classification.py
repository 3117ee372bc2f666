import pandas as pd

from facsimile import files, logs
from facsimile.networks.classification import classification

logs.start(snakemake.log[0], "classification")

predictions = pd.concat(map(pd.read_csv, snakemake.input.predictions))
scores = predictions.groupby("network", sort=False).apply(classification)
with files.atomic(snakemake.output[0]) as draft:
    scores.reset_index("network").to_csv(draft, index=False)
