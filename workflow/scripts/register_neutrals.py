import numpy as np

from facsimile import files, logs
from facsimile.arrays import GrowingArray
from facsimile.faces import dataset
from facsimile.faces.corpora import corpus_of
from facsimile.faces.inventory import unchanged
from facsimile.faces.neutrals import neutrals_of, read_neutrals
from facsimile.faces.views import View

given, found, made = snakemake.params, snakemake.input, snakemake.output
name = snakemake.wildcards.corpus
logs.start(snakemake.log[0], name)

faces = dataset.read(found.table)
pixels, landmarks = (np.load(path, mmap_mode="r") for path in (found.faces, found.landmarks))
corpus, tables = corpus_of(given.row), files.keyed(found.tables, "resources/{table}.")
how = given.alignment, snakemake.threads, View(**given.view)
with unchanged(name, corpus.files):
    neutrals = read_neutrals(name, corpus.neutrals(tables), faces["subject"], *how)
sources = []
with (
    files.atomic(made.neutral) as draft,
    GrowingArray(draft, pixels.shape[1:], np.uint8) as array,
):
    for source, picture in neutrals_of(faces, pixels, landmarks, neutrals, snakemake.threads):
        sources.append(source)
        array.append(picture)
with files.atomic(made.table) as draft:
    faces[["id"]].assign(neutral=sources).to_csv(draft, index=False)
