from facsimile import files, logs
from facsimile.atlas.references import reference_of
from facsimile.atlas.store import save_map

logs.start(snakemake.log[0], f"reference {snakemake.wildcards.reference}")

reference = reference_of(snakemake.params.row)
tables = files.keyed(snakemake.input.tables, "resources/{table}.")
maps = reference.draw(tables)
for expression, path in files.keyed(snakemake.output.maps, "/{expression}.").items():
    save_map(maps[expression], path)
with files.atomic(snakemake.output.ceiling) as draft:
    reference.ceiling(tables, snakemake.params.seed).to_csv(draft, index=False)
