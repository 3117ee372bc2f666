import numpy as np

from facsimile import files, logs
from facsimile.explain.segmentation import segment_all
from facsimile.explain.superpixels import superpixels_of

names, size, found = snakemake.wildcards, int(snakemake.wildcards.size), snakemake.input
logs.start(snakemake.log[0], f"{names.superpixels} of {names.corpus} at {size}")

faces, landmarks = (np.load(path, mmap_mode="r") for path in (found.faces, found.landmarks))
way = superpixels_of(snakemake.params.superpixels)
with files.atomic(snakemake.output[0]) as draft:
    labels = np.lib.format.open_memmap(draft, "w+", np.uint16, (len(faces), size, size))
    segment_all(faces, landmarks, size, way, processes=snakemake.threads, labels=labels)
    labels.flush()
