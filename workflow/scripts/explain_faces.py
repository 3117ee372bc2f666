import pandas as pd

from facsimile import devices, logs, tables
from facsimile.explain.predictor import predictor_loader
from facsimile.explain.running import Job, explain_faces, face_loader
from facsimile.explain.selection import select
from facsimile.explain.trust import warn
from facsimile.faces import dataset
from facsimile.files import keyed
from facsimile.networks.finished import network_of
from facsimile.unfinished import finish, identity, unfinished

given, found, names = snakemake.params, snakemake.input, snakemake.wildcards
outputs = keyed(snakemake.output, "explanations/*/*/repeat{repeat}/{expression}.")
logs.start(snakemake.log[0], f"{names.explainer} {names.network}")
machine = devices.ready(given.machine)

network, row, seed = network_of(given.recipe), given.row, given.seed
weights, device = keyed(found.weights, "/repeat{repeat}/fold{fold}/"), machine["device"]
load_predictor = predictor_loader(network, weights, found.throughput, device, **given.inference)
patterns = ("faces/{corpus}/", "faces/{corpus}/superpixels/*/", "faces/{corpus}/{image}.")
images = map(keyed, (found.faces, found.superpixels, found.extras), patterns)
load_face = face_loader(dataset.read(found.table[0]), *images)
job = Job.of(names.network, network.input_size, row, load_predictor, load_face, seed)
predictions = job.covered(pd.concat(map(tables.read, found.predictions))).set_index("repeat")
chosen = {}
for repeat, expression in outputs:
    rows = predictions.loc[[int(repeat)]]
    chosen[int(repeat), expression] = select(rows, expression, row["faces"], row["select"], seed)
first, own = next(iter(outputs.values())), identity(dict(given.items()), found)
explained = explain_faces(job, chosen, state=unfinished(first, own), **machine)
for (repeat, expression), explanations in explained.items():
    warn(explanations, expression)
    explanations.save(outputs[str(repeat), expression])
finish(first)
