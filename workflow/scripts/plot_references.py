import numpy as np

from facsimile import EXPRESSIONS, logs
from facsimile.atlas.canonical import read_landmarks
from facsimile.show.figures import masks_sheet
from facsimile.show.style import save

logs.start(snakemake.log[0], "figure of masks")

masks = dict(zip(EXPRESSIONS, map(np.load, snakemake.input.masks), strict=True))
landmarks = read_landmarks(snakemake.input.canonical)
save(masks_sheet(masks, np.load(snakemake.input.face), landmarks), snakemake.output[0])
