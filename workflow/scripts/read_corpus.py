import numpy as np

from facsimile import files, logs
from facsimile.faces.corpora import READERS
from facsimile.faces.reading import read_corpus

name = snakemake.wildcards.corpus
logs.start(snakemake.log[0], name)

options = dict(snakemake.params.options)
reader = READERS[options.pop("kind")]
if snakemake.params.path:
    options["path"] = snakemake.params.path
if snakemake.input.action_units:
    options["action_units"] = snakemake.input.action_units
if snakemake.input.planted_units:
    options["planted_units"] = snakemake.input.planted_units
corpus = read_corpus(name, reader(**options), snakemake.threads)

with files.atomic(snakemake.output.pixels) as draft:
    np.save(draft, corpus.pixels)
with files.atomic(snakemake.output.landmarks) as draft:
    np.save(draft, corpus.landmarks)
with files.atomic(snakemake.output.excluded) as draft:
    corpus.excluded.to_csv(draft, index=False)
with files.atomic(snakemake.output.table) as draft:
    corpus.faces.to_csv(draft, index=False)
