import numpy as np

from facsimile import files, logs
from facsimile.atlas.canonical import read_landmarks
from facsimile.atlas.regions import draw_mask, read_regions

logs.start(snakemake.log[0], f"reference {snakemake.wildcards.reference}")

landmarks = read_landmarks(snakemake.input.canonical)
regions = read_regions(snakemake.input.regions)
for polygons, path in zip(regions.values(), snakemake.output, strict=True):
    with files.atomic(path) as draft:
        np.save(draft, draw_mask(polygons, landmarks))
