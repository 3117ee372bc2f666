import numpy as np

from facsimile import files, logs
from facsimile.faces.corpora.embedded import series
from facsimile.faces.embedded.evidence import aligned_evidence_of
from facsimile.faces.pool import read

logs.start(snakemake.log[0], snakemake.wildcards.corpus)

drawn = series(
    action_units=snakemake.input.action_units,
    planted_units=snakemake.input.planted_units,
    **snakemake.params.options,
)
sources = read(snakemake.input.faces, ["source"])["source"]
maps = aligned_evidence_of(map(drawn.sitting, sources), snakemake.threads)
with files.atomic(snakemake.output[0]) as draft:
    np.save(draft, maps)
