import pandas as pd

from facsimile import files, logs, tables
from facsimile.faces.dataset import read
from facsimile.networks.classification import classification, with_people

logs.start(snakemake.log[0], "classification")

(folds,) = snakemake.input.table
predictions = with_people(pd.concat(map(tables.read, snakemake.input.predictions)), read(folds))
for name, keys in {"networks": ["network"], "repeats": ["network", "repeat"]}.items():
    scores = predictions.groupby(keys, sort=False)[predictions.columns].apply(classification)
    with files.atomic(snakemake.output[name]) as draft:
        scores.reset_index(keys).to_csv(draft, index=False)
