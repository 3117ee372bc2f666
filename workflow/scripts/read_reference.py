import numpy as np

from facsimile import files, logs
from facsimile.atlas.maps import read_reference

logs.start(snakemake.log[0], f"reference {snakemake.wildcards.given}")

maps = read_reference(snakemake.params.folder)
for image, path in zip(maps.values(), snakemake.output, strict=True):
    with files.atomic(path) as draft:
        np.save(draft, image)
