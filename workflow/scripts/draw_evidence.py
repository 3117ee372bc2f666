import numpy as np
import pandas as pd

from facsimile import files, logs
from facsimile.faces.corpora.embedded import series
from facsimile.faces.embedded.evidence import aligned_evidence_of

logs.start(snakemake.log[0], snakemake.wildcards.corpus)

drawn = series(
    action_units=snakemake.input.action_units,
    planted_units=snakemake.input.planted_units,
    **snakemake.params.options,
)
sources = pd.read_csv(snakemake.input.faces)["source"]
maps = aligned_evidence_of(map(drawn.sitting, sources), snakemake.threads)
with files.atomic(snakemake.output[0]) as draft:
    np.save(draft, maps)
