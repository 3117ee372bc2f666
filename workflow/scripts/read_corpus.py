from facsimile import logs
from facsimile.faces.corpora import corpus_of
from facsimile.faces.reading import CorpusFiles, read_corpus
from facsimile.faces.views import View
from facsimile.files import keyed

name = snakemake.wildcards.corpus
logs.start(snakemake.log[0], name)

tables = keyed(snakemake.input.tables, "resources/{table}.")
records = corpus_of(snakemake.params.row).records(tables)
into = CorpusFiles(**dict(snakemake.output.items()))
view = View(**snakemake.params.view)
read_corpus(name, records, into, snakemake.params.alignment, snakemake.threads, view)
