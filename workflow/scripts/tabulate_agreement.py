from facsimile import files, logs
from facsimile.atlas.store import load_maps
from facsimile.measure import table
from facsimile.measure.agreement import Agreement
from facsimile.measure.pretraining import pretraining_table, read_origins

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], "tables of agreement")

measured = files.keyed(found.measured, "agreement/{explainer}/{network}.")
study = table.Study.of(
    {cell: Agreement.load(path) for cell, path in measured.items()},
    load_maps(found.references, "references/{reference}/{expression}."),
    load_maps(found.rivals, "/{rival}."),
)
origins = read_origins(given.origins, found.families, found.origins)
for name, made in {
    "agreement": table.agreement_table(study),
    "specificity": table.specificity_table(study),
    "cross_expression": table.cross_expression_table(study),
    "pretraining": pretraining_table(study, origins, given.seed),
}.items():
    with files.atomic(snakemake.output[name]) as draft:
        made.to_csv(draft, index=False)
