import pandas as pd

from facsimile import logs
from facsimile.show.agreement import specificity_plot
from facsimile.show.style import save

logs.start(snakemake.log[0], "figure of specificity")

wanted = {"explainer": snakemake.params.explainer, "reference": snakemake.wildcards.reference}
tables = (pd.read_csv(snakemake.input[name]) for name in ("specificity", "crossed"))
parts = (table[(table[list(wanted)] == pd.Series(wanted)).all(axis=1)] for table in tables)
save(specificity_plot(*parts), snakemake.output[0])
