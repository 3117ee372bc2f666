from facsimile import files, logs
from facsimile.atlas.store import load_maps
from facsimile.measure.sensitivity import sensitivity_table
from facsimile.measure.table import missed_in

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], "conclusions under other settings")

table = sensitivity_table(
    load_maps(found.heatmaps, "heatmaps/{explainer}/{network}/{expression}.", mapped=True),
    given.rows,
    load_maps(found.references, "references/{reference}/{expression}."),
    given.thresholds,
    missed_in([found.classification]),
)
with files.atomic(snakemake.output[0]) as draft:
    table.to_csv(draft, index=False)
