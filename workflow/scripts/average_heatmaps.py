import numpy as np

from facsimile import EXPRESSIONS, files, logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.heatmaps import CarriedFaces, average
from facsimile.explain.explanations import Explanations
from facsimile.faces.pool import gather, read

given, found, made = snakemake.params, snakemake.input, snakemake.output
logs.start(snakemake.log[0], f"{snakemake.wildcards.network} {' '.join(given.expressions)}")

table = read(found.folds).set_index("id")
atlas = Atlas.of(read_landmarks(found.canonical))
for row, expression in enumerate(given.expressions):
    explained = Explanations.load(found.explanations[row])
    faces = table.loc[explained.id].reset_index()
    superpixels = gather(faces, given.corpora, found.superpixels)
    heatmaps = average(
        explained.maps(EXPRESSIONS.index(expression), superpixels, given.contrast),
        gather(faces, given.corpora, found.landmarks),
        explained.fold,
        given.folds,
        atlas,
    )
    CarriedFaces.of(faces, heatmaps.faces).save(made.faces[row])
    with files.atomic(made.pooled[row]) as draft:
        np.save(draft, heatmaps.pooled)
    with files.atomic(made.folds[row]) as draft:
        np.save(draft, heatmaps.folds)
