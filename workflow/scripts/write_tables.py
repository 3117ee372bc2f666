from facsimile import files, logs
from facsimile.show.manifest import Inputs
from facsimile.show.tables import all_wide, latex

logs.start(snakemake.log[0], "wide tables")

inputs = Inputs(dict(snakemake.input.items()))
tables = [inputs.table_if_any(name) for name in ("agreement", "classification")]
with files.atomic(snakemake.output.csv) as draft:
    all_wide(*tables).to_csv(draft, index=False)
with files.atomic(snakemake.output.tex) as draft:
    draft.write_text(latex(*tables), encoding="utf-8")
