import logging

from facsimile import devices, files, logs
from facsimile.faces.dataset import read_pool
from facsimile.faces.null import split_draws
from facsimile.networks import evaluation, training
from facsimile.networks.null import train_null
from facsimile.networks.recipe import Recipe

given, found, made = snakemake.params, snakemake.input, snakemake.output
logs.start(snakemake.log[0], f"networks that know nothing, {given.recipe['input_size']} pixels")
logging.getLogger(training.__name__).setLevel(logging.WARNING)  # no lines on epochs of so many
machine = devices.ready(given.machine)

seed, splits = given.split["seed"], split_draws(read_pool(found.tables), **given.split)
pixels = files.keyed(found.faces, "faces/{corpus}/")
networks, table = train_null(Recipe(**given.recipe), splits, pixels, seed, **machine)
evaluation.save(networks, made.weights)
with files.atomic(made.networks) as draft:
    table.to_csv(draft, index=False)
