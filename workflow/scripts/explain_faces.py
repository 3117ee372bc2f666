import pandas as pd

from facsimile import logs
from facsimile.explain.explainers import explainer_named
from facsimile.explain.explanations import Job, explain_faces
from facsimile.explain.forward import Forward
from facsimile.explain.pace import Pace
from facsimile.explain.selection import select
from facsimile.explain.trust import warn
from facsimile.faces.images import resize
from facsimile.faces.pool import gather, read
from facsimile.networks.evaluation import load
from facsimile.networks.training import Recipe

given, found, names = snakemake.params, snakemake.input, snakemake.wildcards
device, precision = given.machine["device"], given.inference["precision"]
logs.start(snakemake.log[0], f"{names.explainer} {names.network} {names.expression}")

recipe = Recipe(**given.recipe)
pace = Pace.best(pd.read_csv(found.pace)) if found.pace else Pace(given.inference["batch"])
predictions = pd.concat(map(pd.read_csv, found.predictions))
chosen = select(predictions, names.expression, given.faces, given.select, given.seed)
faces = read(found.folds).set_index("id").loc[chosen["id"]].reset_index()


def forward_of(fold):
    return Forward(load(recipe, found.weights[fold]), pace, device, precision)


def face_of(row):
    face = faces.iloc[[row]]
    pixels, superpixels = (
        gather(face, given.corpora, of) for of in (found.faces, found.superpixels)
    )
    return resize(pixels, recipe.input_size)[0], superpixels[0]


settings = explainer_named(names.explainer).Settings(**given.settings)
job = Job(
    names.network, names.expression, names.explainer, settings, forward_of, face_of, given.seed
)
explanations = explain_faces(job, faces, **given.machine)
warn(explanations, names.expression)
explanations.save(snakemake.output[0])
