import pandas as pd

from facsimile import files, logs
from facsimile.faces.folds import assign_folds
from facsimile.faces.pool import pool

logs.start(snakemake.log[0], "folds")

# Subjects are names, even where they look like numbers.
tables = [pd.read_csv(path, dtype={"subject": str}) for path in snakemake.input.tables]
faces = assign_folds(pool(tables), snakemake.params.folds, snakemake.params.seed)
with files.atomic(snakemake.output[0]) as draft:
    faces.to_csv(draft, index=False)
