import numpy as np

from facsimile import files, logs
from facsimile.explain.superpixels import segment_all

size, processes = int(snakemake.wildcards.size), snakemake.threads
logs.start(snakemake.log[0], f"superpixels {size}")

faces = np.load(snakemake.input.faces, mmap_mode="r")
landmarks = np.load(snakemake.input.landmarks, mmap_mode="r")
with files.atomic(snakemake.output[0]) as draft:
    shape = (len(faces), size, size)
    labels = np.lib.format.open_memmap(draft, "w+", np.uint8, shape)
    segment_all(
        faces, landmarks, size, **snakemake.params.superpixels, processes=processes, labels=labels
    )
    labels.flush()
