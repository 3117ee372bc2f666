import numpy as np

from facsimile import files, logs
from facsimile.atlas.maps import read_heatmaps

logs.start(snakemake.log[0], f"heatmaps of {snakemake.wildcards.external}")

maps = read_heatmaps(snakemake.params.folder)
for image, path in zip(maps.values(), snakemake.output, strict=True):
    with files.atomic(path) as draft:
        np.save(draft, image)
