import pandas as pd

from facsimile import logs
from facsimile.explain.explainers import explainer_named
from facsimile.explain.explanations import Job, explain_faces
from facsimile.explain.forward import Forward
from facsimile.explain.pace import Pace
from facsimile.explain.selection import select
from facsimile.explain.trust import warn
from facsimile.faces import pool
from facsimile.networks.evaluation import load
from facsimile.networks.training import Recipe

given, found, names = snakemake.params, snakemake.input, snakemake.wildcards
device, precision = given.machine["device"], given.inference["precision"]
logs.start(snakemake.log[0], f"{names.explainer} {names.network} {' '.join(given.expressions)}")

recipe = Recipe(**given.recipe)
pace = Pace.best(pd.read_csv(found.pace)) if found.pace else Pace(given.inference["batch"])
predictions = pd.concat(map(pd.read_csv, found.predictions))
settings = explainer_named(names.explainer).Settings(**given.settings)
images = [found.faces, found.superpixels, *([found.beneath] if found.beneath else [])]
face_of = pool.reader(pool.read(found.folds), given.corpora, *images)


def forward_of(fold):
    return Forward(load(recipe, found.weights[fold]), pace, device, precision)


for expression, path in zip(given.expressions, snakemake.output, strict=True):
    kind = (names.network, expression, names.explainer, settings)
    job = Job(*kind, forward_of, face_of, given.seed, given.hidden_by)
    chosen = select(predictions, expression, given.faces, given.select, given.seed)
    explanations = explain_faces(job, chosen, **given.machine)
    warn(explanations, expression)
    explanations.save(path)
