import pandas as pd

from facsimile import logs
from facsimile.show.style import save
from facsimile.show.trust import trust_plot

logs.start(snakemake.log[0], "figure of trust")

save(trust_plot(pd.read_csv(snakemake.input.trust)), snakemake.output[0])
