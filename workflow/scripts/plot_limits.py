import pandas as pd

from facsimile import logs
from facsimile.show.planted import limits
from facsimile.show.style import save

logs.start(snakemake.log[0], "figure of limits")

save(limits(pd.read_csv(snakemake.input.findings)), snakemake.output[0])
