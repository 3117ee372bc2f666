from facsimile import logs
from facsimile.faces.corpora import corpus_of
from facsimile.faces.inventory import unchanged
from facsimile.faces.reading import CorpusFiles, read_corpus
from facsimile.faces.views import View
from facsimile.files import keyed

name = snakemake.wildcards.corpus
logs.start(snakemake.log[0], name)

tables = keyed(snakemake.input.tables, "resources/{table}.")
corpus = corpus_of(snakemake.params.row)
into = CorpusFiles(**dict(snakemake.output.items()))
given = snakemake.params.alignment, snakemake.threads, corpus.people
with unchanged(name, corpus.files):
    read_corpus(name, corpus.records(tables), into, *given, View(**snakemake.params.view))
