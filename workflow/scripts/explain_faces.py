import pandas as pd

from facsimile import logs
from facsimile.explain import lime
from facsimile.explain.explanations import explain_faces
from facsimile.explain.selection import select
from facsimile.faces.images import resize
from facsimile.faces.pool import gather
from facsimile.networks.evaluation import load
from facsimile.networks.training import Recipe

given, network = snakemake.params, snakemake.wildcards.network
logs.start(snakemake.log[0], f"{network} {snakemake.wildcards.expression}")

recipe = Recipe(**given.recipe)
predictions = pd.concat(map(pd.read_csv, snakemake.input.predictions))
chosen = select(predictions, snakemake.wildcards.expression, given.faces, given.select, given.seed)
faces = pd.read_csv(snakemake.input.folds).set_index("id").loc[chosen["id"]].reset_index()
explanations = explain_faces(
    faces,
    resize(gather(faces, given.corpora, snakemake.input.faces), recipe.input_size),
    gather(faces, given.corpora, snakemake.input.superpixels),
    lambda fold: load(recipe, snakemake.input.weights[fold], given.machine["device"]),
    lime.Settings(**given.settings),
    given.seed,
    **given.machine,
)
explanations.save(snakemake.output[0])
