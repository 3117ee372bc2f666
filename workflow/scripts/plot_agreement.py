import pandas as pd

from facsimile import logs
from facsimile.show.charts import agreement_plot
from facsimile.show.style import save

wanted = snakemake.wildcards
logs.start(snakemake.log[0], "figure of agreement")

table = pd.read_csv(snakemake.input.agreement)
rows = (table["explainer"] == wanted.explainer) & (table["reference"] == wanted.reference)
save(agreement_plot(table[rows]), snakemake.output[0])
