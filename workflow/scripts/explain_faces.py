import pandas as pd

from facsimile import logs
from facsimile.explain.predictor import predictor_loader
from facsimile.explain.running import Job, explain_faces, face_loader
from facsimile.explain.selection import select
from facsimile.explain.trust import warn
from facsimile.faces import dataset
from facsimile.files import keyed
from facsimile.networks.finished import network_of

given, found, names = snakemake.params, snakemake.input, snakemake.wildcards
outputs = keyed(snakemake.output, "explanations/*/*/repeat{repeat}/{expression}.")
logs.start(snakemake.log[0], f"{names.explainer} {names.network}")

network, row, seed = network_of(given.recipe), given.row, given.seed
weights, device = keyed(found.weights, "/repeat{repeat}/fold{fold}/"), given.machine["device"]
load_predictor = predictor_loader(network, weights, found.throughput, device, **given.inference)
pixels = keyed(found.faces, "faces/{corpus}/")
superpixels = keyed(found.superpixels, "faces/{corpus}/superpixels/*/")
extras = keyed(found.extras, "faces/{corpus}/{image}.")
load_face = face_loader(dataset.read(found.table[0]), pixels, superpixels, extras)
job = Job.of(names.network, network.input_size, row, load_predictor, load_face, seed)
predictions = pd.concat(map(pd.read_csv, found.predictions)).set_index("repeat")
chosen = {}
for repeat, expression in outputs:
    rows = predictions.loc[[int(repeat)]]
    chosen[int(repeat), expression] = select(rows, expression, row["faces"], row["select"], seed)
for (repeat, expression), explanations in explain_faces(job, chosen, **given.machine).items():
    warn(explanations, expression)
    explanations.save(outputs[str(repeat), expression])
