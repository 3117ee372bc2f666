from itertools import product

import numpy as np

from facsimile import EXPRESSIONS, logs
from facsimile.show.figures import heatmap_sheet
from facsimile.show.style import save

logs.start(snakemake.log[0], "figure of heatmaps")

cells = product(snakemake.params.networks, EXPRESSIONS)
heatmaps = dict(zip(cells, map(np.load, snakemake.input.heatmaps), strict=True))
save(heatmap_sheet(heatmaps, np.load(snakemake.input.face)), *snakemake.output)
