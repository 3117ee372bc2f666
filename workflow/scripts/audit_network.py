from facsimile import devices, files, logs
from facsimile.faces import dataset
from facsimile.faces.corpora import corpus_of
from facsimile.faces.inventory import unchanged
from facsimile.faces.reading import read_views
from facsimile.faces.views import View
from facsimile.networks.audit import EACH, Known, audit, crops_for
from facsimile.networks.classification import with_people
from facsimile.networks.finished import network_of

given, found, names = snakemake.params, snakemake.input, snakemake.wildcards
logs.start(snakemake.log[0], f"audit of {names.network} on {names.corpus}")
machine = devices.ready(given.machine)

row, tables = network_of(given.network), files.keyed(found.tables, "resources/{table}.")
faces = dataset.read(found.table[0])
faces = with_people(dataset.sample(faces, EACH, given.seed), faces)
views = {crop: View(crop, "rgb") for crop in crops_for(row)}
corpus = corpus_of(given.corpus)
how = list(faces["source"]), list(views.values()), given.alignment, snakemake.threads
with unchanged(names.corpus, corpus.files):
    pixels = dict(zip(views, read_views(corpus.records(tables), *how), strict=True))
known = Known(pixels, dataset.labels(faces), faces["person"].to_numpy())
with files.atomic(snakemake.output[0]) as draft:
    audit(row, known, **machine).to_csv(draft, index=False)
