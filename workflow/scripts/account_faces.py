import pandas as pd

from facsimile import files, logs
from facsimile.faces.accounting import account
from facsimile.faces.dataset import read, read_pool
from facsimile.faces.duplicates import find_duplicates
from facsimile.faces.leakage import leakage

logs.start(snakemake.log[0], "accounting")

faces = read_pool(snakemake.input.tables)
tables = files.keyed(snakemake.input.excluded, "faces/{corpus}/")
excluded = pd.concat(read(path).assign(corpus=name) for name, path in tables.items())
with files.atomic(snakemake.output.accounting) as draft:
    account(faces, excluded).to_csv(draft, index=False)
with files.atomic(snakemake.output.duplicates) as draft:
    find_duplicates(faces).to_csv(draft, index=False)
with files.atomic(snakemake.output.leakage) as draft:
    landmarks = files.keyed(snakemake.input.landmarks, "faces/{corpus}/")
    leakage(faces, landmarks).to_csv(draft, index=False)
