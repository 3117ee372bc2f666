import numpy as np

from facsimile import files, logs

logs.start(snakemake.log[0], snakemake.wildcards.corpus)

faces = np.load(snakemake.input.faces, mmap_mode="r")
means = np.array([face.mean() for face in faces]).round().astype(np.uint8)
with files.atomic(snakemake.output[0]) as draft:
    np.save(draft, np.broadcast_to(means[:, None, None], faces.shape))
