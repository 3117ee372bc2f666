import numpy as np

from facsimile import logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.heatmaps import average
from facsimile.atlas.store import save_map
from facsimile.faces.dataset import gather, read, sample
from facsimile.files import keyed

logs.start(snakemake.log[0], "average face")

faces = sample(read(snakemake.input.folds), 100, snakemake.params.seed)
pixels = gather(faces, keyed(snakemake.input.faces, "faces/{corpus}/"))
landmarks = gather(faces, keyed(snakemake.input.landmarks, "faces/{corpus}/"))
atlas = Atlas.of(read_landmarks(snakemake.input.canonical))
mean = average(pixels, landmarks, np.zeros(len(faces), int), 1, atlas).pooled
save_map(mean, snakemake.output[0])
