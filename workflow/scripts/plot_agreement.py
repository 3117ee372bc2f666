import pandas as pd

from facsimile import logs
from facsimile.show.agreement import agreement_plot
from facsimile.show.style import save

logs.start(snakemake.log[0], "figure of agreement")

table = pd.read_csv(snakemake.input.agreement)
rows = table["explainer"] == snakemake.params.explainer
rows &= table["reference"] == snakemake.wildcards.reference
save(agreement_plot(table[rows]), snakemake.output[0])
