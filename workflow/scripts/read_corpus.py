from facsimile import logs
from facsimile.faces.corpora import KINDS
from facsimile.faces.reading import CorpusFiles, read_corpus

name = snakemake.wildcards.corpus
logs.start(snakemake.log[0], name)

options = dict(snakemake.params.options)
records = KINDS[options.pop("kind")].records
if snakemake.input.action_units:
    options["action_units"] = snakemake.input.action_units
if snakemake.input.planted_units:
    options["planted_units"] = snakemake.input.planted_units
into = CorpusFiles(**dict(snakemake.output.items()))
read_corpus(name, records(**options), into, snakemake.threads)
