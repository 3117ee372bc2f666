import pandas as pd

from facsimile import files, logs
from facsimile.faces.accounting import account
from facsimile.faces.dataset import read
from facsimile.faces.duplicates import find_duplicates

logs.start(snakemake.log[0], "accounting")

columns = ["id", "corpus", "subject", "expression", "sha256"]
faces = pd.concat([read(path, columns) for path in snakemake.input.tables])
tables = files.keyed(snakemake.input.excluded, "faces/{corpus}/")
excluded = pd.concat(read(path).assign(corpus=name) for name, path in tables.items())
with files.atomic(snakemake.output.accounting) as draft:
    account(faces, excluded).to_csv(draft, index=False)
with files.atomic(snakemake.output.duplicates) as draft:
    find_duplicates(faces).to_csv(draft, index=False)
