import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from facsimile import devices, files, logs
from facsimile.explain.explanations import Explanations
from facsimile.explain.predictor import predictor_loader
from facsimile.explain.use import ask, told
from facsimile.faces import dataset
from facsimile.faces.corpora import corpus_of
from facsimile.faces.synthetic.evidence import undone
from facsimile.networks.finished import network_of

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], "what networks use")
device = devices.ready(given.machine)["device"]

# A study with planted evidence is one of a single corpus.
(table,), (pixels,) = map(dataset.read, found.tables), found.faces
faces, rows = np.load(pixels, mmap_mode="r"), pd.Series(range(len(table)), table["id"])
key = "explanations/{explainer}/{network}/repeat{repeat}/{expression}."
paths = files.keyed(found.explanations, key)
explained = {keys: Explanations.load(path) for keys, path in paths.items()}
ids = sorted({face for one in explained.values() for face in one.id})
series = corpus_of(given.row).series(files.keyed(found.drawn, "resources/{table}."))
drawn = Parallel(n_jobs=snakemake.threads)(
    delayed(undone)(series.sitting(source), given.alignment, source)
    for source in table["source"].iloc[rows[ids]]
)
pictures = {face: (faces[rows[face]], units) for face, units in zip(ids, drawn, strict=True)}

weights = files.keyed(found.weights, "networks/{network}/repeat{repeat}/fold{fold}/")
cuts = files.keyed(found.superpixels, "/superpixels/{superpixels}/{size}.")
lines: list[dict] = []
for network, recipe in given.recipes.items():
    own = {key[1:]: path for key, path in weights.items() if key[0] == network}
    made = network_of(recipe)
    load_predictor = predictor_loader(made, own, [], device, **given.inference)
    some = {keys: one for keys, one in explained.items() if keys[1] == network}
    parts = [(keys[3], one) for keys, one in some.items()]
    answers = ask(parts, pictures, load_predictor, made.input_size)
    for (explainer, _, _, expression), one in some.items():
        cut = given.explainers[explainer]["superpixels"]
        labels = np.load(cuts[cut, str(made.input_size)], mmap_mode="r") if cut else ()
        own_labels = [labels[rows[face]] for face in one.id] if cut else []
        for row in told(one, expression, own_labels, pictures, answers):
            lines.append({"network": network, "explainer": explainer, **row})
with files.atomic(snakemake.output[0]) as draft:
    pd.DataFrame(lines).to_csv(draft, index=False)
