import numpy as np

from facsimile import EXPRESSIONS, files, logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.heatmaps import CarriedFaces, average
from facsimile.explain.explanations import Explanations
from facsimile.faces.pool import gather, read

expression, given = snakemake.wildcards.expression, snakemake.params
logs.start(snakemake.log[0], f"{snakemake.wildcards.network} {expression}")

explained = Explanations.load(snakemake.input.explanations)
faces = read(snakemake.input.folds).set_index("id").loc[explained.id].reset_index()
superpixels = gather(faces, given.corpora, snakemake.input.superpixels)
heatmaps = average(
    explained.maps(EXPRESSIONS.index(expression), superpixels, given.contrast),
    gather(faces, given.corpora, snakemake.input.landmarks),
    explained.fold,
    given.folds,
    Atlas.of(read_landmarks(snakemake.input.canonical)),
)
CarriedFaces.of(faces, heatmaps.faces).save(snakemake.output.faces)
with files.atomic(snakemake.output.pooled) as draft:
    np.save(draft, heatmaps.pooled)
with files.atomic(snakemake.output.folds) as draft:
    np.save(draft, heatmaps.folds)
