from facsimile import devices, files, logs
from facsimile.explain.throughput import sweep
from facsimile.networks.evaluation import load
from facsimile.networks.recipe import Recipe
from facsimile.networks.reproducible import reproducible

given = snakemake.params
logs.start(snakemake.log[0], f"throughput of {snakemake.wildcards.network}")
devices.require(given.machine["device"])

recipe = Recipe(**given.recipe)
network = load(recipe, snakemake.input.weights[0])
with reproducible(0, **given.machine):
    table = sweep(network, recipe.input_size, given.machine["device"], given.precision)
with files.atomic(snakemake.output[0]) as draft:
    table.to_csv(draft, index=False)
