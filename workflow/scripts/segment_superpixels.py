import numpy as np

from facsimile import files, logs
from facsimile.explain.superpixels import segment_all

logs.start(snakemake.log[0], f"superpixels {snakemake.wildcards.size}")

superpixels = segment_all(
    np.load(snakemake.input.faces, mmap_mode="r"),
    np.load(snakemake.input.landmarks, mmap_mode="r"),
    int(snakemake.wildcards.size),
    **snakemake.params.superpixels,
    processes=snakemake.threads,
)
with files.atomic(snakemake.output[0]) as draft:
    np.save(draft, superpixels)
