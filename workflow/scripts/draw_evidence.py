from facsimile import logs
from facsimile.atlas.store import save_map
from facsimile.faces.corpora import corpus_of
from facsimile.faces.dataset import read
from facsimile.faces.synthetic.evidence import aligned_evidence_of
from facsimile.files import keyed

found, made = snakemake.input, snakemake.output
logs.start(snakemake.log[0], snakemake.wildcards.corpus)

series = corpus_of(snakemake.params.row).series(keyed(found.tables, "resources/{table}."))
sources = read(found.faces, ["source"])["source"]
sittings = ((source, series.sitting(source)) for source in sources)
alignment, threads = snakemake.params.alignment, snakemake.threads
evidence, neutralised = aligned_evidence_of(sittings, alignment, threads)
save_map(evidence, made.evidence)
save_map(neutralised, made.neutralised)
