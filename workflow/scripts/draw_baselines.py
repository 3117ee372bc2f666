import numpy as np

from facsimile import files, logs
from facsimile.atlas.baselines import baseline
from facsimile.atlas.canonical import read_landmarks
from facsimile.atlas.regions import outline

logs.start(snakemake.log[0], "baselines")

landmarks = read_landmarks(snakemake.input.canonical)
for name, path in zip(snakemake.params.names, snakemake.output.baselines, strict=True):
    with files.atomic(path) as draft:
        np.save(draft, baseline(name, landmarks))
with files.atomic(snakemake.output.outline) as draft:
    np.save(draft, outline(landmarks))
