import pandas as pd

from facsimile import files, logs
from facsimile.show.tables import all_wide, latex

logs.start(snakemake.log[0], "wide tables")

table = pd.read_csv(snakemake.input.agreement)
with files.atomic(snakemake.output.csv) as draft:
    all_wide(table).to_csv(draft, index=False)
with files.atomic(snakemake.output.tex) as draft:
    draft.write_text(latex(table), encoding="utf-8")
