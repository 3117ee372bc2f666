import json

import numpy as np

from facsimile import files, logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.explain.explanations import Explanations
from facsimile.faces.dataset import read
from facsimile.show.pictures import Sources, face_pictures, training_pictures

found, contrast = snakemake.input, snakemake.params.contrast
logs.start(snakemake.log[0], f"pictures of {snakemake.wildcards.network}")

sources = Sources(
    faces=files.keyed(found.faces, "faces/{corpus}/"),
    landmarks=files.keyed(found.landmarks, "faces/{corpus}/"),
    superpixels=files.keyed(found.superpixels, "faces/{corpus}/superpixels/*/") or None,
    mean_face=np.load(found.face),
    atlas=Atlas.of(read_landmarks(found.canonical)),
)
table, cells = read(found.table[0]), {}
explained = files.keyed(found.explanations, "/repeat{repeat}/{expression}.")
for expression, path in files.keyed(found.folds, "/{expression}.").items():
    some = [Explanations.load(at) for (_, name), at in explained.items() if name == expression]
    cells[expression] = {
        "trainings": training_pictures(np.load(path), sources),
        "faces": face_pictures(some, expression, table, sources, contrast),
    }
files.write_text(json.dumps(cells), snakemake.output[0])
