import numpy as np

from facsimile import EXPRESSIONS, files, logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.people import human_map, noise_ceiling, read_tiles

logs.start(snakemake.log[0], "reference human")

given = snakemake.params
atlas = Atlas.of(read_landmarks(snakemake.input.canonical))
tiles = read_tiles(given.tiles, given.landmarks, atlas)
for expression, path in zip(EXPRESSIONS, snakemake.output.maps, strict=True):
    with files.atomic(path) as draft:
        np.save(draft, human_map(tiles, expression))
with files.atomic(snakemake.output.ceiling) as draft:
    noise_ceiling(tiles, given.seed).to_csv(draft, index=False)
