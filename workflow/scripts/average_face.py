import numpy as np

from facsimile import files, logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.heatmaps import average
from facsimile.faces.pool import gather, read, sample

logs.start(snakemake.log[0], "average face")

faces = sample(read(snakemake.input.folds), 100, snakemake.params.seed)
pixels = gather(faces, snakemake.params.corpora, snakemake.input.faces)
landmarks = gather(faces, snakemake.params.corpora, snakemake.input.landmarks)
atlas = Atlas.of(read_landmarks(snakemake.input.canonical))
mean = average(pixels, landmarks, np.zeros(len(faces), int), 1, atlas).pooled
with files.atomic(snakemake.output[0]) as draft:
    np.save(draft, mean)
