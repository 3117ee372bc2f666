import pandas as pd

from facsimile import logs
from facsimile.show.sensitivity import conclusions_plot
from facsimile.show.style import save

logs.start(snakemake.log[0], "figure of sensitivity")

save(conclusions_plot(pd.read_csv(snakemake.input.sensitivity[0])), snakemake.output[0])
