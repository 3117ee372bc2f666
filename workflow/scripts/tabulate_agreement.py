from facsimile import files, logs
from facsimile.atlas.store import load_maps
from facsimile.measure import cells, contrasts, overall, specificity
from facsimile.measure.agreement import Agreement
from facsimile.measure.null import NullLevel, null_of_networks
from facsimile.measure.pretraining import pretraining_table, read_origins
from facsimile.measure.table import Study, missed_in

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], "tables of agreement")

measured = files.keyed(found.measured, "agreement/{explainer}/{network}.")
null = files.keyed(found.null, "null/{explainer}/size{size}.")
study = Study.of(
    {cell: Agreement.load(path) for cell, path in measured.items()},
    load_maps(found.references, "references/{reference}/{expression}."),
    load_maps(found.rivals, "/{rival}."),
    null_of_networks({key: NullLevel.load(path) for key, path in null.items()}, given.sizes),
    given.primary,
    given.seed,
    missed_in(found.classification),
)
origins = read_origins(given.origins, found.families, found.origins)
for name, made in {
    "agreement": cells.agreement_table(study),
    "overall": overall.overall_table(study),
    "specificity": specificity.specificity_table(study),
    "contrasts": contrasts.contrasts_table(study),
    "cross_expression": cells.cross_expression_table(study),
    "pretraining": pretraining_table(study, origins),
}.items():
    with files.atomic(snakemake.output[name]) as draft:
        made.to_csv(draft, index=False)
