import numpy as np

from facsimile import files, logs
from facsimile.atlas.canonical import read_landmarks
from facsimile.atlas.facs import ROLES, facs_regions, read_unit_regions, read_units
from facsimile.atlas.regions import draw_mask

logs.start(snakemake.log[0], f"reference {snakemake.wildcards.facs}")

landmarks = read_landmarks(snakemake.input.canonical)
regions = facs_regions(
    read_units(snakemake.input.units),
    read_unit_regions(snakemake.input.regions),
    ROLES[snakemake.wildcards.facs],
)
for polygons, path in zip(regions.values(), snakemake.output, strict=True):
    with files.atomic(path) as draft:
        np.save(draft, draw_mask(polygons, landmarks))
