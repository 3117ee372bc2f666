import pandas as pd

from facsimile import logs
from facsimile.show.agreement import pretraining_plot
from facsimile.show.style import save

logs.start(snakemake.log[0], "figure of pre-training")

table = pd.read_csv(snakemake.input.pretraining)
save(pretraining_plot(table[table["explainer"] == snakemake.params.explainer]), snakemake.output[0])
