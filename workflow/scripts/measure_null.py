from facsimile import logs
from facsimile.atlas.store import load_maps
from facsimile.faces.null import kinds_of
from facsimile.measure.null import measure_null

found, draws = snakemake.input, snakemake.params.draws
logs.start(snakemake.log[0], f"chance level of {snakemake.wildcards.explainer}")

heatmaps = load_maps(found.heatmaps, "/{expression}.")
references = load_maps(found.references, "references/{reference}/{expression}.")
measure_null(heatmaps, kinds_of(draws), references).save(snakemake.output[0])
